//! A move of bytes to a later place of the same file. It goes from the end to the beginning, so that no byte is
//! overwritten before it is read.
//!
//! The first byte of the range moves last, so that there is no count to tell before that. The state is kept here
//! between calls, and the count is told when all is done.

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::pooled::buffer::{Buffer, SIZE};
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::sys::stat::fstat;
use nix::unistd::ftruncate;
use std::ops::Range;
use std::os::fd::BorrowedFd;

/// Two ranges of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ranges {
    /// Where the source range begins.
    pub(crate) from: u64,
    /// Where the target range begins.
    pub(crate) to: u64,
    /// The length of each range, in bytes.
    pub(crate) count: u64,
}

impl Ranges {
    pub(crate) fn overlap(&self) -> bool {
        self.from.abs_diff(self.to) < self.count
    }
}

/// How far a move has come.
pub(crate) struct BackwardMove {
    ranges: Ranges,
    /// The size of the file when the move began.
    size: u64,
    /// Bytes at the beginning of the source range that have not been read.
    unread: u64,
    buffer: Buffer,
    /// Where in the buffer the bytes lie that have been read and not yet written. In the file they follow the unread
    /// bytes.
    unwritten: Range<usize>,
}

/// How an advance ended.
pub(crate) enum Advance {
    /// The move is done: of so many bytes, fewer than asked for if the file was truncated meanwhile.
    Done(u64),
    /// It was time to look at the channels, or a signal came.
    Paused,
}

impl BackwardMove {
    /// # Errors
    /// `ENOMEM`: no buffer.
    pub(crate) fn new(ranges: Ranges, size: u64) -> Result<BackwardMove, Error> {
        Ok(BackwardMove {
            ranges,
            size,
            unread: ranges.count,
            buffer: Buffer::take()?,
            unwritten: 0..0,
        })
    }

    pub(crate) fn ranges(&self) -> Ranges {
        self.ranges
    }

    /// Goes on until the move is done or `is_due` says that it is time to pause. `read` reads from an offset of the
    /// file on; `called` is called for each system call.
    ///
    /// The part beyond the old end of the file is written first. If that fails (a full disk, a limit), the file gets
    /// its old size back, and is what it was.
    ///
    /// # Errors
    /// Those of `read` and of `pwrite(2)`, except `EINTR`.
    pub(crate) fn advance(
        &mut self,
        target: BorrowedFd<'_>,
        mut read: impl FnMut(u64, &mut [u8]) -> Result<usize, Error>,
        mut called: impl FnMut(),
        mut is_due: impl FnMut() -> bool,
    ) -> Result<Advance, Error> {
        loop {
            let result = if self.unwritten.is_empty() {
                if self.unread == 0 {
                    return Ok(Advance::Done(self.ranges.count));
                }
                called();
                self.read_piece(&mut read)
            } else {
                called();
                self.write_rest(target)
            };
            match result {
                Ok(()) => {}
                Err(Error {
                    errno: Errno::EINTR,
                    ..
                }) => return Ok(Advance::Paused),
                Err(error) => {
                    self.undo(target, called);
                    return Err(error);
                }
            }
            if self.unwritten.is_empty() && self.unread > 0 && is_due() {
                return Ok(Advance::Paused);
            }
        }
    }

    /// Reads the piece before the last one. In the target it begins at a multiple of its size, which the page cache
    /// handles best, or at the old end of the file.
    fn read_piece(
        &mut self,
        read: &mut impl FnMut(u64, &mut [u8]) -> Result<usize, Error>,
    ) -> Result<(), Error> {
        let Ranges { from, to, .. } = self.ranges;
        let end = to + self.unread;
        let old_end = if end > self.size { self.size } else { 0 };
        let start = ((end - 1) / SIZE as u64 * SIZE as u64).max(old_end).max(to);
        let piece = self.buffer.first(end - start);
        let (asked, at) = (piece.len(), start - to);
        let mut filled = 0;
        while filled < asked {
            match read(from + at + filled as u64, &mut piece[filled..])? {
                0 => break,
                more => filled += more,
            }
        }
        if filled < asked {
            // The file was truncated behind these bytes: the rest of the range is gone.
            self.ranges.count = at + filled as u64;
        }
        self.unread = at;
        self.unwritten = 0..filled;
        Ok(())
    }

    fn write_rest(&mut self, target: BorrowedFd<'_>) -> Result<(), Error> {
        let at = self.ranges.to + self.unread + self.unwritten.start as u64;
        let piece = &self.buffer.first(self.unwritten.end as u64)[self.unwritten.start..];
        match Endpoint::file_at(target, at).write(piece)? {
            0 => Err(Error::stuck(SystemCall::Write)),
            written => {
                self.unwritten.start += written;
                Ok(())
            }
        }
    }

