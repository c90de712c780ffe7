//! Reads a source file for one turn.

use super::absent::{Absent, advise};
use super::flagged;
use crate::endpoint::{Endpoint, Offset};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::page_size::page_size;
use crate::second_descriptor::SecondDescriptor;
use crate::system_call::SystemCall;
use crate::transfer::file_size::size_or_zero;
use crate::transfer::steps::Steps;
use nix::errno::Errno;
use nix::fcntl::{OFlag, PosixFadviseAdvice, posix_fadvise};
use nix::sys::stat::fstat;
use std::os::fd::BorrowedFd;

const SELF: Mechanism = Mechanism::ReadWrite;

/// How far it is looked at once: more than one turn moves and the kernel reads ahead.
const LOOKED_AT: u64 = 96 << 20;

/// How the file is read.
enum Way {
    /// With `RWF_DONTCACHE`, by an open file of its own, which has no readahead.
    Flagged(SecondDescriptor),
    /// By the descriptor that was lent; what came into the page cache is dropped.
    Dropped,
}

/// Reads a file from page to page.
pub(in crate::transfer) struct Reader<'fd> {
    file: BorrowedFd<'fd>,
    way: Way,
    /// What was not cached before. Unknown where the kernel does not tell and the flag serves.
    absent: Option<Absent>,
    /// Behind the last byte that was read.
    at: u64,
    /// Whether pages were met that were cached before. One of them may have the mark of an earlier reader's readahead,
    /// at which the kernel reads ahead once more.
    has_met_cached: bool,
}

impl<'fd> Reader<'fd> {
    /// # Errors
    /// `EOPNOTSUPP`: neither way serves.
    pub(in crate::transfer) fn of(
        source: &Endpoint<'fd>,
        steps: &mut Steps,
    ) -> Result<Self, Error> {
        let at = match source.offset {
            Offset::At(at) => at,
            Offset::Own => 0,
        };
        steps.called(SELF);
        let absent = look(source.fd, at).ok();
        let way = match opened(source.fd, steps) {
            Some(opened) => Way::Flagged(opened),
            None if absent.is_some() => Way::Dropped,
            None => return Err(Errno::EOPNOTSUPP).naming(SystemCall::Read),
        };
        Ok(Reader {
            file: source.fd,
            way,
            absent,
            at,
            has_met_cached: false,
        })
    }

    /// Reads from byte `at` on, to the end of a page if more is to come. The answer is how many bytes were asked for, and
    /// how many there were.
    pub(in crate::transfer) fn read(
        &mut self,
        at: u64,
        chunk: &mut [u8],
        steps: &mut Steps,
    ) -> Result<(usize, usize), Error> {
        let end = at.saturating_add(chunk.len() as u64);
        let beyond = usize::try_from(end % page_size() as u64).unwrap_or(0);
        // A page that is dropped before all of it is read would be read from the device again.
        let asked = if beyond < chunk.len() {
            chunk.len() - beyond
        } else {
            chunk.len()
        };
        let filled = self.read_once(at, &mut chunk[..asked], steps)?;
        Ok((asked, filled))
    }

    fn read_once(&mut self, at: u64, chunk: &mut [u8], steps: &mut Steps) -> Result<usize, Error> {
        let offset = i64::try_from(at)
            .map_err(|_| Errno::EOVERFLOW)
            .naming(SystemCall::Read)?;
        let piece = at..at.saturating_add(chunk.len() as u64);
        if let Some(absent) = &mut self.absent {
            if !absent.knows(&piece) {
                if self.has_met_cached {
                    absent.drop_between(self.file, self.at, absent.end(), || steps.called(SELF));
                }
                steps.called(SELF);
                *absent = look(self.file, at).naming(SystemCall::Read)?;
            }
            self.has_met_cached |= !absent.is_all_of(&piece);
        }
        let filled = match &self.way {
            Way::Flagged(opened) => opened.with(|fd| flagged::read(fd, chunk, offset))?,
            Way::Dropped => {
                let absent = self.absent.as_ref();
                let is_absent = absent.is_some_and(|absent| absent.is_any_of(&piece));
                // Behind the end a read waits for nothing, and a page that is still being read is not dropped.
                if is_absent && is_before_end(self.file, piece.start, steps) {
                    steps.called(SELF);
                    let will = PosixFadviseAdvice::POSIX_FADV_WILLNEED;
                    advise(self.file, piece.start, piece.end, will);
                }
                let filled = nix::sys::uio::pread(self.file, chunk, offset);
                if let Some(absent) = absent {
                    absent.drop_between(self.file, piece.start, piece.end, || steps.called(SELF));
                }
                filled
            }
        }
        .naming(SystemCall::Read)?;
        self.at = at + filled as u64;
        Ok(filled)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let (Some(absent), true) = (&self.absent, self.has_met_cached) {
            absent.drop_between(self.file, self.at, absent.end(), || {});
        }
    }
}

fn is_before_end(file: BorrowedFd<'_>, at: u64, steps: &mut Steps) -> bool {
    steps.called(SELF);
    fstat(file).is_ok_and(|stat| size_or_zero(file, &stat).is_ok_and(|size| at < size))
}

fn look(file: BorrowedFd<'_>, at: u64) -> nix::Result<Absent> {
    Absent::of(
        file,
        at..at.saturating_add(LOOKED_AT).min(i64::MAX.unsigned_abs()),
    )
}

/// The file by an open file of its own, if the flag serves it and the process may open it. What advice it gets counts for no
/// other descriptor.
fn opened(file: BorrowedFd<'_>, steps: &mut Steps) -> Option<SecondDescriptor> {
    steps.called(SELF);
    if !flagged::serves(file) {
        return None;
    }
    steps.called(SELF);
    let opened = SecondDescriptor::reopened(file, OFlag::O_RDONLY).ok()?;
    steps.called(SELF);
    let random = PosixFadviseAdvice::POSIX_FADV_RANDOM;
    match opened.with(|fd| posix_fadvise(fd, 0, 0, random)) {
        Ok(Ok(())) => Some(opened),
        _ => None,
    }
}
