//! The far end of a pipe whose near end is measured: a thread that empties or fills the pipe.
//!
//! The pipes of `java.nio` live in one process, so that no other process can take the far end, as
//! `sluice-peer` does for sockets. A native thread costs the transferring thread as little: its CPU time and its
//! system calls are its own. As the peer, it reads into user memory and writes from user memory, or it moves pages by
//! `splice`, without a copy.
//!
//! The thread moves the bytes that it was told, and ends. It ends sooner if the near end is closed. The caller joins
//! every thread.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::BorrowedFd;
use std::slice;
use std::thread::{self, JoinHandle};

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JByteBuffer, JClass};
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::fcntl::{SpliceFFlags, splice};

use crate::affinity::run_on;
use crate::cpu_time;
use crate::error::answer;

/// What one `read` or `write` asks for.
const BUFFER_BYTES: usize = 256 * 1024;

/// What one `splice` asks for.
const CHUNK: u64 = 1024 * 1024;

/// A thread that answers the CPU time that it took, in nanoseconds.
type FarEnd = JoinHandle<io::Result<i64>>;

/// Starts a thread that reads `bytes` bytes out of a pipe: the number that
/// [`join`](Java_dev_sluice_bench_fixture_PipeEnd_join0) takes, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_fixture_PipeEnd_read0(
    _env: EnvUnowned,
    _class: JClass,
    pipe: jint,
    bytes: jlong,
    cpu: jint,
) -> jlong {
    start(pipe, cpu, move |mut pipe| {
        let mut buffer = vec![0_u8; BUFFER_BYTES];
        repeat(bytes, |left| {
            let length = usize::try_from(left).map_or(BUFFER_BYTES, |left| left.min(BUFFER_BYTES));
            pipe.read(&mut buffer[..length])
        })
    })
}

/// Starts a thread that splices `bytes` bytes out of a pipe and throws them away: as [`read0`](Java_dev_sluice_bench_fixture_PipeEnd_read0).
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_fixture_PipeEnd_takePages0(
    _env: EnvUnowned,
    _class: JClass,
    pipe: jint,
    bytes: jlong,
    cpu: jint,
) -> jlong {
    start(pipe, cpu, move |pipe| {
        let nowhere = File::options().write(true).open("/dev/null")?;
        repeat(bytes, |left| {
            Ok(splice(
                &pipe,
                None,
                &nowhere,
                None,
                chunk(left),
                SpliceFFlags::SPLICE_F_MOVE,
            )?)
        })
    })
}

/// Starts a thread that writes the content of a direct buffer into a pipe, `passes` times over: as
/// [`read0`](Java_dev_sluice_bench_fixture_PipeEnd_read0). The buffer has to stay reachable until the thread is joined.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_fixture_PipeEnd_write0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    content: JByteBuffer<'local>,
    pipe: jint,
    passes: jint,
    cpu: jint,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<_> {
        let address = env.get_direct_buffer_address(&content)?;
        let length = env.get_direct_buffer_capacity(&content)?;
        // SAFETY: the memory is the buffer's. Java keeps the buffer until the thread is joined, and nothing writes
        // into the buffer meanwhile.
        let content: &'static [u8] = unsafe { slice::from_raw_parts(address, length) };
        Ok(start(pipe, cpu, move |mut pipe| {
            for _ in 0..passes {
                for piece in content.chunks(BUFFER_BYTES) {
                    pipe.write_all(piece)?;
                }
            }
            Ok(())
        }))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// Starts a thread that splices the first `region` bytes of a file into a pipe, `passes` times over: as
/// [`read0`](Java_dev_sluice_bench_fixture_PipeEnd_read0).
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_fixture_PipeEnd_givePages0(
    _env: EnvUnowned,
    _class: JClass,
    file: jint,
    pipe: jint,
    region: jlong,
    passes: jint,
    cpu: jint,
) -> jlong {
    let file = match duplicate(file) {
        Ok(file) => file,
        Err(error) => return answer(&error),
    };
    start(pipe, cpu, move |pipe| {
        for _ in 0..passes {
            let mut offset = 0;
            repeat(region, |left| {
                Ok(splice(
                    &file,
                    Some(&mut offset),
                    &pipe,
                    None,
                    chunk(left),
                    SpliceFFlags::SPLICE_F_MOVE,
                )?)
            })?;
        }
        Ok(())
    })
}

/// Waits until a far end has ended: its CPU time in nanoseconds if it moved all its bytes, or the `-errno` that ended
/// it before.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_fixture_PipeEnd_join0(
    _env: EnvUnowned,
    _class: JClass,
    far_end: jlong,
) -> jlong {
    // SAFETY: Java joins each far end that it started once, and does not use its number again.
    let far_end = unsafe { Box::from_raw(far_end as *mut FarEnd) };
    match far_end.join() {
        Ok(Ok(nanos)) => nanos,
        Ok(Err(error)) => answer(&error),
        Err(_) => -jlong::from(libc::EIO),
    }
}

/// Starts a thread that works on a pipe.
///
/// `cpu` is the processor that the thread runs on. A negative number leaves that to the scheduler.
fn start(
    pipe: jint,
    cpu: jint,
    work: impl FnOnce(File) -> io::Result<()> + Send + 'static,
) -> jlong {
    let started = duplicate(pipe).and_then(|pipe| {
        thread::Builder::new()
            .name("pipe-end".into())
            .spawn(move || {
                if let Ok(cpu) = usize::try_from(cpu) {
                    run_on([cpu])?;
                }
                work(pipe).map(|()| cpu_time::of_thread())
            })
    });
    started.map_or_else(
        |error| answer(&error),
        |far_end| Box::into_raw(Box::new(far_end)) as jlong,
    )
}

/// Makes a descriptor of the thread's own, because Java may close its channel while the thread runs.
fn duplicate(descriptor: jint) -> io::Result<File> {
    // SAFETY: Java names a channel that it has open, and keeps it open for the call.
    let descriptor = unsafe { BorrowedFd::borrow_raw(descriptor) };
    descriptor.try_clone_to_owned().map(File::from)
}

/// Moves so many bytes by calls that answer how many they moved.
fn repeat(bytes: jlong, mut call: impl FnMut(u64) -> io::Result<usize>) -> io::Result<()> {
    let mut left = u64::try_from(bytes).map_err(io::Error::other)?;
    while left > 0 {
        match call(left) {
            Ok(0) => return Err(Errno::ENODATA.into()),
            Ok(moved) => left -= moved as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn chunk(left: u64) -> usize {
    usize::try_from(left.min(CHUNK)).unwrap_or(usize::MAX)
}
