//! Where a file has data: `lseek(2)` with `SEEK_DATA` and `SEEK_HOLE`.

use nix::errno::Errno;
use nix::unistd::{Whence, lseek};
use std::ops::Range;
use std::os::fd::BorrowedFd;

/// The first stretch of data from byte `at` on, or `None` when there is none up to the end of the file.
///
/// Every file is asked: the number of its blocks does not tell that it has no hole, since blocks that were allocated
/// behind its end (`FALLOC_FL_KEEP_SIZE`) count as well.
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
    // If another writer changes the file between the two calls, the end stays unknown.
    Some(start..end.filter(|end| *end > start).unwrap_or(u64::MAX))
}
