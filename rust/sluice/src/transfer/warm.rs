//! How much of what a turn would move is in the page cache already. A caller whose thread is needed elsewhere has the rest
//! read by another thread, and waits for that.

use super::page_cache;
use super::request::Request;
use super::steps::Steps;
use crate::endpoint::{Kind, Offset};
use crate::mechanism::Mechanism;
use nix::unistd::{Whence, lseek};
use std::ops::Range;
use std::os::fd::BorrowedFd;

/// How much of a file is looked at before it is moved into a stream, in bytes. The turn moves no more.
const MOST: u64 = 4 << 20;

/// How much of a file is looked at before a turn between two files, in bytes: what a turn of 10 ms copies. The turn is
/// asked for all that is left, because a move within one file is one whole.
const MOST_BETWEEN_FILES: u64 = 64 << 20;

impl Request<'_> {
    /// The same request, as far as the source's bytes are in the page cache; `None` if its first bytes are not, or, between
    /// two files, any of the next 64 MiB. The source is a file. The system calls are added to `steps` as those of the
    /// mechanism that is tried first.
    #[must_use]
    pub fn warm(&self, mechanism: Mechanism, steps: &mut Steps) -> Option<Self> {
        let Some(at) = self.source_offset() else {
            return Some(*self);
        };
        let first = self.first(mechanism);
        let is_between_files = self.target.kind == Kind::File;
        let most = if is_between_files {
            MOST_BETWEEN_FILES
        } else {
            MOST
        };
        let wanted = at..at.saturating_add(self.count.min(most));
        let held = page_cache::held(self.source.fd, &wanted, || steps.called(first));
        if is_between_files {
            (held == wanted.end - wanted.start).then_some(*self)
        } else {
            (held > 0).then_some(Request {
                count: held,
                ..*self
            })
        }
    }

    /// Where the source's bytes begin, if it has an offset.
    fn source_offset(&self) -> Option<u64> {
        match self.source.offset {
            Offset::At(at) => Some(at),
            Offset::Own => u64::try_from(lseek(self.source.fd, 0, Whence::SeekCur).ok()?).ok(),
        }
    }
}

/// Whether a part of a file would have to be waited for.
pub(crate) fn is_cold(file: BorrowedFd<'_>, from: u64, mut called: impl FnMut()) -> bool {
    let wanted: Range<u64> = from..from.saturating_add(MOST_BETWEEN_FILES);
    page_cache::held(file, &wanted, &mut called) < wanted.end - wanted.start
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        reason = "a test that cannot set itself up has failed"
    )]

    use super::*;
    use crate::endpoint::Endpoint;
    use crate::transfer::read_ahead::read_ahead;
    use crate::transfer::request::Pace;
    use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
    use std::io::Write;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;

    const MIB: u64 = 1 << 20;

    #[test]
    fn only_what_is_cached_is_moved_and_what_was_read_ahead_is() {
        let mut file = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        file.write_all(&vec![1; 3 << 20]).unwrap();
        file.sync_all().unwrap();
        let (socket, _peer) = UnixStream::pair().unwrap();
        let other = tempfile::tempfile().unwrap();
        let to_socket = |at, count| Request {
            source: Endpoint::file_at(file.as_fd(), at),
            target: Endpoint::socket(socket.as_fd()),
            count,
            pace: Pace::Polled,
        };
        let to_file = |at, count| Request {
            target: Endpoint::file(other.as_fd()),
            ..to_socket(at, count)
        };
        let warm = |request: Request<'_>| {
            let mut steps = Steps::default();
            let warm = request.warm(Mechanism::Auto, &mut steps);
            assert!(steps.calls() > 0, "the look was not counted");
            warm.map(|warm| warm.count)
        };
        // The count of what is there; bytes behind the end are not waited for.
        assert_eq!(warm(to_socket(0, 3 * MIB)), Some(3 * MIB));
        assert_eq!(warm(to_socket(0, 100 * MIB)), Some(MOST));
        assert_eq!(warm(to_file(0, 100 * MIB)), Some(100 * MIB));
        let dropped = PosixFadviseAdvice::POSIX_FADV_DONTNEED;
        posix_fadvise(&file, 2 << 20, 1 << 20, dropped).unwrap();
        if !is_cold(file.as_fd(), 2 * MIB, || {}) {
            eprintln!("skipped: the file system keeps its pages, or the kernel does not tell");
            return;
        }
        assert_eq!(warm(to_socket(0, 3 * MIB)), Some(2 * MIB));
        assert_eq!(warm(to_socket(2 * MIB, MIB)), None);
        assert_eq!(warm(to_file(0, 3 * MIB)), None);
        assert_eq!(warm(to_file(0, 2 * MIB)), Some(2 * MIB));
        let source = to_socket(2 * MIB, MIB).source;
        let mut done = 0;
        while done < MIB {
            done += read_ahead(&source, done, MIB - done).unwrap();
        }
        assert_eq!(warm(to_socket(2 * MIB, MIB)), Some(MIB));
        assert_eq!(read_ahead(&source, MIB, MIB), Ok(0));
    }
}
