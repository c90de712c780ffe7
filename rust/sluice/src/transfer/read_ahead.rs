//! Reads a part of a file into the page cache, and waits until it is there, as `readahead(2)` and `POSIX_FADV_WILLNEED` alone do
//! not.

use super::cached_pages::cached;
use super::direct_file::is_direct;
use crate::endpoint::{Endpoint, Offset};
use crate::pooled::buffer::{Buffer, SIZE};
use nix::errno::Errno;
use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
use nix::sys::uio::pread;
use nix::unistd::{Whence, lseek};

/// How far ahead the device is asked, in bytes.
const ASKED: u64 = 2 << 20;

/// Reads the next bytes of a file, at most 256 KiB of `count` bytes that begin `after` bytes behind the endpoint's offset, and
/// leaves them in the page cache: how many, 0 at the end of the file. The kernel is asked for some more of the `count` bytes,
/// for which this does not wait.
///
/// # Errors
/// `EOPNOTSUPP`: the file passes the page cache, so that nothing was gained. Those of `pread(2)`.
///
/// ```
/// use sluice::{Endpoint, read_ahead};
/// use std::io::Write;
/// use std::os::fd::AsFd;
///
/// let mut file = tempfile::tempfile()?;
/// file.write_all(&[1; 100])?;
/// let source = Endpoint::file_at(file.as_fd(), 10);
/// assert_eq!(read_ahead(&source, 0, 50), Ok(50));
/// assert_eq!(read_ahead(&source, 50, 1000), Ok(40));
/// assert_eq!(read_ahead(&source, 90, 1000), Ok(0));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read_ahead(source: &Endpoint<'_>, after: u64, count: u64) -> nix::Result<u64> {
    if is_direct(source) {
        return Err(Errno::EOPNOTSUPP);
    }
    let at = match source.offset {
        Offset::At(at) => i64::try_from(at).map_err(|_| Errno::EOVERFLOW)?,
        Offset::Own => lseek(source.fd, 0, Whence::SeekCur)?,
    };
    let after = i64::try_from(after).map_err(|_| Errno::EOVERFLOW)?;
    let at = at.checked_add(after).ok_or(Errno::EOVERFLOW)?;
    let mut buffer = Buffer::take().map_err(|error| error.errno)?;
    let read = pread(source.fd, buffer.first(count.min(SIZE as u64)), at)? as u64;
    let from = at.unsigned_abs();
    // Before the kernel is asked for more: advice brings pages into the cache that reads of the file pass all the same.
    if read > 0 && cached(source.fd, &(from..from + read)) == Ok(0) {
        return Err(Errno::EOPNOTSUPP);
    }
    let next = i64::try_from(from + read).map_err(|_| Errno::EOVERFLOW)?;
    let more = (count - read).min(ASKED);
    if read > 0 && more > 0 {
        // A file may refuse it.
        let willneed = PosixFadviseAdvice::POSIX_FADV_WILLNEED;
        _ = posix_fadvise(
            source.fd,
            next,
            more.try_into().unwrap_or(i64::MAX),
            willneed,
        );
    }
    Ok(read)
}
