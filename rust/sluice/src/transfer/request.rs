//! A request, and what every mechanism asks of it.

use super::budget::{Budget, INTO_BUFFERS, TRANSFER};
use super::progress::{Ending, Side};
use crate::endpoint::{Endpoint, Kind, Offset};
use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::fstat;

/// The most bytes that one `read`, `write`, `sendfile` or `copy_file_range` is asked for. The kernel moves no more than
/// 2 GiB less one page (`MAX_RW_COUNT`, see `read(2)`), and the largest pages have 64 KiB.
pub(super) const KERNEL_CAP: u64 = 0x7fff_0000;

/// Whether bytes of a stream are waited for.
///
/// ```
/// use sluice::{Ending, Endpoint, Mechanism, Pace, Request, Steps};
/// use std::io::Write;
/// use std::os::fd::AsFd;
/// use std::os::unix::net::UnixStream;
///
/// let (source, mut peer) = UnixStream::pair()?;
/// let file = tempfile::tempfile()?;
/// peer.write_all(b"abc")?;
/// let request = Request {
///     source: Endpoint::socket(source.as_fd()),
///     target: Endpoint::file_at(file.as_fd(), 0),
///     count: 100,
///     pace: Pace::AtOnce,
/// };
/// let progress = request.run(Mechanism::ReadWrite, &mut Steps::default());
/// assert_eq!((progress.bytes, progress.ending), (3, Ending::Short));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Goes on until the count is reached or the stream ends: what a blocking channel wants.
    Throughout,
    /// As [`Pace::Throughout`], for descriptors that are non-blocking underneath: the caller does the waiting, and
    /// bytes that a full target would not take are best left in the source.
    Polled,
    /// As [`Pace::Polled`], for a thread that nothing else needs: a full target is waited for by the call for as long as
    /// it would take to park the thread and to wake it.
    Lingering,
    /// Returns after the first call that gave less than was asked for: what a channel in non-blocking mode wants. That
    /// saves the call that would only say `EAGAIN`. Between two streams no byte is taken that the target does not take.
    AtOnce,
}

/// Bytes to be moved from a source to a target.
///
/// ```
/// use sluice::{Endpoint, Mechanism, Pace, Request, Steps};
/// use std::io::{Seek, Write};
/// use std::os::fd::AsFd;
///
/// let (mut source, target) = (tempfile::tempfile()?, tempfile::tempfile()?);
/// source.write_all(b"some bytes")?;
/// let request = Request {
///     source: Endpoint::file_at(source.as_fd(), 5),
///     target: Endpoint::file(target.as_fd()),
///     count: 100,
///     pace: Pace::Throughout,
/// };
/// let progress = request.run(Mechanism::Auto, &mut Steps::default());
/// assert_eq!(progress.bytes, 5, "the file ends there");
/// assert_eq!((&target).stream_position()?, 5);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Request<'fd> {
    /// Where the bytes come from.
    pub source: Endpoint<'fd>,
    /// Where they go.
    pub target: Endpoint<'fd>,
    /// How many, in bytes.
    pub count: u64,
    /// Whether more bytes of a stream are waited for.
    pub pace: Pace,
}

