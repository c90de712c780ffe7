//! How many pages of a part of a file are in the page cache: `cachestat(2)`, since Linux 6.5.
//!
//! It tells only of a file that the process owns or may write. A page that is just being read counts as well.

use crate::page_size::page_size;
use nix::errno::Errno;
use nix::libc;
use std::ops::Range;
use std::os::fd::{AsRawFd, BorrowedFd};

/// The same on every processor. The crate `libc` has the number for no platform.
const SYS_CACHESTAT: libc::c_long = 451;

/// As in the kernel's `linux/mman.h`.
#[repr(C)]
struct CachestatRange {
    offset: u64,
    length: u64,
}

/// As in the kernel's `linux/mman.h`.
#[repr(C)]
#[derive(Default)]
struct Cachestat {
    cached: u64,
    dirty: u64,
    under_writeback: u64,
    evicted: u64,
    recently_evicted: u64,
}

/// How many pages a range touches.
pub(super) fn pages_of(range: &Range<u64>) -> u64 {
    let page = page_size() as u64;
    range.end.div_ceil(page) - range.start / page
}

/// How many pages that a range touches are cached. The range is not empty.
///
/// # Errors
/// `EPERM`: the kernel does not tell of this file; `ENOSYS`; `EOPNOTSUPP`: the file system has huge pages of its own.
pub(super) fn cached(file: BorrowedFd<'_>, range: &Range<u64>) -> nix::Result<u64> {
    let asked = CachestatRange {
        offset: range.start,
        length: range.end - range.start,
    };
    let mut answer = Cachestat::default();
    // SAFETY: the descriptor is borrowed, hence open; the kernel reads one structure and writes the other, and both
    // outlive the call.
    let result = unsafe {
        libc::syscall(
            SYS_CACHESTAT,
            file.as_raw_fd(),
            &raw const asked,
            &raw mut answer,
            0,
        )
    };
    Errno::result(result)?;
    Ok(answer.cached)
}
