//! Where a file has data: `lseek(2)` with `SEEK_DATA` and `SEEK_HOLE`.

use nix::errno::Errno;
use nix::sys::stat::FileStat;
use nix::unistd::{Whence, lseek};
use std::ops::Range;
use std::os::fd::BorrowedFd;

/// The first stretch of data from byte `at` on, or `None` when there is none up to the end of the file.
///
/// A file system that does not tell its holes (`EINVAL`, procfs) gives one stretch without an end.
pub(super) fn next_data(file: BorrowedFd<'_>, at: u64) -> Option<Range<u64>> {
    let from = i64::try_from(at).ok()?;
    let start = match lseek(file, from, Whence::SeekData) {
        Ok(start) => start,
        Err(Errno::ENXIO) => return None,
        Err(_) => return Some(at..u64::MAX),
    };
    let end = lseek(file, start, Whence::SeekHole);
    let start = u64::try_from(start).ok()?;
    let end = end.ok().and_then(|end| u64::try_from(end).ok());
    // Somebody who changes the file between the two calls leaves the end unknown.
    Some(start..end.filter(|end| *end > start).unwrap_or(u64::MAX))
}

/// Whether a file has just the blocks that its size takes, so that nobody has to look for holes: on tmpfs that would
/// take as long as copying a twentieth of the file. cp has a weaker test, that it has no fewer; but XFS may have
/// allocated more behind the end than there is room for in the holes.
pub(super) fn is_dense(stat: &FileStat) -> bool {
    /// `st_blocks` counts these, whatever the file system's own blocks are.
    const UNIT: i64 = 512;
    const LAST_BLOCK: i64 = 4096;
    let spare = stat.st_blocks.saturating_mul(UNIT) - stat.st_size;
    stat.st_size > 0 && (0..LAST_BLOCK).contains(&spare)
}
