//! A copy that goes in turns: what it is asked for, and how far it has come.

use crate::error::{Error, Naming};
use crate::numbered::numbered;
use crate::system_call::SystemCall;
use crate::transfer::budget::{Budget, DATA, EXTENTS};
use crate::transfer::steps::Steps;
use crate::transfer::warm::is_cold;
use nix::errno::Errno;
use nix::sys::stat::fstat;
use std::ops::Range;
use std::os::fd::BorrowedFd;

numbered! {
    /// What becomes of the holes of a file.
    ///
    /// ```
    /// use sluice::Holes;
    ///
    /// assert_eq!(Holes::from_number(1), Some(Holes::Make));
    /// assert_eq!(Holes::Make.name(), "MAKE");
    /// ```
    pub enum Holes {
        /// A hole stays a hole.
        0 "KEEP" Keep,
        /// Blocks of zeros become holes as well.
        1 "MAKE" Make,
        /// Every byte is written, so that the copy has all its blocks.
        2 "FILL" Fill,
    }
}

numbered! {
    /// Whether a copy shares extents with its source.
    ///
    /// ```
    /// use sluice::Sharing;
    ///
    /// assert_eq!(Sharing::from_number(2), Some(Sharing::Never));
    /// assert_eq!(Sharing::Never.name(), "NEVER");
    /// ```
    pub enum Sharing {
        /// Where the file systems allow it.
        0 "AUTO" Auto,
        /// Always: the copy fails where the file systems do not allow it.
        1 "ALWAYS" Always,
        /// Never.
        2 "NEVER" Never,
    }
}

/// How far the source is copied.
#[derive(Debug, Clone, Copy)]
pub(super) enum Goal {
    /// The size of the source has not been looked at.
    Unknown,
    /// The source has no size: its end is where `read(2)` gives nothing.
    Sizeless,
    /// The size at the beginning. When the position reaches it, the size is looked at again.
    First(u64),
    /// The size when it was looked at again.
    Last(u64),
}

/// A copy of one regular file to another, which is new and empty.
///
/// The file offsets of both descriptors are used and moved.
///
/// ```
/// use sluice::{FileCopy, Holes, Sharing};
/// use std::io::Write;
/// use std::os::fd::AsFd;
///
/// let (mut source, target) = (tempfile::tempfile()?, tempfile::tempfile()?);
/// source.write_all(b"some bytes")?;
/// source.set_len(1 << 20)?;
/// let mut copy = FileCopy::new(source.as_fd(), target.as_fd(), Holes::Keep, Sharing::Auto);
/// while !copy.share()? {}
/// while !copy.advance()? {}
/// assert_eq!(target.metadata()?.len(), 1 << 20);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FileCopy<'fd> {
    pub(super) source: BorrowedFd<'fd>,
    pub(super) target: BorrowedFd<'fd>,
    pub(super) holes: Holes,
    pub(super) sharing: Sharing,
    /// Whether the copy leaves nothing in the page cache that was not there before.
    pub(super) is_uncached: bool,
    /// Up to where the target is complete.
    pub(super) position: u64,
    pub(super) goal: Goal,
    /// The stretch of data in or before which the position lies, if it is known. It is looked for once: to find its
    /// end, tmpfs looks at each of its pages.
    pub(super) data: Option<Range<u64>>,
    /// How much of the data is copied by one call.
    pub(super) copied: Budget,
    /// How much of the extents is shared by one call.
    pub(super) shared: Budget,
    /// What each mechanism has done.
    pub(super) steps: Steps,
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
            is_uncached: false,
            position: 0,
            goal: Goal::Unknown,
            data: None,
            copied: Budget::of(&DATA),
            shared: Budget::of(&EXTENTS),
            steps: Steps::default(),
        }
    }

    /// The same copy; what it brings into the page cache leaves it again. It makes no holes of zeros.
    #[must_use]
    pub fn uncached(self) -> Self {
        FileCopy {
            is_uncached: true,
            ..self
        }
    }

    /// Goes on with other descriptors of the same open files, those of the table in which the next turn is made.
    pub fn rebind(&mut self, source: BorrowedFd<'fd>, target: BorrowedFd<'fd>) {
        (self.source, self.target) = (source, target);
    }

    /// Whether the next turn would wait for the source's device.
    #[must_use]
    pub fn is_cold(&self) -> bool {
        is_cold(self.source, self.position, || {})
    }

    /// How many bytes the target has, holes included, once the copy is complete.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.position
    }

    /// What each mechanism has done: bytes that were shared, copied and stored, and its system calls. Bytes that none has
    /// are holes of the target. Calls that look for holes or set a size are not among them.
    #[must_use]
    pub fn steps(&self) -> &Steps {
        &self.steps
    }

    /// How far the source is copied by now, or `None` where only `read(2)` knows.
    pub(super) fn goal(&mut self) -> Result<Option<u64>, Error> {
        self.goal = match self.goal {
            Goal::Unknown => match size_of(self.source)? {
                0 => Goal::Sizeless,
                size => Goal::First(size),
            },
            Goal::Sizeless => match size_of(self.source)? {
                0 => Goal::Sizeless,
                // The source was empty, and grows.
                size => Goal::Last(size),
            },
            Goal::First(end) if self.position >= end => Goal::Last(size_of(self.source)?.max(end)),
            other => other,
        };
        Ok(match self.goal {
            Goal::Unknown | Goal::Sizeless => None,
            Goal::First(end) | Goal::Last(end) => Some(end),
        })
    }
}

pub(super) fn size_of(fd: BorrowedFd<'_>) -> Result<u64, Error> {
    let size = fstat(fd).naming(SystemCall::Statx)?.st_size;
    Ok(u64::try_from(size).unwrap_or(0))
}

pub(super) fn offset(at: u64) -> Result<i64, Error> {
    i64::try_from(at)
        .map_err(|_| Errno::EOVERFLOW)
        .naming(SystemCall::Lseek)
}
