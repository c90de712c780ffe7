//! A request, its outcome, and how one mechanism or the ladder serves it.

mod blocks;
pub(crate) mod budget;
mod copy_file_range;
mod direct_io;
mod end_of_file;
mod ladder;
mod mmap_write;
pub(crate) mod overlap;
mod read_write;
pub(crate) mod reflink;
pub(crate) mod refusals;
mod sendfile;
mod splice;
mod streams;

use crate::endpoint::{Endpoint, Kind, Offset};
use crate::error::{Error, Naming};
use crate::in_flight::InFlight;
use crate::mechanism::Mechanism;
use crate::pooled::pipe::{FULL, widen};
use crate::steps::Steps;
use crate::system_call::SystemCall;
use budget::{Budget, INTO_BUFFERS, TRANSFER};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::fstat;
use nix::unistd::{Whence, lseek};

/// The most bytes that one `read`, `write`, `sendfile` or `copy_file_range` moves (`MAX_RW_COUNT`, see `read(2)`).
const KERNEL_CAP: u64 = 0x7fff_f000;

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

/// One of the two ends of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Where the bytes come from.
    Source,
    /// Where they go.
    Target,
}

/// Why a transfer moved no more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The count was reached.
    Complete,
    /// A call moved fewer bytes than it was asked to: the file ends there, or the target is full. Only with
    /// [`Pace::AtOnce`]: otherwise it is found out which.
    Short,
    /// Nothing but the time stopped it, or a signal: the caller may want to look at its own state, and asks again.
    Paused,
    /// The source has no more bytes: the end of a file, or a peer that has finished.
    EndOfFile,
    /// A stream is not ready: the caller may wait for it, and asks again.
    WouldBlock(Side),
    /// A socket owes an error to whoever calls next. It was left there, because bytes had been moved before it.
    ErrorPending,
    /// A call failed.
    Failed(Error),
}

impl Ending {
    /// What a failed call means, of which `blocked` is the side that it would have had to wait for.
    pub(crate) fn of_failed_call(error: Error, blocked: impl FnOnce() -> Option<Side>) -> Ending {
        match error.errno {
            // Whoever sends signals to wake its threads looks at its own state.
            Errno::EINTR => Ending::Paused,
            Errno::EAGAIN if error.call.may_wait() => {
                blocked().map_or(Ending::Failed(error), Ending::WouldBlock)
            }
            _ => Ending::Failed(error),
        }
    }
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
    fn refused(call: SystemCall, errno: Errno) -> Progress {
        Progress::failed(0, Error { call, errno })
    }
}

