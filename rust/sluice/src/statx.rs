//! `statx(2)` of a descriptor: what `fstat(2)` does not tell.

use nix::errno::Errno;
use nix::libc;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd};

/// What the kernel tells of `file`. `stx_mask` says what of the `wanted` fields it has told.
pub(crate) fn statx(file: BorrowedFd<'_>, wanted: u32) -> nix::Result<libc::statx> {
    let mut answer = MaybeUninit::<libc::statx>::zeroed();
    // By its number: glibc has the function since 2.28, musl since 1.2.5.
    // SAFETY: the descriptor is borrowed, hence open; the path is empty and ends with a 0; the kernel writes one `statx`.
    let result = unsafe {
        libc::syscall(
            libc::SYS_statx,
            file.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_EMPTY_PATH,
            wanted,
            answer.as_mut_ptr(),
        )
    };
    Errno::result(result)?;
    // SAFETY: any bytes are a `statx`, which is all integers, and these were zeroed first.
    Ok(unsafe { answer.assume_init() })
}