    /// Gives the file its old size back, unless bytes that it had were overwritten, or another writer has made it
    /// longer.
    fn undo(&self, target: BorrowedFd<'_>, mut called: impl FnMut()) {
        let Ranges { to, count, .. } = self.ranges;
        let untouched = match self.unwritten.start {
            0 => self.unread + self.unwritten.end as u64,
            _ => self.unread,
        };
        if to + untouched < self.size {
            return;
        }
        called();
        let now = fstat(target).map_or(0, |stat| u64::try_from(stat.st_size).unwrap_or(0));
        if now <= self.size || now > to + count {
            return;
        }
        if let Ok(size) = i64::try_from(self.size) {
            called();
            // If that fails, the file is longer than it was, but none of its old bytes has changed.
            let _ = ftruncate(target, size);
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
    use nix::sys::memfd::{MFdFlags, memfd_create};
    use std::cell::Cell;
    use std::fs::File;
    use std::io::Write;
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileExt;

    fn content(size: usize) -> Vec<u8> {
        (0u8..251).cycle().step_by(31).take(size).collect()
    }

    fn file_with(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn all_of(file: &File) -> Vec<u8> {
        let size = usize::try_from(file.metadata().unwrap().len()).unwrap();
        let mut bytes = vec![0; size];
        file.read_exact_at(&mut bytes, 0).unwrap();
        bytes
    }

    fn moved(before: &[u8], Ranges { from, to, count }: Ranges) -> Vec<u8> {
        let index = |at: u64| usize::try_from(at).unwrap();
        let mut after = before.to_vec();
        after.resize(before.len().max(index(to + count)), 0);
        after[index(to)..index(to + count)]
            .copy_from_slice(&before[index(from)..index(from + count)]);
        after
    }

    #[test]
    fn short_reads_signals_and_pauses_lose_nothing() {
        let before = content(900_000);
        for to in [101, 5_000, 200_000, 700_000] {
            let ranges = Ranges {
                from: 100,
                to,
                count: 650_000,
            };
            let file = file_with(&before);
            let mut backwards = BackwardMove::new(ranges, 900_000).unwrap();
            let turn = Cell::new(0usize);
            let mut pauses = 0;
            let done = loop {
                let read = |at, chunk: &mut [u8]| {
                    turn.set(turn.get() + 1);
                    let most = chunk.len().min(1 + turn.get() * 7_919 % 100_000);
                    if turn.get() % 5 == 0 {
                        let call = SystemCall::Read;
                        let errno = Errno::EINTR;
                        return Err(Error { call, errno });
                    }
                    Endpoint::file_at(file.as_fd(), at).read(&mut chunk[..most])
                };
                let is_due = || turn.get() % 3 == 0;
                match backwards
                    .advance(file.as_fd(), read, || {}, is_due)
                    .unwrap()
                {
                    Advance::Done(bytes) => break bytes,
                    Advance::Paused => pauses += 1,
                }
            };
            assert_eq!(done, 650_000);
            assert!(pauses > 1, "{pauses} pauses");
            assert_eq!(all_of(&file), moved(&before, ranges), "to {to}");
        }
    }

    #[test]
    fn a_truncated_source_is_told_by_fewer_bytes() {
        let before = content(900_000);
        let file = file_with(&before);
        let ranges = Ranges {
            from: 0,
            to: 10,
            count: 800_000,
        };
        let mut backwards = BackwardMove::new(ranges, 900_000).unwrap();
        let ends = 300_000;
        let read = |at, chunk: &mut [u8]| {
            let left = usize::try_from(ends - i64::try_from(at).unwrap()).unwrap_or(0);
            let most = chunk.len().min(left);
            Endpoint::file_at(file.as_fd(), at).read(&mut chunk[..most])
        };
        let advance = backwards.advance(file.as_fd(), read, || {}, || false);
        let Ok(Advance::Done(bytes)) = advance else {
            panic!("not done");
        };
        assert_eq!(bytes, 300_000);
        assert_eq!(all_of(&file)[10..300_010], before[..300_000]);
    }

    #[test]
    fn a_file_that_cannot_grow_or_be_read_is_what_it_was() {
        let before = content(700_000);
        let mut sealed = File::from(memfd_create("sealed", MFdFlags::MFD_ALLOW_SEALING).unwrap());
        sealed.write_all(&before).unwrap();
        let seal = nix::fcntl::SealFlag::F_SEAL_GROW;
        nix::fcntl::fcntl(&sealed, nix::fcntl::FcntlArg::F_ADD_SEALS(seal)).unwrap();
        let unreadable = file_with(&before);
        let ranges = Ranges {
            from: 0,
            to: 650_000,
            count: 700_000,
        };
        for (file, fails_at) in [(&sealed, 0), (&unreadable, 300_000)] {
            let mut backwards = BackwardMove::new(ranges, 700_000).unwrap();
            let read = |at, chunk: &mut [u8]| {
                if at < fails_at {
                    let (call, errno) = (SystemCall::Read, Errno::EIO);
                    return Err(Error { call, errno });
                }
                Endpoint::file_at(file.as_fd(), at).read(chunk)
            };
            let advance = backwards.advance(file.as_fd(), read, || {}, || false);
            assert!(advance.is_err());
            assert_eq!(all_of(file), before);
        }
    }
}
