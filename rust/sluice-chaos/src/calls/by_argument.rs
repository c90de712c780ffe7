//! Calls of which an argument decides whether and how they are bent.

#![allow(
    clippy::cast_possible_truncation,
    reason = "machine words, which have 64 bits wherever the library runs"
)]

use super::answer::Answer;
use crate::bend::{Bend, interrupted, set_errno};
use crate::readiness;
use crate::system_call::SystemCall;
use libc::{off_t, size_t, ssize_t};
use std::ffi::{c_int, c_long, c_uint, c_ulong, c_void};

pub(super) unsafe extern "C" fn copy_file_range(
    from: c_int,
    from_at: *mut off_t,
    to: c_int,
    to_at: *mut off_t,
    length: size_t,
    flags: c_uint,
) -> ssize_t {
    Bend::moving(SystemCall::CopyFileRange, &[from, to], length).run(|length| {
        // SAFETY: see `calls.rs`. By its number, since an older C library has no such function.
        let answer = unsafe {
            libc::syscall(
                libc::SYS_copy_file_range,
                from,
                from_at,
                to,
                to_at,
                length,
                flags,
            )
        };
        answer as ssize_t
    })
}

/// `syscall(2)`, of which `copy_file_range(2)` and `memfd_create(2)` are bent. It takes as many arguments as the longest call has, all of
/// which arrive as machine words whether the caller passed them or not.
pub(super) unsafe extern "C" fn syscall(
    number: c_long,
    a: c_ulong,
    b: c_ulong,
    c: c_ulong,
    d: c_ulong,
    e: c_ulong,
    f: c_ulong,
) -> c_long {
    let real = |length: c_ulong| {
        // SAFETY: see `calls.rs`.
        unsafe { libc::syscall(number, a, b, c, d, length, f) }
    };
    if number == libc::SYS_memfd_create {
        return Bend::late(SystemCall::MemfdCreate, &[]).run(|_| real(e) as ssize_t) as c_long;
    }
    if number != libc::SYS_copy_file_range {
        return real(e);
    }
    // A descriptor is the low half of its word.
    let fds = [a, c].map(|word| (word & 0xffff_ffff) as u32 as c_int);
    let asked = usize::try_from(e).unwrap_or(usize::MAX);
    Bend::moving(SystemCall::CopyFileRange, &fds, asked)
        .run(|length| real(length as c_ulong) as ssize_t) as c_long
}

/// `ioctl(2)`, of which `FICLONERANGE` alone is bent.
pub(super) unsafe extern "C" fn ioctl(fd: c_int, request: c_ulong, argument: c_ulong) -> c_int {
    let real = |_| {
        // SAFETY: see `calls.rs`.
        let answer = unsafe { libc::ioctl(fd, request as libc::Ioctl, argument) };
        answer as ssize_t
    };
    if request as libc::Ioctl == libc::FICLONERANGE {
        return Answer::of_word(Bend::late(SystemCall::Ficlonerange, &[fd]).run(real));
    }
    Answer::of_word(real(0))
}

/// A signal ends `poll(2)` only if nothing is ready.
pub(super) unsafe extern "C" fn poll(
    fds: *mut libc::pollfd,
    count: libc::nfds_t,
    timeout: c_int,
) -> c_int {
    let answer = Bend::late(SystemCall::Poll, &[]).run(|_| {
        if let Some(errno) = interrupted(|| {
            // SAFETY: see `calls.rs`.
            unsafe { libc::poll(fds, count, 0) }
        }) {
            set_errno(errno);
            return -1;
        }
        // SAFETY: see `calls.rs`.
        let answer = unsafe { libc::poll(fds, count, timeout) };
        if answer > 0 {
            // SAFETY: the kernel has just written as many entries.
            let polled =
                unsafe { std::slice::from_raw_parts(fds, usize::try_from(count).unwrap_or(0)) };
            let ready = polled.iter().filter(|one| one.revents != 0);
            ready.for_each(|one| readiness::note_ready(one.fd));
        }
        answer as ssize_t
    });
    Answer::of_word(answer)
}

pub(super) unsafe extern "C" fn mmap(
    address: *mut c_void,
    length: size_t,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    at: off_t,
) -> *mut c_void {
    let real = |_| {
        // SAFETY: see `calls.rs`.
        unsafe { libc::mmap(address, length, protection, flags, fd, at) }.expose_provenance()
            as ssize_t
    };
    // Memory without a file is never refused: the program would end.
    let answer = if fd < 0 {
        real(0)
    } else {
        Bend::late(SystemCall::Mmap, &[fd]).run(real)
    };
    std::ptr::with_exposed_provenance_mut(answer as usize)
}
