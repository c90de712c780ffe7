//! A copy that goes in turns.

use super::{extents, zeros};
use crate::endpoint::Endpoint;
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::budget::{Budget, DATA, EXTENTS};
use crate::transfer::mechanism::reflink::clone_range;
use crate::transfer::steps::Steps;
use crate::transfer::{Ending, Pace, Request};
use nix::errno::Errno;
use nix::sys::stat::fstat;
use nix::unistd::{Whence, ftruncate, lseek};
use std::ops::Range;
use std::os::fd::BorrowedFd;

const SHARING: &[Mechanism] = &[
    Mechanism::CopyFileRange,
    Mechanism::Sendfile,
    Mechanism::ReadWrite,
];

const NEVER_SHARING: &[Mechanism] = &[Mechanism::Sendfile, Mechanism::ReadWrite];

/// What becomes of the holes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holes {
    /// A hole stays a hole.
    Keep,
    /// Blocks of zeros become holes as well.
    Make,
    /// Every byte is written, so that the copy has all its blocks.
    Fill,
}

/// Whether a copy shares extents with its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Where the file systems allow it.
    Auto,
    /// It does, or it fails.
    Always,
    /// It does not.
    Never,
}

/// What lay at the position, and was passed.
enum Stretch {
    /// The position lies behind a hole.
    Hole,
    /// So many bytes were copied.
    Data(u64),
    /// There is no more.
    End,
}

/// How far the source is copied.
#[derive(Debug, Clone, Copy)]
enum Goal {
    /// The source has not been looked at.
    Unknown,
    /// It has no size: its end is where `read(2)` gives nothing.
    Sizeless,
    /// Its size at the beginning. When that is reached, the size is looked at again.
    First(u64),
    /// Its size when it was looked at again.
    Last(u64),
}

/// A copy of one regular file to another, which is new and empty.
///
/// The file offsets of both descriptors are used and moved.
#[derive(Debug)]
pub struct FileCopy<'fd> {
    source: BorrowedFd<'fd>,
    target: BorrowedFd<'fd>,
    holes: Holes,
    sharing: Sharing,
    /// Up to where the target is complete.
    position: u64,
    goal: Goal,
    /// The stretch of data that the position lies in or before, as far as it is known. It is looked for once: finding
    /// its end takes tmpfs a look at each of its pages.
    data: Option<Range<u64>>,
    /// How much of the data is copied by one call.
    copied: Budget,
    /// How much of the extents is shared by one call.
    shared: Budget,
}

impl<'fd> FileCopy<'fd> {
    /// A copy that has not begun, of a file that is open for reading to one that is open for writing.
    #[must_use]
    pub fn new(
        source: BorrowedFd<'fd>,
        target: BorrowedFd<'fd>,
        holes: Holes,
        sharing: Sharing,
    ) -> Self {
        FileCopy {
            source,
            target,
            holes,
            sharing,
            position: 0,
            goal: Goal::Unknown,
            data: None,
            copied: Budget::of(&DATA),
            shared: Budget::of(&EXTENTS),
        }
    }

    /// Goes on by other descriptors of the same open files: those of the table that the next step is made in.
    pub fn rebind(&mut self, source: BorrowedFd<'fd>, target: BorrowedFd<'fd>) {
        (self.source, self.target) = (source, target);
    }

    /// Shares further bytes with the target for one turn, holes included: whether no more can be shared.
    ///
    /// No data is read or written, but each extent takes time.
    ///
    /// # Errors
    /// Those of `ioctl_ficlonerange(2)`: nothing was shared. Refusals only with [`Sharing::Always`], and then an empty
    /// file is refused where others would be.
    pub fn share(&mut self) -> Result<bool, Error> {
        self.shared.begin_turn();
        loop {
            let most = self.shared.piece_of(u64::MAX);
            if self.share_piece(most)? {
                return Ok(true);
            }
            if self.shared.is_spent(most) {
                return Ok(false);
            }
        }
    }

