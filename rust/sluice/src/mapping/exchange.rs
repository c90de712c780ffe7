//! Compare and exchange in a mapping whose file may be truncated meanwhile.
//!
//! HotSpot makes an `InternalError` of a page that is not there, in what its compilers made and in most of its own natives,
//! but not in the natives by which the interpreter compares and exchanges: the SIGBUS ends the JVM there. No system call
//! exchanges values for us. So this is the one place where code of this crate touches the pages of a user's file: a few
//! instructions of assembly, around which a handler of SIGBUS stands that lets them answer "fault". Any other SIGBUS goes on to
//! the handler that was there before, with all that came with it.
//!
//! The handler is set by the first exchange and taken away by [`release`]. Where somebody has set another one over it by
//! then, the library has to stay.

use nix::libc::{self, c_int, c_void, siginfo_t};
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, PoisonError};

/// What became of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchanged {
    /// Another value is there.
    No = 0,
    /// It is done.
    Yes = 1,
    /// The page is not there.
    Fault = 2,
}

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
    fn sluice_exchange_4(address: usize, expected: u32, value: u32) -> c_int;
    fn sluice_exchange_8(address: usize, expected: u64, value: u64) -> c_int;
    static sluice_exchange_end: u8;
    static sluice_exchange_fault: u8;
}

/// Exchanges four bytes at an aligned address, with the order of sequential consistency. `None`: this cannot be had here, as
/// on another processor.
///
/// # Safety
/// The address lies in a mapping that stays meanwhile; the file may be truncated.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[must_use]
pub unsafe fn exchange_4(address: usize, expected: u32, value: u32) -> Option<Exchanged> {
    // SAFETY: by the caller; a page that is not there is answered by the handler.
    is_guarded().then(|| exchanged(unsafe { sluice_exchange_4(address, expected, value) }))
}

/// The same of eight bytes.
///
/// # Safety
/// As above.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[must_use]
pub unsafe fn exchange_8(address: usize, expected: u64, value: u64) -> Option<Exchanged> {
    // SAFETY: by the caller; a page that is not there is answered by the handler.
    is_guarded().then(|| exchanged(unsafe { sluice_exchange_8(address, expected, value) }))
}

/// There is no assembly for this processor.
///
/// # Safety
/// Nothing is done.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[must_use]
pub unsafe fn exchange_4(_address: usize, _expected: u32, _value: u32) -> Option<Exchanged> {
    None
}

/// There is no assembly for this processor.
///
/// # Safety
/// Nothing is done.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[must_use]
pub unsafe fn exchange_8(_address: usize, _expected: u64, _value: u64) -> Option<Exchanged> {
    None
}

fn exchanged(answer: c_int) -> Exchanged {
    match answer {
        0 => Exchanged::No,
        1 => Exchanged::Yes,
        _ => Exchanged::Fault,
    }
}

type Context = libc::ucontext_t;

/// What was there before, which lives as long as anybody may be in the handler: for ever.
static PREVIOUS: AtomicPtr<libc::sigaction> = AtomicPtr::new(null_mut());
static SETTING: Mutex<Option<bool>> = Mutex::new(None);

/// Whether a fault is answered.
fn is_guarded() -> bool {
    !PREVIOUS.load(Ordering::Acquire).is_null() || set()
}

fn set() -> bool {
    let mut setting = SETTING.lock().unwrap_or_else(PoisonError::into_inner);
    *setting.get_or_insert_with(|| !is_watched() && set_handler())
}

/// Whether the JVM was told to complain about handlers that are not its own, as by `-Xcheck:jni` without `libjsig`.
fn is_watched() -> bool {
    let told = |text: &[u8]| {
        [b"-Xcheck:jni".as_slice(), b"+CheckJNICalls"]
            .iter()
            .any(|option| text.windows(option.len()).any(|part| part == *option))
    };
    let by_command = std::fs::read("/proc/self/cmdline").is_ok_and(|line| told(&line));
    let by_environment = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"]
        .iter()
        .filter_map(std::env::var_os)
        .any(|value| told(value.as_encoded_bytes()));
    // SAFETY: it looks for a name among the libraries that are loaded.
    let chains =
        !unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"JVM_get_signal_action".as_ptr()) }.is_null();
    (by_command || by_environment) && !chains
}

fn action() -> Option<libc::sigaction> {
    let mut now = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: nothing is set, and the kernel fills what it is given.
    let answer = unsafe { libc::sigaction(libc::SIGBUS, null_mut(), now.as_mut_ptr()) };
    // SAFETY: it was zeroed, which is a `sigaction`, and then filled.
    (answer == 0).then(|| unsafe { now.assume_init() })
}

fn set_handler() -> bool {
    let Some(previous) = action() else {
        return false;
    };
    let mut own = previous;
    own.sa_sigaction = handler();
    own.sa_flags |= libc::SA_SIGINFO | libc::SA_ONSTACK;
    PREVIOUS.store(Box::into_raw(Box::new(previous)), Ordering::Release);
    // SAFETY: the handler goes on to what was there before for all faults but its own.
    let answer = unsafe { libc::sigaction(libc::SIGBUS, &raw const own, null_mut()) };
    if answer != 0 {
        PREVIOUS.store(null_mut(), Ordering::Release);
    }
    answer == 0
}

