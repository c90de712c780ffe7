//! The memory and the pipes that the loops in C use: a buffer of each thread's own, kept until the thread ends, and
//! pipes that Java has opened.

use std::cell::Cell;
use std::io;
use std::os::fd::BorrowedFd;

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use memmap2::MmapMut;
use nix::fcntl::{FcntlArg, fcntl};

use crate::error::answer;

/// `BUFFER_BYTES` of `c/baseline.c`.
const BUFFER_BYTES: usize = 256 * 1024;

/// The capacities in bytes that a pipe is asked for, one after the other. An unprivileged user gets at most 1 MiB,
/// and less if all of the user's pipes together hold more than `pipe-user-pages-soft` pages. See `pipe(7)`.
const CAPACITIES: [i32; 3] = [1 << 20, 1 << 18, 1 << 16];

thread_local! {
    static BUFFER: Cell<Option<MmapMut>> = const { Cell::new(None) };
}

/// Runs a loop with the thread's buffer, and answers what the loop answers.
pub fn with_buffer(run: impl FnOnce(&mut MmapMut) -> i64) -> io::Result<i64> {
    let mut buffer = match BUFFER.take() {
        Some(buffer) => buffer,
        None => MmapMut::map_anon(BUFFER_BYTES)?,
    };
    let moved = run(&mut buffer);
    BUFFER.set(Some(buffer));
    Ok(moved)
}

/// Makes a pipe as large as the user may have it, up to 1 MiB: its capacity in bytes, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_growPipe0(
    _env: EnvUnowned,
    _class: JClass,
    pipe: jint,
) -> jlong {
    // SAFETY: Java names a pipe that it has open, and keeps it open for the call.
    let pipe = unsafe { BorrowedFd::borrow_raw(pipe) };
    grow(pipe).map_or_else(|error| answer(&error), jlong::from)
}

/// Answers the capacity that the pipe has from now on, in bytes.
fn grow(pipe: BorrowedFd<'_>) -> io::Result<i32> {
    for capacity in CAPACITIES {
        if let Ok(granted) = fcntl(pipe, FcntlArg::F_SETPIPE_SZ(capacity)) {
            return Ok(granted);
        }
    }
    Ok(fcntl(pipe, FcntlArg::F_GETPIPE_SZ)?)
}