impl Request<'_> {
    /// Moves the bytes by `mechanism` and adds what happened to `steps`; waits for what is not ready, unless its descriptor is
    /// non-blocking.
    ///
    /// An exact mechanism does its own system calls and no other; its refusal is the [`Ending::Failed`] it returns.
    /// [`Mechanism::Auto`] goes one rung down at a refusal, for the bytes that have not been moved yet. Bytes that were
    /// taken from a stream and that the target did not take are counted in [`Steps::stranded`].
    pub fn run(&self, mechanism: Mechanism, steps: &mut Steps) -> Progress {
        let mut in_flight = InFlight::default();
        self.widen_pipes(mechanism, steps);
        let mut bytes = 0;
        let ending = loop {
            let progress = self.after(bytes).resume(mechanism, steps, &mut in_flight);
            bytes += progress.bytes;
            if bytes > 0 {
                in_flight.continue_transfer();
            }
            match progress.ending {
                Ending::Paused => {}
                Ending::WouldBlock(side) if self.may_await(side) => {
                    // A signal is no reason to stop.
                    _ = match side {
                        Side::Source => self.source.await_ready(PollFlags::POLLIN),
                        Side::Target => self.target.await_ready(PollFlags::POLLOUT),
                    };
                }
                ending => break ending,
            }
        };
        steps.stranded += in_flight.held();
        Progress { bytes, ending }
    }

    fn may_await(&self, side: Side) -> bool {
        let end = match side {
            Side::Source => &self.source,
            Side::Target => &self.target,
        };
        self.pace == Pace::Throughout && !end.is_non_blocking()
    }

    /// As [`Request::run`], for one turn and without waiting between calls, with bytes on their way kept in `in_flight`: first
    /// those go to the target that an earlier call for the same pair has left there. The count is that of the whole
    /// transfer, less what has been moved.
    ///
    /// # Panics
    /// If a mechanism says that it has moved more bytes than the count, which none does.
    pub fn resume(
        &self,
        mechanism: Mechanism,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Progress {
        if self.count == 0 {
            return Progress {
                bytes: 0,
                ending: Ending::Complete,
            };
        }
        let progress = match mechanism {
            // What is moved from the end is not told by prefixes, so that no rung can take over.
            _ if in_flight.backwards.is_some() => {
                self.run_exact(Mechanism::ReadWrite, steps, in_flight)
            }
            Mechanism::Auto => self.walk(steps, in_flight),
            // What is on its way has left the socket already.
            Mechanism::Splice if !in_flight.is_needed() => match splice::probe(self, steps) {
                Ok(()) => self.run_to_a_true_end(Mechanism::Splice, steps, in_flight),
                Err(error) => {
                    steps.refused(Mechanism::Splice, error);
                    Progress::failed(0, error)
                }
            },
            exact => self.run_to_a_true_end(exact, steps, in_flight),
        };
        assert!(progress.bytes <= self.count, "more was moved than asked");
        Progress {
            ending: self.judged(progress, in_flight),
            ..progress
        }
    }

    /// What the end of the calls means: the one place where a signal, a call that would wait and a short one are judged.
    fn judged(&self, progress: Progress, in_flight: &InFlight) -> Ending {
        match progress.ending {
            Ending::Failed(error) => Ending::of_failed_call(error, || self.blocked(in_flight)),
            Ending::Short if self.pace != Pace::AtOnce => self.judged_short(progress.bytes),
            ending => ending,
        }
    }

    /// The side that a call would have had to wait for. A file is never waited for.
    fn blocked(&self, in_flight: &InFlight) -> Option<Side> {
        match (self.source.kind, self.target.kind) {
            (Kind::File, Kind::File) => None,
            (Kind::File, _) => Some(Side::Target),
            (_, Kind::File) => Some(Side::Source),
            _ if in_flight.waits_for_target() => Some(Side::Target),
            _ => Some(Side::Source),
        }
    }

    /// The file ends there, or a signal came while the target was waited for, or file systems that share extents moved
    /// whole blocks first.
    fn judged_short(&self, bytes: u64) -> Ending {
        let rest = self.source.advanced(bytes);
        if rest.kind == Kind::File && rest.left() == Some(0) {
            Ending::EndOfFile
        } else {
            Ending::Paused
        }
    }

    /// Whose failure an error is, as far as the call tells: that of a socket which was read, of a target that was written.
    #[must_use]
    pub fn side_of(&self, error: Error, in_flight: &InFlight) -> Option<Side> {
        match error.call {
            SystemCall::Read | SystemCall::Tee => Some(Side::Source),
            SystemCall::Write => Some(Side::Target),
            SystemCall::Sendfile | SystemCall::Splice if error.is_of_connection() => {
                match (self.source.kind, self.target.kind) {
                    (Kind::File | Kind::Pipe, Kind::Socket | Kind::Pipe) => Some(Side::Target),
                    (Kind::Socket, Kind::Socket) if in_flight.held() > 0 => Some(Side::Target),
                    (Kind::Socket, Kind::Pipe) if error.errno == Errno::EPIPE => Some(Side::Target),
                    (Kind::Socket, _) => Some(Side::Source),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Widens the caller's pipes where the request would fill them. Once for each transfer, before its first
    /// [`Request::resume`]; the calls are added to `steps` as those of the mechanism that is tried first.
    pub fn widen_pipes(&self, mechanism: Mechanism, steps: &mut Steps) {
        if self.count < FULL || self.pace == Pace::AtOnce {
            return;
        }
        let first = match mechanism {
            Mechanism::Auto => ladder::rungs(self)[0],
            exact => exact,
        };
        for end in [&self.source, &self.target] {
            if end.kind == Kind::Pipe {
                widen(end.fd, || steps.called(first));
            }
        }
    }

    fn walk(&self, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
        let known = refusals::Known::of(self);
        let mut met = refusals::Met::default();
        let mut bytes = 0;
        let mut rest = *self;
        let mut rungs = ladder::rungs(self)
            .iter()
            .copied()
            .filter(|rung| !known.refuses(*rung))
            .peekable();
        while let Some(rung) = rungs.next() {
            let progress = rest.run_exact(rung, steps, in_flight);
            bytes += progress.bytes;
            met.note(self, &known, rung, &progress);
            let is_last = rungs.peek().is_none();
            match progress.ending {
                Ending::Failed(error) if self.is_refusal(error) && !is_last => {}
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
            if bytes > 0 {
                in_flight.continue_transfer();
            }
        }
        Progress {
            bytes,
            ending: Ending::Complete,
        }
    }

    fn run_exact(
        &self,
        mechanism: Mechanism,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Progress {
        let serve =
            |request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight| match mechanism {
                Mechanism::Auto | Mechanism::ReadWrite => {
                    read_write::run(request, steps, in_flight)
                }
                Mechanism::MmapWrite => mmap_write::run(request, steps),
                Mechanism::Sendfile => sendfile::run(request, steps),
                Mechanism::Splice => splice::run(request, steps, in_flight),
                Mechanism::CopyFileRange => copy_file_range::run(request, steps),
                Mechanism::Reflink => reflink::run(request, steps),
                Mechanism::DirectIo => direct_io::run(request, in_flight.has_moved(0), steps),
            };
        let progress = overlap::run(self, mechanism, steps, in_flight, serve);
        steps.moved(mechanism, progress.bytes);
        match progress.ending {
            Ending::Failed(error) if self.is_refusal(error) => steps.refused(mechanism, error),
            _ => {}
        }
        progress
    }

    /// The count, or the bytes that the source file has now if they are fewer: what is appended meanwhile, perhaps by this
    /// very transfer, is not chased. A place at or beyond the size may have bytes all the same, as in procfs, where the size
    /// is 0: only `read(2)` knows.
    fn clipped_to_source(&self) -> Result<u64, Error> {
        let Offset::At(at) = self.source.offset else {
            return Ok(self.count);
        };
        match u64::try_from(fstat(self.source.fd).naming(SystemCall::Statx)?.st_size) {
            Ok(size) if size > at => Ok(self.count.min(size - at)),
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

    /// The budget of one turn.
    fn budget(&self) -> Budget {
        let into_buffers = self.source.kind == Kind::File
            && self.target.kind != Kind::File
            && self.pace != Pace::Throughout;
        Budget::of(if into_buffers {
            &INTO_BUFFERS
        } else {
            &TRANSFER
        })
    }

    /// Looks at a socket before more is taken from it, after bytes have been moved: why nothing is to be taken now. A call
    /// that waited would take an error that the peer sends meanwhile, and nobody would be told of it.
    fn before_taking(&self, has_moved: bool) -> Option<Ending> {
        if self.source.kind != Kind::Socket || !has_moved {
            return None;
        }
        let timeout = match self.pace {
            Pace::Throughout => PollTimeout::NONE,
            Pace::Polled | Pace::AtOnce => PollTimeout::ZERO,
        };
        let mut polled = [PollFd::new(self.source.fd, PollFlags::POLLIN)];
        match poll(&mut polled, timeout) {
            Err(errno) => {
                let call = SystemCall::Read;
                Some(Ending::Failed(Error { call, errno }))
            }
            Ok(0) => Some(Ending::WouldBlock(Side::Source)),
            Ok(_) => {
                let ready = polled[0].revents().unwrap_or(PollFlags::all());
                let owes = self.source.owes_an_error(ready);
                owes.then_some(Ending::ErrorPending)
            }
        }
    }

    fn waits_for_source(&self) -> bool {
        self.pace != Pace::AtOnce && self.source.kind != Kind::File
    }

    /// A full pipe makes each call short, however much more is to come.
    fn waits_for_pipe(&self) -> bool {
        self.pace != Pace::AtOnce && self.target.kind == Kind::Pipe
    }

    /// Calls `once` with the bytes moved so far and the bytes to ask for, until the request is done, a call is short or the
    /// turn is over. A stream that is waited for gives or takes less than was asked for at every turn, which ends nothing.
    ///
    /// For the mechanisms whose one system call moves bytes from end to end, so that a call that fails has moved none.
    fn repeat(
        &self,
        mechanism: Mechanism,
        call: SystemCall,
        has_moved: bool,
        steps: &mut Steps,
        mut once: impl FnMut(u64, usize) -> nix::Result<usize>,
    ) -> Progress {
        let waits = self.waits_for_source() || self.waits_for_pipe();
        let mut budget = self.budget();
        let mut bytes = 0;
        let ending = loop {
            let asked = budget.piece_of(self.count - bytes).min(KERNEL_CAP);
            if let Some(ending) = self.before_taking(has_moved || bytes > 0) {
                break ending;
            }
            steps.called(mechanism);
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
            if budget.is_spent(moved) {
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
        steps: &mut Steps,
        mut read: impl FnMut(u64, &mut [u8], &mut Steps) -> Result<(usize, usize), Error>,
    ) -> Progress {
        let mut budget = self.budget();
        let mut bytes = 0;
        let ending = loop {
            if bytes == count {
                break self.ending_at(bytes);
            }
            let room = usize::try_from(count - bytes).unwrap_or(usize::MAX);
            let room = room.min(buffer.len());
            steps.called(mechanism);
            let (asked, filled) = match read(bytes, &mut buffer[..room], steps) {
                Ok((_, 0)) => break Ending::EndOfFile,
                Ok(piece) => piece,
                Err(error) => break Ending::Failed(error),
            };
            steps.called(mechanism);
            let stored = match blocks::write(&self.target.advanced(bytes), &buffer[..filled], steps)
            {
                Ok(stored) => stored,
                Err(error) => break Ending::Failed(error),
            };
            bytes += stored as u64;
            // The file ends here, for now, or the target is full.
            if stored < asked {
                break self.ending_at(bytes);
            }
            if bytes < count && budget.is_spent(stored as u64) {
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
        steps: &mut Steps,
        at_offset: impl FnOnce(&Request<'_>, &mut Steps) -> Progress,
    ) -> Progress {
        if let Offset::At(_) = self.source.offset {
            return at_offset(self, steps);
        }
        let start = match place(&self.source, mechanism, steps) {
            Ok(start) => start,
            Err(error) => return Progress::failed(0, error),
        };
        let source = Endpoint {
            offset: Offset::At(start),
            ..self.source
        };
        let progress = at_offset(&Request { source, ..*self }, steps);
        match move_on(&self.source, start, progress.bytes, mechanism, steps) {
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

/// Where in a file the bytes begin.
fn place(endpoint: &Endpoint<'_>, mechanism: Mechanism, steps: &mut Steps) -> Result<u64, Error> {
    match endpoint.offset {
        Offset::At(at) => Ok(at),
        Offset::Own => {
            steps.called(mechanism);
            let at = lseek(endpoint.fd, 0, Whence::SeekCur).naming(SystemCall::Lseek)?;
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
    steps: &mut Steps,
) -> Result<(), Error> {
    if endpoint.offset != Offset::Own || bytes == 0 {
        return Ok(());
    }
    steps.called(mechanism);
    let to = i64::try_from(start + bytes).map_err(|_| Errno::EOVERFLOW);
    to.and_then(|to| lseek(endpoint.fd, to, Whence::SeekSet))
        .naming(SystemCall::Lseek)?;
    Ok(())
}
