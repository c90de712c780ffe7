//! Which file systems there are for a copy from file to file by the processor, and what is remembered of each.

use crate::file_system::{EXT4, XFS, type_of};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::sync::{Mutex, PoisonError};

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

/// `struct xfs_fsop_geom_v1` of the kernel's `fs/xfs/libxfs/xfs_fs.h`, of which the flags are read alone.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(8))]
struct XfsGeometry {
    before: [u32; 23],
    flags: u32,
    after: [u32; 4],
}

/// `XFS_FSOP_GEOM_FLAGS_REFLINK`
const SHARES_EXTENTS: u32 = 1 << 20;

nix::ioctl_read! {
    /// `XFS_IOC_FSGEOMETRY_V1`
    xfs_geometry, b'X', 100, XfsGeometry
}

/// What was found out, by the number of the mount. Such a number is never used again. A file system begins or ceases to
/// share extents only while it is not mounted.
static KNOWN: Mutex<Known> = Mutex::new(Known(Vec::new()));

/// The most mounts that are remembered. The oldest gives way.
const MOST: usize = 64;

#[derive(Debug)]
struct Known(Vec<(u64, Class)>);

impl Known {
    fn class(&self, mount: u64) -> Option<Class> {
        let found = self.0.iter().find(|(known, _)| *known == mount);
        found.map(|(_, class)| *class)
    }

    fn add(&mut self, mount: u64, class: Class) {
        if self.class(mount).is_some() {
            return;
        }
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push((mount, class));
    }
}

impl Class {
    /// The class of the file system that `file` lies in. `mount` is the number of its mount, if the kernel tells one
    /// that is never used again. `called` is called for each system call.
    pub(super) fn of(file: BorrowedFd<'_>, mount: Option<u64>, called: impl FnMut()) -> Class {
        // A panic elsewhere cannot leave a Vec of plain values half changed.
        let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mount) = mount else {
            return Class::asked(file, called);
        };
        if let Some(class) = known().class(mount) {
            return class;
        }
        let class = Class::asked(file, called);
        known().add(mount, class);
        class
    }

    fn asked(file: BorrowedFd<'_>, mut called: impl FnMut()) -> Class {
        called();
        match type_of(file) {
            Ok(EXT4) => Class::Copies,
            Ok(XFS) => {
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

const _: () = assert!(size_of::<XfsGeometry>() == 112);

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
        assert_eq!(Class::of(file.as_fd(), None, || {}), Class::Other);
    }

    #[test]
    fn a_mount_is_asked_for_once() {
        let file = tempfile::tempfile_in("/dev/shm").unwrap();
        let mut calls = 0;
        for _ in 0..3 {
            Class::of(file.as_fd(), Some(u64::MAX), || calls += 1);
        }
        assert_eq!(calls, 1);
        Class::of(file.as_fd(), None, || calls += 1);
        assert_eq!(calls, 2);
    }

    #[test]
    fn the_oldest_gives_way() {
        let mut known = Known(Vec::new());
        for mount in 0..=MOST as u64 {
            known.add(mount, Class::Copies);
            known.add(mount, Class::Other);
        }
        assert_eq!(known.0.len(), MOST);
        assert_eq!(known.class(0), None);
        assert_eq!(known.class(1), Some(Class::Copies));
    }
}
