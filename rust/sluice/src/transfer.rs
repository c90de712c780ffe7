//! A request, its outcome, and how one mechanism or the ladder serves it.

mod blocks;
mod copy_file_range;
mod direct_io;
mod ladder;
mod mmap_write;
mod read_write;
pub(crate) mod reflink;
mod refusals;
mod sendfile;
mod splice;

use crate::endpoint::{Endpoint, Kind, Offset};
use crate::error::{Call, Error, Naming};
use crate::mechanism::Mechanism;
use crate::pipe::{FULL, widen};
use crate::relay::Relay;
use crate::tally::Tally;
use nix::errno::Errno;
use nix::sys::stat::fstat;
use nix::unistd::{Whence, lseek};
use std::time::{Duration, Instant};

/// The most bytes that one `read`, `write`, `sendfile` or `copy_file_range` moves (`MAX_RW_COUNT`, see `read(2)`).
const KERNEL_CAP: u64 = 0x7fff_f000;

/// How long calls that may wait are repeated before the caller looks at its channels. A signal that came in a call which
/// had moved some bytes already, or between two calls, leaves no other trace.
const LONGEST: Duration = Duration::from_millis(10);

/// Whether bytes of a stream are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Goes on until the count is reached or the stream ends: what a blocking channel wants.
    Throughout,
    /// As [`Pace::Throughout`], of descriptors that are non-blocking underneath: the caller does the waiting, and what a
    /// full target has not taken is best left where it is.
    Polled,
    /// Returns after the first call that gave less than was asked for: what a channel in non-blocking mode wants. It
    /// saves the call that would only say `EAGAIN`. Between two streams nothing is taken that the target does not take.
    AtOnce,
}

/// Bytes to be moved from a source to a target.
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

/// Why a transfer moved no more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The count was reached.
    Complete,
    /// A call moved fewer bytes than it was asked to: the file ends there, or the target is full, or a signal came. The
    /// next request for the rest tells which; whoever sends signals to wake its threads first looks at its own state.
    Short,
    /// Nothing but the time stopped it: the caller may want to look at its own state, and asks again.
    Paused,
    /// The source has no more bytes: the end of a file, or a peer that has finished.
    EndOfFile,
    /// A call failed. `EAGAIN`: it would have to wait. `EINTR`: a signal came while it waited, before any byte of that
    /// call had moved; whoever sends signals to wake its threads looks at its own state and asks again.
    Failed(Error),
}

/// What a transfer has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that reached the target, at most the count.
    pub bytes: u64,
    /// Why they are not more.
    pub ending: Ending,
}

impl Progress {
    fn failed(bytes: u64, error: Error) -> Progress {
        Progress {
            bytes,
            ending: Ending::Failed(error),
        }
    }

    /// Nothing moved: `call` does not serve such a pair, which is known without making it.
    fn refused(call: Call, errno: Errno) -> Progress {
        Progress::failed(0, Error { call, errno })
    }
}

