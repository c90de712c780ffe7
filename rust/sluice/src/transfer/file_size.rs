//! How many bytes a file has, by what the kernel says.

use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::libc;
use nix::sys::stat::{FileStat, fstat};
use std::os::fd::{AsRawFd, BorrowedFd};

/// The size of a regular file in bytes. `None` of a device, a FIFO or anything else whose size says nothing.
pub(super) fn regular_size(file: BorrowedFd<'_>) -> nix::Result<Option<u64>> {
    let stat = fstat(file)?;
    let is_regular = stat.st_mode & libc::S_IFMT == libc::S_IFREG;
    Ok(is_regular.then(|| u64::try_from(stat.st_size).unwrap_or(0)))
}

nix::ioctl_read! {
    /// The size of a block device in bytes, of which `fstat(2)` says 0.
    block_device_size, 0x12, 114, u64
}

/// The size of a file or a block device in bytes, or 0 if it is not known, as in procfs.
pub(super) fn size_or_zero(fd: BorrowedFd<'_>, stat: &FileStat) -> Result<u64, Error> {
    if stat.st_mode & libc::S_IFMT == libc::S_IFREG {
        return Ok(u64::try_from(stat.st_size).unwrap_or(0));
    }
    let mut bytes = 0;
    // SAFETY: the descriptor is borrowed, hence open; the kernel writes one `u64`, which outlives the call.
    unsafe { block_device_size(fd.as_raw_fd(), &raw mut bytes) }.naming(SystemCall::Statx)?;
    Ok(bytes)
}
