//! Which file system a file lies in.

use nix::errno::Errno;
use nix::sys::statfs::fstatfs;
use std::os::fd::BorrowedFd;

/// ext2, ext3 and ext4 (`linux/magic.h`, as all of these).
pub(crate) const EXT4: u32 = 0xef53;
pub(crate) const XFS: u32 = 0x5846_5342;
pub(crate) const BTRFS: u32 = 0x9123_683e;
pub(crate) const TMPFS: u32 = 0x0102_1994;

/// The number of its type (`fstatfs(2)`).
pub(crate) fn type_of(file: BorrowedFd<'_>) -> nix::Result<u32> {
    let number = fstatfs(file)?.filesystem_type().0;
    // The type of the number differs from libc to libc, in size and sign. It has 32 bits.
    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_possible_truncation,
        reason = "see above"
    )]
    u32::try_from(number as u64 & 0xffff_ffff).map_err(|_| Errno::EOVERFLOW)
}