impl Request<'_> {
    /// Moves the bytes by `mechanism` and adds what happened to `tally`.
    ///
    /// An exact mechanism does its own system calls and no other; its refusal is the [`Ending::Failed`] it returns.
    /// [`Mechanism::Auto`] goes one rung down at a refusal, for the bytes that have not been moved yet. Bytes that were
    /// taken from a stream and that the target did not take are counted in [`Tally::stranded`].
    pub fn run(&self, mechanism: Mechanism, tally: &mut Tally) -> Progress {
        let mut relay = Relay::default();
        self.widen_pipes(mechanism, tally);
        let mut bytes = 0;
        let ending = loop {
            let progress = self.after(bytes).resume(mechanism, tally, &mut relay);
            bytes += progress.bytes;
            if progress.ending != Ending::Paused {
                break progress.ending;
            }
        };
        tally.stranded += relay.held();
        Progress { bytes, ending }
    }

    /// As [`Request::run`], with bytes on their way kept in `relay`: first those go to the target that an earlier call
    /// for the same pair has left there.
    pub fn resume(&self, mechanism: Mechanism, tally: &mut Tally, relay: &mut Relay) -> Progress {
        if self.count == 0 {
            return Progress {
                bytes: 0,
                ending: Ending::Complete,
            };
        }
        match mechanism {
            Mechanism::Auto => self.walk(tally, relay),
            Mechanism::Splice => match splice::probe(self, tally) {
                Ok(()) => self.run_exact(Mechanism::Splice, tally, relay),
                Err(error) => {
                    tally.refused(Mechanism::Splice, error);
                    Progress::failed(0, error)
                }
            },
            exact => self.run_exact(exact, tally, relay),
        }
    }

    /// Widens the caller's pipes where the request would fill them. Once for each transfer, before its first
    /// [`Request::resume`]; the calls are added to `tally` as those of the mechanism that is tried first.
    pub fn widen_pipes(&self, mechanism: Mechanism, tally: &mut Tally) {
        if self.count < FULL || self.pace == Pace::AtOnce {
            return;
        }
        let first = match mechanism {
            Mechanism::Auto => ladder::rungs(self)[0],
            exact => exact,
        };
        for end in [&self.source, &self.target] {
            if end.kind == Kind::Pipe {
                widen(end.fd, || tally.called(first));
            }
        }
    }

    fn walk(&self, tally: &mut Tally, relay: &mut Relay) -> Progress {
        let known = refusals::Known::of(self);
        let mut bytes = 0;
        let mut rest = *self;
        let mut rungs = ladder::rungs(self)
            .iter()
            .copied()
            .filter(|rung| !known.refuses(*rung))
            .peekable();
        while let Some(rung) = rungs.next() {
            let progress = rest.run_exact(rung, tally, relay);
            bytes += progress.bytes;
            let is_last = rungs.peek().is_none();
            match progress.ending {
                Ending::Failed(error) if error.is_refusal() && !is_last => {
                    refusals::remember(self, rung, error);
                }
                // A first answer of 0 may come from a file whose size the kernel does not know, as in procfs: only
                // `read(2)` knows its end.
                Ending::EndOfFile if bytes == 0 && self.source.kind == Kind::File && !is_last => {
                    while rungs
                        .next_if(|rung| *rung != Mechanism::ReadWrite)
                        .is_some()
                    {}
                }
                ending => return Progress { bytes, ending },
            }
            rest = rest.after(progress.bytes);
            if rest.count == 0 {
                break;
            }
        }
        Progress {
            bytes,
            ending: Ending::Complete,
        }
    }

    fn run_exact(&self, mechanism: Mechanism, tally: &mut Tally, relay: &mut Relay) -> Progress {
        let progress = match mechanism {
            Mechanism::Auto | Mechanism::ReadWrite => read_write::run(self, tally, relay),
            Mechanism::MmapWrite => mmap_write::run(self, tally),
            Mechanism::Sendfile => sendfile::run(self, tally),
            Mechanism::Splice => splice::run(self, tally, relay),
            Mechanism::CopyFileRange => copy_file_range::run(self, tally),
            Mechanism::Reflink => reflink::run(self, tally),
            Mechanism::DirectIo => direct_io::run(self, tally),
        };
        tally.moved(mechanism, progress.bytes);
        match progress.ending {
            Ending::Failed(error) if error.is_refusal() => tally.refused(mechanism, error),
            _ => {}
        }
        progress
    }

    /// The count, or the bytes that the source file has now if they are fewer: what is appended meanwhile, perhaps by this
    /// very transfer, is not chased. A file of 0 bytes may be one that does not know its size, as in procfs.
    fn clipped_to_source(&self) -> Result<u64, Error> {
        let Offset::At(at) = self.source.offset else {
            return Ok(self.count);
        };
        match u64::try_from(fstat(self.source.fd).naming(Call::Statx)?.st_size) {
            Ok(size) if size > 0 => Ok(self.count.min(size.saturating_sub(at))),
            _ => Ok(self.count),
        }
    }

    /// How a transfer ends that could move no more than `bytes`.
    fn ending_at(&self, bytes: u64) -> Ending {
        if bytes == self.count {
            Ending::Complete
        } else if bytes == 0 {
            Ending::EndOfFile
        } else {
            Ending::Short
        }
    }

    /// When a transfer that may wait is to pause.
    fn pause(&self) -> Pause {
        let may_wait = self.source.may_wait() || self.target.may_wait();
        Pause {
            is_wanted: self.pace != Pace::AtOnce && may_wait,
            at: None,
        }
    }

    fn waits_for_source(&self) -> bool {
        self.pace != Pace::AtOnce && self.source.kind != Kind::File
    }

    /// A full pipe makes each call short, however much more is to come.
    fn waits_for_pipe(&self) -> bool {
        self.pace != Pace::AtOnce && self.target.kind == Kind::Pipe
    }

    /// Calls `once` with the bytes moved so far and the bytes to ask for, until the request is done or a call is short.
    /// A stream that is waited for gives or takes less than was asked for at every turn, which ends nothing before it is
    /// time to pause.
    ///
    /// For the mechanisms whose one system call moves bytes from end to end, so that a call that fails has moved none.
    fn repeat(
        &self,
        mechanism: Mechanism,
        call: Call,
        tally: &mut Tally,
        mut once: impl FnMut(u64, usize) -> nix::Result<usize>,
    ) -> Progress {
        let waits = self.waits_for_source() || self.waits_for_pipe();
        let mut pause = self.pause();
        let mut bytes = 0;
        let ending = loop {
            let asked = (self.count - bytes).min(KERNEL_CAP);
            tally.called(mechanism);
            let moved = match once(bytes, usize::try_from(asked).unwrap_or(usize::MAX)) {
                Ok(0) => break Ending::EndOfFile,
                Ok(moved) => moved as u64,
                Err(errno) => break Ending::Failed(Error { call, errno }),
            };
            bytes += moved;
            if bytes == self.count {
                break Ending::Complete;
            }
            if moved < asked && !waits {
                break Ending::Short;
            }
            if pause.is_due() {
                break Ending::Paused;
            }
        };
        Progress { bytes, ending }
    }

    /// Reads `count` bytes of a source file piece by piece, and writes each to the target. `read` is given the bytes moved
    /// so far and the room there is; it answers how many bytes it asked for and how many it got. What the target does not
    /// take of a piece is in the file still.
    fn by_pieces(
        &self,
        count: u64,
        buffer: &mut [u8],
        mechanism: Mechanism,
        tally: &mut Tally,
        mut read: impl FnMut(u64, &mut [u8], &mut Tally) -> Result<(usize, usize), Error>,
    ) -> Progress {
        let mut pause = self.pause();
        let mut bytes = 0;
        let ending = loop {
            if bytes == count {
                break self.ending_at(bytes);
            }
            let room = usize::try_from(count - bytes).unwrap_or(usize::MAX);
            let room = room.min(buffer.len());
            tally.called(mechanism);
            let (asked, filled) = match read(bytes, &mut buffer[..room], tally) {
                Ok((_, 0)) => break Ending::EndOfFile,
                Ok(piece) => piece,
                Err(error) => break Ending::Failed(error),
            };
            tally.called(mechanism);
            let stored = match blocks::write(&self.target.advanced(bytes), &buffer[..filled], tally)
            {
                Ok(stored) => stored,
                Err(error) => break Ending::Failed(error),
            };
            bytes += stored as u64;
            // The file ends here, for now, or the target is full.
            if stored < asked {
                break self.ending_at(bytes);
            }
            if bytes < count && pause.is_due() {
                break Ending::Paused;
            }
        };
        Progress { bytes, ending }
    }

    /// Runs `at_offset` with a source file at a given offset. One at its descriptor's own is read where that stands, and
    /// moved by what was transferred, not by what was read.
    fn positioned(
        &self,
        mechanism: Mechanism,
        tally: &mut Tally,
        at_offset: impl FnOnce(&Request<'_>, &mut Tally) -> Progress,
    ) -> Progress {
        if let Offset::At(_) = self.source.offset {
            return at_offset(self, tally);
        }
        let start = match place(&self.source, mechanism, tally) {
            Ok(start) => start,
            Err(error) => return Progress::failed(0, error),
        };
        let source = Endpoint {
            offset: Offset::At(start),
            ..self.source
        };
        let progress = at_offset(&Request { source, ..*self }, tally);
        match move_on(&self.source, start, progress.bytes, mechanism, tally) {
            Ok(()) => progress,
            Err(error) => Progress::failed(progress.bytes, error),
        }
    }

    /// The request that is left when `bytes` of this one are done.
    fn after(&self, bytes: u64) -> Self {
        Request {
            source: self.source.advanced(bytes),
            target: self.target.advanced(bytes),
            count: self.count - bytes,
            pace: self.pace,
        }
    }
}

