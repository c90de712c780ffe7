//! When two files are best served by windows: parts of the source that are mapped, and written out of the mapping.
//!
//! Where a file system copies bytes anyway, and the source is in the page cache, `mmap(2)` with `MAP_POPULATE` and
//! `write(2)` cost less than the kernel's own copy from file to file, which goes through a pipe of 16 pages. Everything
//! else stays with the calls that win there:
//!
//! | what | goes by | because |
//! |---|---|---|
//! | two files of one XFS with shared extents, of btrfs, NFS, SMB, an overlay | `copy_file_range` | it shares extents, or copies on the server |
//! | tmpfs as source or target | `copy_file_range`, `sendfile` | windows are slower there |
//! | a source that is not in the page cache | `copy_file_range`, `sendfile` | a mapping reads ahead in smaller pieces |
//! | less than 1 MiB | `copy_file_range`, `sendfile` | a window has to be mapped and given back, whatever its size |
//! | one file as source and target | `copy_file_range` | its ranges may overlap, and a mapping is no `memmove` |

use super::copying_class::Class;
use super::file_position::position_of_file;
use super::page_cache;
use super::request::Request;
use crate::statx::statx;
use nix::libc;
use std::os::fd::BorrowedFd;

/// From how many bytes on a transfer goes by windows. By a window, a call of 256 KiB took 0.94 to 1.28 of NIO's CPU time,
/// one of 512 KiB 0.82 to 1.15, and one of 1 MiB 0.77 to 1.02 (JDK 17 and 25, ext4 and XFS, two processors that other
/// processes used as well).
const LEAST: u64 = 1 << 20;

/// For how many bytes one look at the page cache is good.
const AT_ONCE: u64 = 16 << 20;

/// Whether a copy may share extents with its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extents {
    MayBeShared,
    Copied,
}

/// A regular file.
struct Regular {
    device: (u32, u32),
    inode: u64,
    size: u64,
    /// The number of its mount, which is never used again. Told since Linux 6.8.
    mount: Option<u64>,
}

impl Regular {
    fn of(file: BorrowedFd<'_>) -> Option<Regular> {
        let wanted = libc::STATX_TYPE | libc::STATX_INO | libc::STATX_SIZE;
        let told = statx(file, wanted | libc::STATX_MNT_ID_UNIQUE).ok()?;
        let is_regular = u32::from(told.stx_mode) & libc::S_IFMT == libc::S_IFREG;
        let has_number = told.stx_mask & libc::STATX_MNT_ID_UNIQUE != 0;
        is_regular.then_some(Regular {
            device: (told.stx_dev_major, told.stx_dev_minor),
            inode: told.stx_ino,
            size: told.stx_size,
            mount: has_number.then_some(told.stx_mnt_id),
        })
    }
}

impl Request<'_> {
    /// How many of the next bytes go by windows, or `None` if other calls do better. They lie in two files then.
    ///
    /// `is_cold` is set if the source was found not to be in the page cache and there are bytes for a further look. There
    /// is none then: a look at pages that are not in memory makes the kernel read one of them, far ahead of the others.
    /// `called` is called for each system call.
    pub(crate) fn windows_ahead(
        &self,
        extents: Extents,
        is_cold: &mut bool,
        mut called: impl FnMut(),
    ) -> Option<u64> {
        if self.count < LEAST || *is_cold || !self.is_between_files() {
            return None;
        }
        called();
        let source = Regular::of(self.source.fd)?;
        let from = Class::of(self.source.fd, source.mount, &mut called);
        if from == Class::Other {
            return None;
        }
        called();
        let target = Regular::of(self.target.fd)?;
        let is_one_file_system = source.device == target.device;
        if is_one_file_system && source.inode == target.inode {
            return None;
        }
        let to = Class::of(self.target.fd, target.mount, &mut called);
        let is_shared = is_one_file_system && from == Class::Shares;
        if to == Class::Other || is_shared && extents == Extents::MayBeShared {
            return None;
        }
        let at = position_of_file(&self.source, &mut called).ok()?;
        let left = source.size.saturating_sub(at);
        let ahead = self.count.min(AT_ONCE);
        if left < LEAST {
            return None;
        }
        let range = at..at + ahead.min(left);
        let is_warm = page_cache::holds(self.source.fd, &range, called);
        *is_cold = !is_warm && self.count > LEAST;
        is_warm.then_some(ahead)
    }
}
