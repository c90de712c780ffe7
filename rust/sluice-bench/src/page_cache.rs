//! A file that is dropped from the page cache, so that its next reader has to go to the device.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
use nix::unistd::fsync;

use crate::error::answer;

/// 0 or `-errno`. Dirty pages are written first, for the kernel drops clean ones only
/// (`posix_fadvise(2)`).
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_dropFromCache0(
    _env: EnvUnowned,
    _class: JClass,
    file: jint,
) -> jlong {
    // SAFETY: Java names a file that it has open, and keeps it open for the call.
    let file = unsafe { BorrowedFd::borrow_raw(file) };
    drop_from_cache(file).map_or_else(|errno| answer(&io::Error::from(errno)), |()| 0)
}

fn drop_from_cache(file: impl AsFd) -> Result<(), Errno> {
    fsync(&file)?;
    posix_fadvise(&file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED)
}
