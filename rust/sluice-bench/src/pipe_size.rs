//! The sizes of pipes that Java opens.

use std::io;
use std::os::fd::BorrowedFd;

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::fcntl::{FcntlArg, fcntl};

use crate::error::answer;

/// The sizes that are asked for in turn, in bytes. An unprivileged user gets at most 1 MiB, and less when
/// all of the user's pipes together hold more than `pipe-user-pages-soft` pages. See `pipe(7)`.
const CAPACITIES: [i32; 3] = [1 << 20, 1 << 18, 1 << 16];

/// Widens a pipe as far as the user may have it, up to 1 MiB: its size in bytes or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_loop_OwnPipe_growPipe0(
    _env: EnvUnowned,
    _class: JClass,
    pipe: jint,
) -> jlong {
    // SAFETY: Java names a pipe that it has open, and keeps it open for the call.
    let pipe = unsafe { BorrowedFd::borrow_raw(pipe) };
    grow(pipe).map_or_else(|error| answer(&error), jlong::from)
}

/// The size that the pipe has from now on, in bytes.
fn grow(pipe: BorrowedFd<'_>) -> io::Result<i32> {
    for capacity in CAPACITIES {
        if let Ok(granted) = fcntl(pipe, FcntlArg::F_SETPIPE_SZ(capacity)) {
            return Ok(granted);
        }
    }
    Ok(fcntl(pipe, FcntlArg::F_GETPIPE_SZ)?)
}

/// Gives a pipe a size: the size in bytes that it has from then on, which the kernel rounds up, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_PipeSize_resize0(
    _env: EnvUnowned,
    _class: JClass,
    pipe: jint,
    bytes: jint,
) -> jlong {
    // SAFETY: Java names a pipe that it has open, and keeps it open for the call.
    let pipe = unsafe { BorrowedFd::borrow_raw(pipe) };
    fcntl(pipe, FcntlArg::F_SETPIPE_SZ(bytes))
        .map_or_else(|errno| answer(&errno.into()), jlong::from)
}

/// The size of a pipe in bytes, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_PipeSize_size0(
    _env: EnvUnowned,
    _class: JClass,
    pipe: jint,
) -> jlong {
    // SAFETY: Java names a pipe that it has open, and keeps it open for the call.
    let pipe = unsafe { BorrowedFd::borrow_raw(pipe) };
    fcntl(pipe, FcntlArg::F_GETPIPE_SZ).map_or_else(|errno| answer(&errno.into()), jlong::from)
}
