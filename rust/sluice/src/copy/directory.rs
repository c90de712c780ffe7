//! What the directory of a target is like.

use crate::file_system::{BTRFS, EXT4, TMPFS, XFS, type_of};
use crate::statx::statx;
use nix::libc;
use std::os::fd::BorrowedFd;

/// Whether a file without a name is cheap there. ZFS waits for a write of its whole pool when such a file gets one.
pub(super) fn is_cheaply_nameless(directory: BorrowedFd<'_>) -> bool {
    type_of(directory).is_ok_and(|found| [EXT4, XFS, BTRFS, TMPFS].contains(&found))
}

/// Whether names are exchanged there, instead of one file being renamed over another: see [`super::replace`].
pub(super) fn exchanges_names(directory: BorrowedFd<'_>) -> bool {
    type_of(directory) == Ok(EXT4)
}

/// Whether a directory lets files be created but not deleted (`chattr +a`), so that no temporary file may be made in it. A
/// kernel or file system that does not tell does not know such directories.
#[must_use]
pub fn keeps_all_names(directory: BorrowedFd<'_>) -> bool {
    let append_only = u64::try_from(libc::STATX_ATTR_APPEND).unwrap_or(0);
    statx(directory, 0).is_ok_and(|found| found.stx_attributes & append_only != 0)
}