fn handler() -> libc::sighandler_t {
    let handler: extern "C" fn(c_int, *mut siginfo_t, *mut c_void) = on_fault;
    handler as libc::sighandler_t
}

/// Nothing but loads, compares and one store: what a handler may do.
extern "C" fn on_fault(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel passes the context of the thread that the signal interrupted.
    if unsafe { context.cast::<Context>().as_mut() }.is_some_and(leads_on) {
        return;
    }
    // SAFETY: it is never freed while the handler is set.
    let Some(previous) = (unsafe { PREVIOUS.load(Ordering::Acquire).as_ref() }) else {
        return;
    };
    match previous.sa_sigaction {
        libc::SIG_DFL | libc::SIG_IGN => {
            // The instruction is made again, and ends the process as it would have.
            // SAFETY: it was there before.
            unsafe { libc::sigaction(signal, previous, null_mut()) };
        }
        handler if previous.sa_flags & libc::SA_SIGINFO != 0 => {
            // SAFETY: whoever set it said that it is such a function.
            let handler: extern "C" fn(c_int, *mut siginfo_t, *mut c_void) =
                unsafe { std::mem::transmute(handler) };
            handler(signal, info, context);
        }
        handler => {
            // SAFETY: whoever set it said that it is such a function.
            let handler: extern "C" fn(c_int) = unsafe { std::mem::transmute(handler) };
            handler(signal);
        }
    }
}

/// Has an exchange that faulted answer so.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn leads_on(context: &mut Context) -> bool {
    let begin = sluice_exchange_4 as *const () as usize;
    let end = (&raw const sluice_exchange_end).addr();
    let fault = (&raw const sluice_exchange_fault).addr();
    let at = instruction(context);
    let is_ours = usize::try_from(*at).is_ok_and(|at| (begin..end).contains(&at));
    if is_ours {
        *at = fault as _;
    }
    is_ours
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn leads_on(_context: &mut Context) -> bool {
    false
}

#[cfg(target_arch = "x86_64")]
fn instruction(context: &mut Context) -> &mut libc::greg_t {
    &mut context.uc_mcontext.gregs[libc::REG_RIP as usize]
}

#[cfg(target_arch = "aarch64")]
fn instruction(context: &mut Context) -> &mut libc::c_ulonglong {
    &mut context.uc_mcontext.pc
}

/// Takes the handler away. Where another one lies over it, the library is kept loaded for ever instead.
pub(crate) fn release() {
    let mut setting = SETTING.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: it is never freed while the handler is set.
    let Some(previous) = (unsafe { PREVIOUS.load(Ordering::Acquire).as_ref() }) else {
        return;
    };
    if action().is_some_and(|now| now.sa_sigaction == handler()) {
        // SAFETY: it was there before.
        unsafe { libc::sigaction(libc::SIGBUS, previous, null_mut()) };
        // A thread may be in the handler still, and read it: it is not freed.
        PREVIOUS.store(null_mut(), Ordering::Release);
        *setting = None;
    } else {
        stay();
    }
}

fn stay() {
    let mut about = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: the address is that of a function of this library.
    if unsafe { libc::dladdr(on_fault as *const c_void, about.as_mut_ptr()) } != 0 {
        let how = libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE;
        // SAFETY: the call succeeded, so that there is a name; the library is loaded already.
        unsafe { libc::dlopen(about.assume_init().dli_fname, how) };
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MapRequest, Mapping, Protection};
    use super::*;
    use std::os::fd::AsFd;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn values_are_exchanged_and_a_truncated_file_is_a_fault() {
        let file = tempfile::tempfile().expect("a file");
        file.set_len(8192).expect("long");
        let how = MapRequest {
            offset: 0,
            length: 8192,
            protection: Protection::ReadWrite,
            populate: false,
            no_reserve: false,
            synchronous: false,
        };
        let mapping = Mapping::map(file.as_fd(), how).expect("mapped");
        let at = mapping.address();
        // SAFETY: both lie in the mapping.
        let four = |offset, old, new| unsafe { exchange_4(at + offset, old, new) };
        // SAFETY: as above.
        let eight = |offset, old, new| unsafe { exchange_8(at + offset, old, new) };
        if four(0, 0, 7).is_none() {
            return;
        }
        assert_eq!(four(0, 7, 8), Some(Exchanged::Yes));
        assert_eq!(four(0, 7, 9), Some(Exchanged::No));
        assert_eq!(eight(4096, 0, u64::MAX), Some(Exchanged::Yes));
        assert_eq!(eight(4096, 0, 1), Some(Exchanged::No));
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..300 {
                    file.set_len(4096).expect("short");
                    file.set_len(8192).expect("long");
                }
                is_over.store(true, Ordering::Relaxed);
            });
            let mut value = 0;
            while !is_over.load(Ordering::Relaxed) {
                match eight(4096, value, value + 1) {
                    Some(Exchanged::Yes) => value += 1,
                    _ => value = 0,
                }
            }
        });
        file.set_len(4096).expect("short");
        assert_eq!(eight(4096, 0, 1), Some(Exchanged::Fault));
        assert_eq!(four(4100, 0, 1), Some(Exchanged::Fault));
        assert_eq!(four(0, 8, 9), Some(Exchanged::Yes));
    }
}
