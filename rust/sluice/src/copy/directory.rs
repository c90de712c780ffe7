//! What the directory of a target is like.

use crate::statx::statx;
use nix::libc;
use nix::sys::statfs::{BTRFS_SUPER_MAGIC, EXT4_SUPER_MAGIC, FsType, TMPFS_MAGIC, fstatfs};
use std::os::fd::BorrowedFd;

/// `XFS_SUPER_MAGIC` of `linux/magic.h`, which the crate `libc` does not have for musl.
const XFS_SUPER_MAGIC: FsType = FsType(0x5846_5342);

/// Where a file without a name is cheap. ZFS waits for a write of its whole pool when such a file gets one.
const CHEAPLY_NAMELESS: [FsType; 4] = [
    EXT4_SUPER_MAGIC,
    XFS_SUPER_MAGIC,
    BTRFS_SUPER_MAGIC,
    TMPFS_MAGIC,
];

/// Whether a file without a name is cheap there.
pub(super) fn is_cheaply_nameless(directory: BorrowedFd<'_>) -> bool {
    fstatfs(directory).is_ok_and(|stat| CHEAPLY_NAMELESS.contains(&stat.filesystem_type()))
}

/// Whether names are exchanged there, instead of one file being renamed over another: see [`super::replace`].
pub(super) fn exchanges_names(directory: BorrowedFd<'_>) -> bool {
    fstatfs(directory).is_ok_and(|stat| stat.filesystem_type() == EXT4_SUPER_MAGIC)
}

/// Whether a directory lets files be created but not deleted (`chattr +a`), so that no temporary file may be made in it. A
/// kernel or file system that does not tell does not know such directories.
#[must_use]
pub fn keeps_all_names(directory: BorrowedFd<'_>) -> bool {
    let append_only = u64::try_from(libc::STATX_ATTR_APPEND).unwrap_or(0);
    statx(directory, 0).is_ok_and(|found| found.stx_attributes & append_only != 0)
}