/// When to pause, if ever. The clock starts at the first question, since most transfers are one call.
struct Pause {
    is_wanted: bool,
    at: Option<Instant>,
}

impl Pause {
    fn is_due(&mut self) -> bool {
        if !self.is_wanted {
            return false;
        }
        let now = Instant::now();
        now >= *self.at.get_or_insert(now + LONGEST)
    }
}

/// Where in a file the bytes begin.
fn place(endpoint: &Endpoint<'_>, mechanism: Mechanism, tally: &mut Tally) -> Result<u64, Error> {
    match endpoint.offset {
        Offset::At(at) => Ok(at),
        Offset::Own => {
            tally.called(mechanism);
            let at = lseek(endpoint.fd, 0, Whence::SeekCur).naming(Call::Lseek)?;
            Ok(u64::try_from(at).unwrap_or(0))
        }
    }
}

/// Moves a descriptor's own offset on, if it is the one that is used, by the `bytes` that were moved from `start` on.
fn move_on(
    endpoint: &Endpoint<'_>,
    start: u64,
    bytes: u64,
    mechanism: Mechanism,
    tally: &mut Tally,
) -> Result<(), Error> {
    if endpoint.offset != Offset::Own || bytes == 0 {
        return Ok(());
    }
    tally.called(mechanism);
    let to = i64::try_from(start + bytes).map_err(|_| Errno::EOVERFLOW);
    to.and_then(|to| lseek(endpoint.fd, to, Whence::SeekSet))
        .naming(Call::Lseek)?;
    Ok(())
}
