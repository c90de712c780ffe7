//! One regular file to another by extents: holes kept, extents shared where that is wanted.
//!
//! A copy goes in turns of a few milliseconds, so that the caller can look at its own state between two of them.
//! [`FileCopy::share`] serves file systems with copy-on-write extents; [`FileCopy::advance`] serves every other, and
//! whatever sharing has left.
//!
//! | holes | sharing | data moves by |
//! |---|---|---|
//! | [`Holes::Keep`] | allowed | `copy_file_range`, `sendfile`, `read` + `write` |
//! | [`Holes::Keep`] | forbidden | `sendfile`, `read` + `write` |
//! | [`Holes::Fill`] | forbidden | the same |
//! | [`Holes::Make`] | forbidden | `read` + `write` of what is not zero |
//!
//! XFS, btrfs and NFS serve `copy_file_range` by sharing extents, holes included; the others go through the page cache.
//! A mechanism that is refused gives way to the next for the bytes that it has not moved.

mod attributes;
mod extents;
mod zeros;

pub use attributes::{Attributes, copy_attributes};

use crate::endpoint::Endpoint;
use crate::error::{Call, Error, Naming};
use crate::mechanism::Mechanism;
use crate::tally::Tally;
use crate::transfer::budget::{Budget, DATA, EXTENTS};
use crate::transfer::reflink::clone_range;
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
        if self.sharing == Sharing::Never || self.holes != Holes::Keep {
            return Ok(true);
        }
        let (at, size) = (self.position, size(self.source)?);
        let left = size.saturating_sub(at);
        if left == 0 && at > 0 {
            return Ok(true);
        }
        // A length of 0 asks for all up to the end, and for an empty file whether it could be.
        let length = left.min(most);
        match clone_range(self.source, at, length, self.target, at).naming(Call::Ficlonerange) {
            Ok(()) => {
                self.position += length;
                Ok(self.position == size)
            }
            Err(error) if error.is_refusal() && self.sharing == Sharing::Auto => Ok(true),
            Err(error) => Err(error),
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
            let at = self.position;
            let moved = match self.next_data() {
                Some(data) => self.copy_data(data.start, left.min(data.end - data.start))?,
                None => match size(self.source)? {
                    size if size > at => {
                        self.position = size;
                        continue;
                    }
                    size if size == at && at > 0 => 0,
                    // The size is not always the end: a file of procfs has none.
                    _ => self.copy_by(&[Mechanism::ReadWrite], at, left)?,
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
        lseek(self.target, offset(at)?, Whence::SeekSet).naming(Call::Lseek)?;
        let mut moved = 0;
        let mut rungs = rungs.iter().peekable();
        while let Some(rung) = rungs.peek() {
            let request = Request {
                source: Endpoint::file_at(self.source, at + moved),
                target: Endpoint::file(self.target),
                count: count - moved,
                pace: Pace::Throughout,
            };
            let progress = request.run(**rung, &mut Tally::default());
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
        let stat = fstat(self.source).naming(Call::Statx)?;
        let size = u64::try_from(stat.st_size).unwrap_or(0);
        let has_holes = match self.holes {
            Holes::Keep if extents::is_dense(&stat) => {
                self.data = Some(0..size);
                false
            }
            Holes::Keep => self
                .next_data()
                .is_none_or(|data| data.start > 0 || data.end < size),
            Holes::Make => true,
            Holes::Fill => false,
        };
        if has_holes && size > 0 {
            ftruncate(self.target, offset(size)?).naming(Call::Ftruncate)?;
        }
        Ok(())
    }

    /// Makes the position the size of the target: it ends with a hole, or the source shrank.
    fn settle(&self) -> Result<(), Error> {
        if size(self.target)? != self.position {
            ftruncate(self.target, offset(self.position)?).naming(Call::Ftruncate)?;
        }
        Ok(())
    }
}

fn size(fd: BorrowedFd<'_>) -> Result<u64, Error> {
    let size = fstat(fd).naming(Call::Statx)?.st_size;
    Ok(u64::try_from(size).unwrap_or(0))
}

fn offset(at: u64) -> Result<i64, Error> {
    i64::try_from(at)
        .map_err(|_| Errno::EOVERFLOW)
        .naming(Call::Lseek)
}
