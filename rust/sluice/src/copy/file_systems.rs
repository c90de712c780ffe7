//! Which file system a directory lies in, and whether names can be taken from it.

use nix::errno::Errno;
use nix::libc;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd};

/// ext2, ext3 and ext4 (`linux/magic.h`, as all below).
pub(super) const EXT: i64 = 0xef53;
const XFS: i64 = 0x5846_5342;
const BTRFS: i64 = 0x9123_683e;
const TMPFS: i64 = 0x0102_1994;

/// Those whose files without a name are cheap: ZFS waits for a write of its whole pool when such a file gets one.
pub(super) const CHEAPLY_NAMELESS: &[i64] = &[EXT, XFS, BTRFS, TMPFS];

/// The type of the file system (`fstatfs(2)`).
pub(super) fn type_of(directory: BorrowedFd<'_>) -> nix::Result<i64> {
    let mut found = MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: the kernel fills what `found` has room for.
    let answer = unsafe { libc::fstatfs(directory.as_raw_fd(), found.as_mut_ptr()) };
    Errno::result(answer)?;
    // SAFETY: the call succeeded and has filled it.
    let found = unsafe { found.assume_init() };
    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_possible_wrap,
        reason = "its type differs from libc to libc"
    )]
    Ok(found.f_type as i64)
}

/// Whether a directory lets files be created but not deleted (`chattr +a`), so that no temporary file may be made in it. A
/// kernel or file system that does not tell does not know such directories.
#[must_use]
pub fn keeps_all_names(directory: BorrowedFd<'_>) -> bool {
    let mut found = MaybeUninit::<libc::statx>::zeroed();
    // SAFETY: the path is empty and ends with a 0, and the kernel fills what `found` has room for. It is called by its
    // number: glibc has it since 2.28.
    let answer = unsafe {
        libc::syscall(
            libc::SYS_statx,
            directory.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_EMPTY_PATH,
            0,
            found.as_mut_ptr(),
        )
    };
    // SAFETY: all its bytes are 0 where the kernel has written none.
    let found = unsafe { found.assume_init() };
    answer == 0 && found.stx_attributes & libc::STATX_ATTR_APPEND as u64 != 0
}