    /// Shares up to `most` bytes, a multiple of the file system's block size.
    fn share_piece(&mut self, most: u64) -> Result<bool, Error> {
        /// The source may shrink between the look at its size and the call, again and again.
        const TRIES: usize = 16;
        if self.sharing == Sharing::Never || self.holes != Holes::Keep {
            return Ok(true);
        }
        let at = self.position;
        let mut tries = 0;
        loop {
            let goal = self.goal()?.unwrap_or(0);
            let size = size(self.source)?;
            let left = size.min(goal).saturating_sub(at);
            if left == 0 && at > 0 {
                return Ok(true);
            }
            // A length of 0 asks for all up to the end, wherever that is by then: an end that is no multiple of a block
            // cannot be shared once the source has grown past it. It asks for an empty file whether it could be.
            let length = if left > most { most } else { 0 };
            match clone_range(self.source, at, length, self.target, at)
                .naming(SystemCall::Ficlonerange)
            {
                Ok(()) if length > 0 => {
                    self.position += length;
                    return Ok(false);
                }
                Ok(()) => {
                    self.share_ended_at(self::size(self.target)?);
                    return Ok(true);
                }
                Err(error)
                    if error.errno == Errno::EINVAL
                        && tries < TRIES
                        && self::size(self.source)? < size =>
                {
                    tries += 1;
                }
                Err(error) if error.is_refusal() && self.sharing == Sharing::Auto => {
                    return Ok(true);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn share_ended_at(&mut self, end: u64) {
        if end > self.position {
            self.position = end;
            self.goal = Goal::Last(end);
        }
    }

    /// Copies further data for one turn, with all the holes that lie between: whether the copy is complete.
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

    /// Copies up to `most` further bytes of data, with all the holes that lie between: whether the copy is complete.
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

    /// How far the source is copied by now, or `None` where only `read(2)` knows.
    fn goal(&mut self) -> Result<Option<u64>, Error> {
        self.goal = match self.goal {
            Goal::Unknown => match size(self.source)? {
                0 => Goal::Sizeless,
                size => Goal::First(size),
            },
            Goal::Sizeless => match size(self.source)? {
                0 => Goal::Sizeless,
                // It was empty, and grows.
                size => Goal::Last(size),
            },
            Goal::First(end) if self.position >= end => Goal::Last(size(self.source)?.max(end)),
            other => other,
        };
        Ok(match self.goal {
            Goal::Unknown | Goal::Sizeless => None,
            Goal::First(end) | Goal::Last(end) => Some(end),
        })
    }

    /// Skips the hole that the position lies before, or copies up to `most` bytes of data.
    fn next_stretch(&mut self, goal: u64, most: u64) -> Result<Stretch, Error> {
        let at = self.position;
        if at >= goal {
            return Ok(Stretch::End);
        }
        let Some(data) = self.next_data().filter(|data| data.start < goal) else {
            // The goal is a size that was seen before the kernel was asked for data; the source may have shrunk since.
            let end = size(self.source)?.min(goal);
            self.position = at.max(end);
            return Ok(if end > at {
                Stretch::Hole
            } else {
                Stretch::End
            });
        };
        let count = most.min(data.end.min(goal) - data.start);
        let moved = self.copy_data(data.start, count)?;
        let size = size(self.source)?;
        if moved > 0 && size >= data.start + moved {
            return Ok(Stretch::Data(moved));
        }
        // It shrank, or has fewer bytes than its size says, as files of sysfs have.
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
            (Holes::Make, _) => {
                let moved = zeros::copy_all_else(self.source, self.target, at, count)?;
                self.reached(at, moved);
                Ok(moved)
            }
            (Holes::Keep, Sharing::Auto | Sharing::Always) => self.copy_by(SHARING, at, count),
            _ => self.copy_by(NEVER_SHARING, at, count),
        }
    }

    /// Moves `count` bytes from `at` on, or fewer where the file ends.
    fn copy_by(&mut self, rungs: &[Mechanism], at: u64, count: u64) -> Result<u64, Error> {
        // sendfile writes at the descriptor's own offset and at no other.
        lseek(self.target, offset(at)?, Whence::SeekSet).naming(SystemCall::Lseek)?;
        let mut moved = 0;
        let mut rungs = rungs.iter().peekable();
        while let Some(rung) = rungs.peek() {
            let request = Request {
                source: Endpoint::file_at(self.source, at + moved),
                target: Endpoint::file(self.target),
                count: count - moved,
                pace: Pace::Throughout,
            };
            let progress = request.run(**rung, &mut Steps::default());
            moved += progress.bytes;
            self.reached(at, moved);
            match progress.ending {
                Ending::Complete => return Ok(moved),
                // No file is waited for.
                Ending::Short | Ending::Paused | Ending::WouldBlock(_) | Ending::ErrorPending => {}
                // Only read(2) knows the end: the other two say so at once of a file without a size, as in procfs.
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

    /// Leaves the position before a hole until something behind it has been copied: the source may have shrunk.
    fn reached(&mut self, at: u64, moved: u64) {
        if moved > 0 {
            self.position = at + moved;
        }
    }

    /// Gives the target the source's size at once if there will be holes in it. XFS allocates blocks ahead of writes
    /// that extend a file, and such blocks would stay in the holes.
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

    /// Makes the position the size of the target: it ends with a hole, or the source shrank.
    fn settle(&self) -> Result<(), Error> {
        if size(self.target)? != self.position {
            ftruncate(self.target, offset(self.position)?).naming(SystemCall::Ftruncate)?;
        }
        Ok(())
    }
}

fn size(fd: BorrowedFd<'_>) -> Result<u64, Error> {
    let size = fstat(fd).naming(SystemCall::Statx)?.st_size;
    Ok(u64::try_from(size).unwrap_or(0))
}

fn offset(at: u64) -> Result<i64, Error> {
    i64::try_from(at)
        .map_err(|_| Errno::EOVERFLOW)
        .naming(SystemCall::Lseek)
}
