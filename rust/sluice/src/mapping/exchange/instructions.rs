//! The instructions that compare and exchange. What they answer is the number of an `Exchanged`.

use nix::libc::c_int;

#[cfg(target_arch = "x86_64")]
std::arch::global_asm!(
    ".pushsection .text.sluice_exchange, \"ax\", @progbits",
    ".balign 16",
    ".hidden sluice_exchange_4",
    ".hidden sluice_exchange_8",
    ".hidden sluice_exchange_end",
    ".hidden sluice_exchange_fault",
    ".globl sluice_exchange_4",
    ".globl sluice_exchange_8",
    ".globl sluice_exchange_end",
    ".globl sluice_exchange_fault",
    ".type sluice_exchange_4, @function",
    ".type sluice_exchange_8, @function",
    "sluice_exchange_4:",
    "mov eax, esi",
    "lock cmpxchg dword ptr [rdi], edx",
    "sete al",
    "movzx eax, al",
    "ret",
    "sluice_exchange_8:",
    "mov rax, rsi",
    "lock cmpxchg qword ptr [rdi], rdx",
    "sete al",
    "movzx eax, al",
    "ret",
    "sluice_exchange_end:",
    "sluice_exchange_fault:",
    "mov eax, 2",
    "ret",
    ".popsection",
);

#[cfg(target_arch = "aarch64")]
std::arch::global_asm!(
    ".pushsection .text.sluice_exchange, \"ax\", @progbits",
    ".balign 16",
    ".hidden sluice_exchange_4",
    ".hidden sluice_exchange_8",
    ".hidden sluice_exchange_end",
    ".hidden sluice_exchange_fault",
    ".globl sluice_exchange_4",
    ".globl sluice_exchange_8",
    ".globl sluice_exchange_end",
    ".globl sluice_exchange_fault",
    ".type sluice_exchange_4, %function",
    ".type sluice_exchange_8, %function",
    "sluice_exchange_4:",
    "dmb ish",
    "1: ldaxr w3, [x0]",
    "cmp w3, w1",
    "b.ne 3f",
    "stlxr w4, w2, [x0]",
    "cbnz w4, 1b",
    "b 4f",
    "sluice_exchange_8:",
    "dmb ish",
    "2: ldaxr x3, [x0]",
    "cmp x3, x1",
    "b.ne 3f",
    "stlxr w4, x2, [x0]",
    "cbnz w4, 2b",
    "b 4f",
    "3: clrex",
    "dmb ish",
    "mov w0, #0",
    "ret",
    "4: dmb ish",
    "mov w0, #1",
    "ret",
    "sluice_exchange_end:",
    "sluice_exchange_fault:",
    "mov w0, #2",
    "ret",
    ".popsection",
);

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
unsafe extern "C" {
    pub(super) fn sluice_exchange_4(address: usize, expected: u32, value: u32) -> c_int;
    pub(super) fn sluice_exchange_8(address: usize, expected: u64, value: u64) -> c_int;
    pub(super) static sluice_exchange_end: u8;
    pub(super) static sluice_exchange_fault: u8;
}
