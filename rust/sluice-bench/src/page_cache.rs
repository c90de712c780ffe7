//! Drops a file from the page cache, so that the next read of the file has to go to the device.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use memmap2::MmapOptions;
use nix::errno::Errno;
use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
use nix::unistd::fsync;

use crate::error::answer;

/// The smallest page, in bytes, of the machines that this crate is built for. With larger pages, `mincore` writes
/// fewer bytes, and the rest are those of no page.
const SMALLEST_PAGE: usize = 4096;

/// Drops a file from the page cache: 0 or `-errno`. Dirty pages are written to the device first, because the kernel
/// drops clean pages only (`posix_fadvise(2)`).
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_PageCache_dropFromCache0(
    _env: EnvUnowned,
    _class: JClass,
    file: jint,
) -> jlong {
    // SAFETY: Java names a file that it has open, and keeps it open for the call.
    let file = unsafe { BorrowedFd::borrow_raw(file) };
    drop_from_cache(file).map_or_else(|errno| answer(&io::Error::from(errno)), |()| 0)
}

/// How many pages of a file are in the page cache, or `-errno` (`mincore(2)`).
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_PageCache_residentPages0(
    _env: EnvUnowned,
    _class: JClass,
    file: jint,
) -> jlong {
    // SAFETY: Java names a file that it has open, and keeps it open for the call.
    let file = unsafe { BorrowedFd::borrow_raw(file) };
    resident_pages(file).unwrap_or_else(|error| answer(&error))
}

fn resident_pages(file: BorrowedFd<'_>) -> io::Result<jlong> {
    let mapping = MmapOptions::new().map_raw_read_only(&file)?;
    let mut pages = vec![0_u8; mapping.len().div_ceil(SMALLEST_PAGE)];
    // SAFETY: the mapping has the length that is passed, and outlives the call. The call writes one byte for each
    // page.
    let answered = unsafe {
        libc::mincore(
            mapping.as_mut_ptr().cast(),
            mapping.len(),
            pages.as_mut_ptr(),
        )
    };
    if answered != 0 {
        return Err(io::Error::last_os_error());
    }
    let resident = pages.iter().filter(|page| **page & 1 == 1).count();
    jlong::try_from(resident).map_err(io::Error::other)
}

fn drop_from_cache(file: impl AsFd) -> Result<(), Errno> {
    fsync(&file)?;
    posix_fadvise(&file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED)
}
