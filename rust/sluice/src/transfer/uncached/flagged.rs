//! `preadv2(2)` with `RWF_DONTCACHE`, since Linux 6.14: pages that the call brings into the page cache leave it at once.
//!
//! # Errors
//! `EOPNOTSUPP`: the kernel or the file system does not know the flag; `ENOSYS`: it does not know the call.

use nix::errno::Errno;
use nix::libc;
use std::os::fd::{AsRawFd, BorrowedFd};

/// Behind the end of every file that has bytes to give.
const BEHIND_ALL: i64 = 1 << 62;

/// Whether the file can be read so. No page is read.
pub(super) fn serves(file: BorrowedFd<'_>) -> bool {
    read(file, &mut [0], BEHIND_ALL) == Ok(0)
}

/// `pread(2)` with the flag.
pub(super) fn read(file: BorrowedFd<'_>, into: &mut [u8], at: i64) -> nix::Result<usize> {
    let parts = libc::iovec {
        iov_base: into.as_mut_ptr().cast(),
        iov_len: into.len(),
    };
    // By its number: glibc has the function since 2.26, musl since 1.2.5. The high half of the offset is for processors
    // with registers of 32 bits.
    // SAFETY: the descriptor is borrowed, hence open; the kernel writes no more than the bytes of `into`, which is lent for
    // the call.
    let read = unsafe {
        libc::syscall(
            libc::SYS_preadv2,
            file.as_raw_fd(),
            &raw const parts,
            1,
            at,
            0,
            libc::RWF_DONTCACHE,
        )
    };
    Errno::result(read).map(|bytes| usize::try_from(bytes).unwrap_or(0))
}
