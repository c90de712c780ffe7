//! What file systems do with a copy between two of their files.

use nix::libc;
use nix::sys::statfs::fstatfs;
use std::os::fd::{AsRawFd, BorrowedFd};

/// What a file system does with a copy between two of its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It has its files in the page cache, and copies their bytes.
    Copies,
    /// It has its files in the page cache, and can share extents instead of a copy.
    Shares,
    /// Every other file system. Some copy elsewhere (NFS, SMB), some by other file systems (overlay, FUSE), and tmpfs
    /// copies fastest by its own calls.
    Other,
}

const EXT4: u32 = 0xef53;
const XFS: u32 = 0x5846_5342;

/// `struct xfs_fsop_geom_v1` of the kernel's `fs/xfs/libxfs/xfs_fs.h`, of which the flags are read alone.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(8))]
struct XfsGeometry {
    before: [u32; 23],
    flags: u32,
    after: [u32; 4],
}

const _: () = assert!(size_of::<XfsGeometry>() == 112);
const _: () = assert!(EXT4 as libc::c_long == libc::EXT4_SUPER_MAGIC as libc::c_long);

/// `XFS_FSOP_GEOM_FLAGS_REFLINK`
const SHARES_EXTENTS: u32 = 1 << 20;

nix::ioctl_read! {
    /// `XFS_IOC_FSGEOMETRY_V1`
    xfs_geometry, b'X', 100, XfsGeometry
}

impl Class {
    /// The class of the file system that `file` lies in. `called` is called for each system call.
    pub(super) fn of(file: BorrowedFd<'_>, mut called: impl FnMut()) -> Class {
        called();
        let magic = fstatfs(file).map(|stat| u32::try_from(stat.filesystem_type().0));
        match magic {
            Ok(Ok(EXT4)) => Class::Copies,
            Ok(Ok(XFS)) => {
                called();
                Class::of_xfs(file)
            }
            _ => Class::Other,
        }
    }

    fn of_xfs(file: BorrowedFd<'_>) -> Class {
        let mut geometry = XfsGeometry::default();
        // SAFETY: the descriptor is borrowed, hence open; the kernel writes one `xfs_fsop_geom_v1`, whose size is part
        // of the number of the call, and which outlives the call.
        match unsafe { xfs_geometry(file.as_raw_fd(), &raw mut geometry) } {
            Ok(_) if geometry.flags & SHARES_EXTENTS == 0 => Class::Copies,
            // Sharing costs nothing of what a copy costs: where the kernel does not tell, it is tried first.
            _ => Class::Shares,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        reason = "a test that cannot set itself up has failed"
    )]

    use super::*;
    use std::os::fd::AsFd;

    #[test]
    fn tmpfs_is_left_to_its_own_calls() {
        let file = tempfile::tempfile_in("/dev/shm").unwrap();
        assert_eq!(Class::of(file.as_fd(), || {}), Class::Other);
    }
}
