//! The turns that copy data, stretch by stretch. Holes are skipped.

use super::file_copy::{FileCopy, Holes, Sharing, offset, size_of};
use super::{extents, zeros};
use crate::endpoint::Endpoint;
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::progress::Ending;
use crate::transfer::request::{Pace, Request};
use nix::unistd::{Whence, ftruncate, lseek};
use std::ops::Range;

const SHARING: &[Mechanism] = &[
    Mechanism::CopyFileRange,
    Mechanism::Sendfile,
    Mechanism::ReadWrite,
];

const NEVER_SHARING: &[Mechanism] = &[Mechanism::Sendfile, Mechanism::ReadWrite];

/// The one that keeps pages out of the page cache. What can be shared has been shared before.
const UNCACHED: &[Mechanism] = &[Mechanism::ReadWrite];

/// What lay at the position, which is now behind it.
enum Stretch {
    /// A hole.
    Hole,
    /// Data: so many bytes were copied.
    Data(u64),
    /// The end.
    End,
}

impl FileCopy<'_> {
    /// Copies further data for one turn, and makes the holes between. The answer is whether the copy is complete.
    ///
    /// # Errors
    /// What the last mechanism failed with: those of `read(2)`, `write(2)`, `ftruncate(2)`.
    pub fn advance(&mut self) -> Result<bool, Error> {
        self.copied.begin_turn();
        loop {
            let most = self.copied.piece_of(u64::MAX);
            if self.advance_by(most)? {
                return Ok(true);
            }
            if self.copied.is_spent(most) {
                return Ok(false);
            }
        }
    }

    /// Copies up to `most` further bytes of data, and makes the holes between. The answer is whether the copy is
    /// complete.
    ///
    /// # Errors
    /// As [`FileCopy::advance`].
    pub fn advance_by(&mut self, most: u64) -> Result<bool, Error> {
        if self.position == 0 {
            self.extend()?;
        }
        let mut left = most.max(1);
        while left > 0 {
            let moved = match self.goal()? {
                None => self.copy_by(&[Mechanism::ReadWrite], self.position, left)?,
                Some(goal) => match self.next_stretch(goal, left)? {
                    Stretch::Hole => continue,
                    Stretch::Data(moved) => moved,
                    Stretch::End => 0,
                },
            };
            if moved == 0 {
                self.settle()?;
                return Ok(true);
            }
            left -= moved;
        }
        Ok(false)
    }

    /// Skips the hole that the position lies before, or copies up to `most` bytes of data.
    fn next_stretch(&mut self, goal: u64, most: u64) -> Result<Stretch, Error> {
        let at = self.position;
        if at >= goal {
            return Ok(Stretch::End);
        }
        let Some(data) = self.next_data().filter(|data| data.start < goal) else {
            // The goal is a size that was seen before the kernel was asked for data. The source may have shrunk since.
            let end = size_of(self.source)?.min(goal);
            self.position = at.max(end);
            return Ok(if end > at {
                Stretch::Hole
            } else {
                Stretch::End
            });
        };
        let count = most.min(data.end.min(goal) - data.start);
        let moved = self.copy_data(data.start, count)?;
        let size = size_of(self.source)?;
        if moved > 0 && size >= data.start + moved {
            return Ok(Stretch::Data(moved));
        }
        // The source shrank, or has fewer bytes than its size says, as files of sysfs have.
        let copied = if moved > 0 { data.start + moved } else { at };
        let hole_end = if size <= data.start { size } else { at };
        self.position = if size < copied {
            size
        } else {
            copied.max(hole_end)
        }
        .max(at);
        Ok(Stretch::End)
    }

    /// The rest of the stretch of data that the position lies in, or the next one.
    fn next_data(&mut self) -> Option<Range<u64>> {
        let at = self.position;
        match &self.data {
            Some(data) if data.end > at => {}
            _ => {
                self.data = match self.holes {
                    Holes::Keep | Holes::Make => extents::next_data(self.source, at),
                    Holes::Fill => Some(at..u64::MAX),
                }
            }
        }
        self.data.as_ref().map(|data| data.start.max(at)..data.end)
    }

    fn copy_data(&mut self, at: u64, count: u64) -> Result<u64, Error> {
        match (self.holes, self.sharing) {
            _ if self.is_uncached => self.copy_by(UNCACHED, at, count),
            (Holes::Make, _) => {
                let moved =
                    zeros::copy_all_else(self.source, self.target, at, count, &mut self.steps)?;
                self.reached(at, moved);
                Ok(moved)
            }
            (Holes::Keep, Sharing::Auto | Sharing::Always) => self.copy_by(SHARING, at, count),
            _ => self.copy_by(NEVER_SHARING, at, count),
        }
    }

    /// Moves `count` bytes from `at` on, or fewer where the file ends.
    fn copy_by(&mut self, rungs: &[Mechanism], at: u64, count: u64) -> Result<u64, Error> {
        // `sendfile` writes at the descriptor's own offset and at no other.
        lseek(self.target, offset(at)?, Whence::SeekSet).naming(SystemCall::Lseek)?;
        let mut moved = 0;
        let mut rungs = rungs.iter().peekable();
        while let Some(rung) = rungs.peek() {
            let source = Endpoint::file_at(self.source, at + moved);
            let target = Endpoint::file(self.target);
            let request = Request {
                source: self.as_asked(source),
                target: self.as_asked(target),
                count: count - moved,
                pace: Pace::Throughout,
            };
            let progress = request.run(**rung, &mut self.steps);
            moved += progress.bytes;
            self.reached(at, moved);
            match progress.ending {
                Ending::Complete => return Ok(moved),
                // No file is waited for: the rung goes on.
                Ending::Short | Ending::Paused | Ending::WouldBlock(_) | Ending::ErrorPending => {}
                // Only `read(2)` knows the end: the other two see an end at once in a file without a size, as in
                // procfs.
                Ending::EndOfFile => _ = rungs.next(),
                Ending::Failed(error) => {
                    rungs.next();
                    if !request.is_refusal(error) || rungs.peek().is_none() {
                        return Err(error);
                    }
                }
            }
        }
        Ok(moved)
    }

    fn as_asked<'end>(&self, end: Endpoint<'end>) -> Endpoint<'end> {
        if self.is_uncached {
            end.uncached()
        } else {
            end
        }
    }

    /// Moves the position behind the bytes that were copied. Without any it stays before the hole: the source may have
    /// shrunk.
    fn reached(&mut self, at: u64, moved: u64) {
        if moved > 0 {
            self.position = at + moved;
        }
    }

    /// Gives the target the size of the source at once, if the target will have holes. XFS allocates blocks ahead of
    /// writes that extend a file, and such blocks would stay in the holes.
    fn extend(&mut self) -> Result<(), Error> {
        let size = self.goal()?.unwrap_or(0);
        let has_holes = match self.holes {
            Holes::Keep => self
                .next_data()
                .is_none_or(|data| data.start > 0 || data.end < size),
            Holes::Make => true,
            Holes::Fill => false,
        };
        if has_holes && size > 0 {
            ftruncate(self.target, offset(size)?).naming(SystemCall::Ftruncate)?;
        }
        Ok(())
    }

    /// Makes the position the size of the target, which differs if the copy ends with a hole, or the source shrank.
    fn settle(&self) -> Result<(), Error> {
        if size_of(self.target)? != self.position {
            ftruncate(self.target, offset(self.position)?).naming(SystemCall::Ftruncate)?;
        }
        Ok(())
    }
}