impl Request<'_> {
    /// The request that is left when `bytes` of this one are done.
    pub(super) fn after(&self, bytes: u64) -> Self {
        Request {
            source: self.source.advanced(bytes),
            target: self.target.advanced(bytes),
            count: self.count - bytes,
            pace: self.pace,
        }
    }

    /// The count, or the bytes that the source file has now if they are fewer. Bytes that are appended meanwhile,
    /// perhaps by this very transfer, are not transferred again. A source at or beyond its size keeps the count: it may have bytes
    /// all the same, as in procfs, where the size is 0 and only `read(2)` knows.
    pub(super) fn clipped_to_source(&self) -> Result<u64, Error> {
        let Offset::At(at) = self.source.offset else {
            return Ok(self.count);
        };
        match u64::try_from(fstat(self.source.fd).naming(SystemCall::Statx)?.st_size) {
            Ok(size) if size > at => Ok(self.count.min(size - at)),
            _ => Ok(self.count),
        }
    }

    /// How a transfer ends that could move no more than `bytes`.
    pub(super) fn ending_at(&self, bytes: u64) -> Ending {
        if bytes == self.count {
            Ending::Complete
        } else if bytes == 0 {
            Ending::EndOfFile
        } else {
            Ending::Short
        }
    }

    /// The budget of one turn.
    pub(super) fn budget(&self) -> Budget {
        let into_buffers = self.source.kind == Kind::File
            && self.target.kind != Kind::File
            && self.pace != Pace::Throughout;
        Budget::of(if into_buffers {
            &INTO_BUFFERS
        } else {
            &TRANSFER
        })
    }

    /// Why a loop over a stream ends before its next call: the count is reached, or the turn is over.
    pub(super) fn end_of_turn(&self, bytes: u64, budget: &mut Budget) -> Option<Ending> {
        if bytes == self.count {
            Some(Ending::Complete)
        } else if bytes > 0 && budget.is_spent(0) {
            Some(Ending::Paused)
        } else {
            None
        }
    }

    /// Looks at a source socket before more is taken from it, once bytes have been moved. The answer is why nothing is
    /// to be taken now. A call that waited would take the error that the peer sends meanwhile, and no caller would be
    /// told of it.
    pub(super) fn before_taking(&self, has_moved: bool) -> Option<Ending> {
        if self.source.kind != Kind::Socket || !has_moved {
            return None;
        }
        let timeout = match self.pace {
            Pace::Throughout => PollTimeout::NONE,
            Pace::Polled | Pace::Lingering | Pace::AtOnce => PollTimeout::ZERO,
        };
        let mut polled = [PollFd::new(self.source.fd, PollFlags::POLLIN)];
        match poll(&mut polled, timeout) {
            Err(errno) => Some(Ending::Failed(Error::new(SystemCall::Read, errno))),
            Ok(0) => Some(Ending::WouldBlock(Side::Source)),
            Ok(_) => {
                let ready = polled[0].revents().unwrap_or(PollFlags::all());
                let owes = self.source.owes_an_error(ready);
                owes.then_some(Ending::ErrorPending)
            }
        }
    }

    pub(super) fn waits_for_source(&self) -> bool {
        self.pace != Pace::AtOnce && self.source.kind != Kind::File
    }

    /// Whether bytes of a file go into a stream that the caller waits for when it is full.
    pub(super) fn fills_polled_target(&self) -> bool {
        matches!(self.pace, Pace::Polled | Pace::Lingering)
            && self.source.kind == Kind::File
            && self.target.kind != Kind::File
    }

    /// Whether the target is a pipe that is waited for: a full pipe makes each call short, however much more is to
    /// come.
    pub(super) fn waits_for_pipe(&self) -> bool {
        self.pace != Pace::AtOnce && self.target.kind == Kind::Pipe
    }

    /// Whether `error` leaves the bytes to another mechanism. Beside [`Error::is_refusal`] that is `EAGAIN` between two
    /// files, neither of which is ever waited for, of a call that reads and writes (ZFS, FUSE servers). `READ_WRITE`
    /// then tells whether the `EAGAIN` is the files' own.
    pub(crate) fn is_refusal(&self, error: Error) -> bool {
        let both = matches!(error.call, SystemCall::Sendfile | SystemCall::Splice);
        error.is_refusal() || both && error.errno == Errno::EAGAIN && self.is_between_files()
    }

    /// Whether nothing of a file is to be left in the page cache.
    pub(super) fn is_uncached(&self) -> bool {
        self.source.is_uncached || self.target.is_uncached
    }

    pub(super) fn is_between_files(&self) -> bool {
        (self.source.kind, self.target.kind) == (Kind::File, Kind::File)
    }
}
