//! The far end of a pipe whose near end is measured: a thread that empties or fills the pipe.
//!
//! The pipes of `java.nio` live in one process, so that no other process can take the far end, as
//! `sluice-peer` does for sockets. A native thread costs the transferring thread as little: the bytes
//! go through `splice`, without a copy, and the CPU time and the system calls are the thread's own.
//!
//! The thread moves the bytes that it was told, and ends. It ends sooner if the near end is closed, or
//! if nothing moves for longer than [`PATIENCE`]. The caller joins every thread.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::thread::{self, JoinHandle};

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::fcntl::{SpliceFFlags, splice};
use nix::poll::{PollFd, PollFlags, poll};

use crate::error::answer;

/// In milliseconds. A measured round lasts well under a second: a far end that waits this long was
/// forgotten.
const PATIENCE: u16 = 30_000;

const CHUNK: u64 = 1024 * 1024;

type FarEnd = JoinHandle<io::Result<()>>;

/// Starts a thread that takes `bytes` bytes out of a pipe and throws them away: the number that
/// [`join`](Java_dev_sluice_bench_fixture_PipeEnd_joinPipeEnd0) takes, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_fixture_PipeEnd_emptyPipe0(
    _env: EnvUnowned,
    _class: JClass,
    pipe: jint,
    bytes: jlong,
) -> jlong {
    start(pipe, move |pipe| {
        let nowhere = File::options().write(true).open("/dev/null")?;
        let left = bytes.try_into().map_err(io::Error::other)?;
        repeat(left, pipe.as_fd(), PollFlags::POLLIN, |length| {
            splice(&pipe, None, &nowhere, None, length, FLAGS)
        })
    })
}

/// Starts a thread that puts the first `region` bytes of a file into a pipe, `passes` times over:
/// the number that [`join`](Java_dev_sluice_bench_fixture_PipeEnd_joinPipeEnd0) takes, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_fixture_PipeEnd_fillPipe0(
    _env: EnvUnowned,
    _class: JClass,
    file: jint,
    pipe: jint,
    region: jlong,
    passes: jint,
) -> jlong {
    let file = match duplicate(file) {
        Ok(file) => file,
        Err(error) => return answer(&error),
    };
    start(pipe, move |pipe| {
        let region = region.try_into().map_err(io::Error::other)?;
        for _ in 0..passes {
            let mut offset = 0;
            repeat(region, pipe.as_fd(), PollFlags::POLLOUT, |length| {
                splice(&file, Some(&mut offset), &pipe, None, length, FLAGS)
            })?;
        }
        Ok(())
    })
}

/// Waits until a far end has ended: 0 if it moved all its bytes, or the `-errno` that ended it before.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_fixture_PipeEnd_joinPipeEnd0(
    _env: EnvUnowned,
    _class: JClass,
    far_end: jlong,
) -> jlong {
    // SAFETY: Java joins each far end that it started once, and does not use its number again.
    let far_end = unsafe { Box::from_raw(far_end as *mut FarEnd) };
    match far_end.join() {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => answer(&error),
        Err(_) => -jlong::from(libc::EIO),
    }
}

const FLAGS: SpliceFFlags = SpliceFFlags::SPLICE_F_MOVE.union(SpliceFFlags::SPLICE_F_NONBLOCK);

fn start(pipe: jint, work: impl FnOnce(OwnedFd) -> io::Result<()> + Send + 'static) -> jlong {
    let started = duplicate(pipe).and_then(|pipe| {
        thread::Builder::new()
            .name("pipe-end".into())
            .spawn(move || work(pipe))
    });
    started.map_or_else(
        |error| answer(&error),
        |far_end| Box::into_raw(Box::new(far_end)) as jlong,
    )
}

/// Makes a descriptor of the thread's own, because Java may close its channel while the thread runs.
fn duplicate(descriptor: jint) -> io::Result<OwnedFd> {
    // SAFETY: Java names a channel that it has open, and keeps it open for the call.
    unsafe { BorrowedFd::borrow_raw(descriptor) }.try_clone_to_owned()
}

/// Moves `left` bytes by calls that do not wait. Where the pipe is not ready, `poll` waits for it.
fn repeat(
    mut left: u64,
    pipe: BorrowedFd<'_>,
    readiness: PollFlags,
    mut call: impl FnMut(usize) -> nix::Result<usize>,
) -> io::Result<()> {
    while left > 0 {
        let length = usize::try_from(left.min(CHUNK)).map_err(io::Error::other)?;
        match call(length) {
            Ok(0) => return Err(Errno::ENODATA.into()),
            Ok(moved) => left -= moved as u64,
            Err(Errno::EAGAIN) => {
                if poll(&mut [PollFd::new(pipe, readiness)], PATIENCE)? == 0 {
                    return Err(Errno::ETIMEDOUT.into());
                }
            }
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}
