//! The seccomp profile: a program for the kernel's classic BPF machine, which cannot be removed again.
//!
//! Source: `seccomp(2)`, the kernel's `Documentation/userspace-api/seccomp_filter.rst`.

use crate::names::Refusal;
use libc::{
    BPF_ABS, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO,
    sock_filter, sock_fprog,
};
use std::io::{Error, Result};

/// The offset of the call's number in `struct seccomp_data`.
const NUMBER: u32 = 0;

/// The offset of the architecture whose call it is. The numbers are those of this one: a 32-bit program of the same
/// processor has others.
const ARCHITECTURE: u32 = 4;

#[cfg(target_arch = "x86_64")]
const MACHINE: u16 = libc::EM_X86_64;
#[cfg(target_arch = "aarch64")]
const MACHINE: u16 = libc::EM_AARCH64;

/// This architecture, as `AUDIT_ARCH_*` of the kernel's `linux/audit.h`: the machine of ELF, 64 bits, little-endian.
const OURS: u32 = MACHINE as u32 | (1 << 31) | (1 << 30);

/// The offset of the low half of the second argument. The second argument of `ioctl(2)` has 32 bits.
const SECOND_ARGUMENT: u32 = 16 + 8;

/// Refuses these calls to this process, to the program that it becomes, and to the processes that it starts.
///
/// # Errors
/// `EINVAL`: the kernel has no seccomp. `EACCES` cannot come, because this function first gives up new privileges.
pub fn install(refusals: &[Refusal]) -> Result<()> {
    let mut program = program(refusals);
    let program = sock_fprog {
        len: u16::try_from(program.len()).map_err(Error::other)?,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: the call takes no pointer.
    check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) })?;
    // SAFETY: the kernel reads a `sock_fprog` and the instructions it points to. Both outlive the call.
    check(unsafe {
        libc::prctl(
            libc::PR_SET_SECCOMP,
            libc::SECCOMP_MODE_FILTER,
            &raw const program,
        )
    })
}

fn program(refusals: &[Refusal]) -> Vec<sock_filter> {
    let allow = answer(SECCOMP_RET_ALLOW);
    let mut program = vec![load(ARCHITECTURE), skip_if(OURS, 1), allow];
    for refusal in refusals {
        let refuse = answer(SECCOMP_RET_ERRNO | refusal.errno.unsigned_abs());
        program.push(load(NUMBER));
        match refusal
            .request
            .and_then(|request| u32::try_from(request).ok())
        {
            Some(request) => program.extend([
                skip_unless(number(refusal), 3),
                load(SECOND_ARGUMENT),
                skip_unless(request, 1),
                refuse,
            ]),
            None => program.extend([skip_unless(number(refusal), 1), refuse]),
        }
    }
    program.push(allow);
    program
}

fn number(refusal: &Refusal) -> u32 {
    u32::try_from(refusal.call).unwrap_or(u32::MAX)
}

fn load(offset: u32) -> sock_filter {
    instruction(BPF_LD | BPF_W | BPF_ABS, offset)
}

/// Skips the next instructions unless the loaded word is `value`.
fn skip_unless(value: u32, instructions: u8) -> sock_filter {
    sock_filter {
        jf: instructions,
        ..instruction(BPF_JMP | BPF_JEQ | BPF_K, value)
    }
}

/// Skips the next instructions if the loaded word is `value`.
fn skip_if(value: u32, instructions: u8) -> sock_filter {
    sock_filter {
        jt: instructions,
        ..instruction(BPF_JMP | BPF_JEQ | BPF_K, value)
    }
}

fn answer(value: u32) -> sock_filter {
    instruction(BPF_RET | BPF_K, value)
}

fn instruction(code: u32, k: u32) -> sock_filter {
    sock_filter {
        code: u16::try_from(code).unwrap_or(u16::MAX),
        jt: 0,
        jf: 0,
        k,
    }
}

fn check(result: libc::c_int) -> Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(Error::last_os_error())
    }
}
