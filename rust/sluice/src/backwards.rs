//! A move of bytes to a later place of the same file, from the end, so that none is overwritten before it is read.
//!
//! No byte at the beginning of the target counts until the last one has moved, which is the first. What has been done is
//! therefore kept here between calls, and told when all of it is done.

use crate::buffer::{Buffer, SIZE};
use crate::endpoint::Endpoint;
use crate::error::{Call, Error};
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
    /// The length of each.
    pub(crate) count: u64,
}

impl Ranges {
    pub(crate) fn overlap(&self) -> bool {
        self.from.abs_diff(self.to) < self.count
    }
}

/// How far a move has come.
pub(crate) struct Backwards {
    ranges: Ranges,
    /// The size of the file when the move began.
    size: u64,
    /// Bytes at the beginning of the source range that have not been read.
    unread: u64,
    buffer: Buffer,
    /// Where in the buffer the bytes lie that have been read, follow those unread, and have not been written.
    unwritten: Range<usize>,
}

/// What an advance has come to.
pub(crate) enum Advance {
    /// All of it is done: so many bytes, fewer than asked for where the file was truncated meanwhile.
    Done(u64),
    /// It was time to look at the channels, or a signal came.
    Paused,
}

impl Backwards {
    /// # Errors
    /// `ENOMEM`: no buffer.
    pub(crate) fn new(ranges: Ranges, size: u64) -> Result<Backwards, Error> {
        Ok(Backwards {
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

    /// Goes on until all is done or `is_due` says that it is time to pause. `read` reads from an offset of the file on.
    ///
    /// What lies beyond the old end of the file is written first. A failure up to there (a full disk, a limit) gives the
    /// file its old size back, so that it is what it was.
    ///
    /// # Errors
    /// Those of `read` and of `pwrite(2)`, but for `EINTR`.
    pub(crate) fn advance(
        &mut self,
        target: BorrowedFd<'_>,
        mut read: impl FnMut(u64, &mut [u8]) -> Result<usize, Error>,
        mut called: impl FnMut(),
        mut is_due: impl FnMut() -> bool,
    ) -> Result<Advance, Error> {
        loop {
            let step = if self.unwritten.is_empty() {
                if self.unread == 0 {
                    return Ok(Advance::Done(self.ranges.count));
                }
                called();
                self.read_piece(&mut read)
            } else {
                called();
                self.write_rest(target)
            };
            match step {
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

    /// Reads the piece before the last one. It begins at a multiple of its size in the target, as the page cache likes it,
    /// or at the old end of the file.
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
            // Truncated behind these: the rest of the range is no more.
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
            0 => Err(Error::stuck(Call::Write)),
            written => {
                self.unwritten.start += written;
                Ok(())
            }
        }
    }

    /// Gives the file its old size back, unless bytes that it had have been overwritten or somebody else has made it longer.
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
            // Where that fails, the file is longer than it was, and no byte that it had is another.
            let _ = ftruncate(target, size);
        }
    }
}
