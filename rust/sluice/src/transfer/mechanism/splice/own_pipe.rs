//! Through a pooled pipe of ours: references to pages into a socket, one copy into a file.

use super::call::{SELF, flags, pass_on_leftover, unless_urgent};
use crate::endpoint::{Endpoint, Kind};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::pipe::Pipe;
use crate::system_call::SystemCall;
use crate::transfer::in_flight::{Delivered, InFlight};
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::{KERNEL_CAP, Pace, Request};
use crate::transfer::steps::Steps;
use crate::transfer::streams::{self, StreamIo, Taken};
use nix::errno::Errno;
use nix::fcntl::{SpliceFFlags, splice};
use nix::poll::PollFlags;

/// From stream to stream through a pipe of ours.
pub(super) struct ThroughOwnPipe;

impl StreamIo for ThroughOwnPipe {
    fn take(
        &self,
        request: &Request<'_>,
        most: u64,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Result<Taken, Error> {
        let pipe = in_flight.pipe.take().map_or_else(Pipe::take, Ok)?;
        let filled = fill(&request.source, &pipe, most, request.pace, steps);
        in_flight.pipe = Some(pipe);
        in_flight.piped = unless_urgent(filled, &request.source)?;
        Ok(Taken::Held(in_flight.piped as u64))
    }

    fn deliver(
        &self,
        target: &Endpoint<'_>,
        most: u64,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Delivered {
        // Bytes that another rung has left in the buffer come first. The calls are that rung's.
        let (mut bytes, result) =
            in_flight.write_buffered(most, target, Mechanism::ReadWrite, steps);
        steps.moved_instead(SELF, Mechanism::ReadWrite, bytes);
        if result.is_err() {
            return (bytes, result);
        }
        while let Some(pipe) = in_flight.pipe.as_ref().filter(|_| in_flight.piped > 0) {
            let piped = (in_flight.piped as u64).min(most - bytes);
            if piped == 0 {
                break;
            }
            match empty(pipe, piped, target, steps) {
                Ok(moved) => {
                    in_flight.piped -= moved;
                    bytes += moved as u64;
                    // A signal came. It may mean that the source was closed, which this call does not touch: the caller
                    // has to look.
                    if (moved as u64) < piped {
                        return (bytes, Err(Errno::EINTR).naming(SystemCall::Splice));
                    }
                }
                Err(error) => return (bytes, Err(error)),
            }
        }
        (bytes, Ok(()))
    }

    fn capacity(&self, in_flight: &InFlight) -> u64 {
        in_flight
            .pipe
            .as_ref()
            .map_or(KERNEL_CAP, |pipe| pipe.capacity() as u64)
    }
}

/// Asks whether a file takes bytes by `splice` at all, before any have left the source socket. The pipe is empty: the
/// call looks at the file, and at `O_APPEND`, before it looks at how many bytes the pipe holds.
pub(in crate::transfer) fn probe(request: &Request<'_>, steps: &mut Steps) -> Result<(), Error> {
    if (request.source.kind, request.target.kind) != (Kind::Socket, Kind::File) {
        return Ok(());
    }
    let pipe = Pipe::take()?;
    steps.called(SELF);
    let flags = SpliceFFlags::SPLICE_F_NONBLOCK;
    let to = request.target.offset.for_kernel();
    let answer = to.and_then(|mut to| {
        splice(
            pipe.reader(),
            None,
            request.target.fd,
            to.as_mut(),
            1,
            flags,
        )
    });
    pipe.give_back_empty();
    match answer {
        Ok(_) | Err(Errno::EAGAIN) => Ok(()),
        Err(errno) => Err(errno).naming(SystemCall::Splice),
    }
}

/// From a file into a socket. Bytes that a full socket does not take are still in the file: they are read again, and
/// the pipe is closed with them. A blocking socket takes less than it is offered when a signal comes: the caller has to
/// see that.
pub(super) fn from_file(request: &Request<'_>, steps: &mut Steps) -> Progress {
    let pipe = match Pipe::take() {
        Ok(pipe) => pipe,
        Err(error) => return Progress::failed(0, error),
    };
    let mut budget = request.budget();
    let mut bytes = 0;
    let ending = loop {
        let asked = request.count - bytes;
        let source = request.source.advanced(bytes);
        let mut piped = match fill(&source, &pipe, asked, Pace::Throughout, steps) {
            Ok(0) => break Ending::EndOfFile,
            Ok(piped) => piped as u64,
            Err(error) => break Ending::Failed(error),
        };
        while piped > 0 {
            match empty(&pipe, piped, &request.target, steps) {
                Ok(moved) => {
                    piped -= moved as u64;
                    bytes += moved as u64;
                    if piped > 0 {
                        return Progress {
                            bytes,
                            ending: Ending::Short,
                        };
                    }
                }
                // A signal may end the wait. The pipe then still holds bytes, and the socket has room for them.
                Err(error)
                    if error.errno == Errno::EINTR
                        && !request.target.ready(PollFlags::POLLOUT).is_empty() => {}
                Err(error) => return Progress::failed(bytes, error),
            }
        }
        if bytes == request.count {
            break Ending::Complete;
        }
        if budget.is_spent(0) {
            break Ending::Paused;
        }
    };
    pipe.give_back_empty();
    Progress { bytes, ending }
}

/// From a socket into a file.
pub(super) fn from_stream(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    let Progress { bytes, ending } = streams::into_file(request, &ThroughOwnPipe, steps, in_flight);
    match ending {
        // Bytes in the pipe must not be lost, whatever `splice` says. Nor must they wait for the caller after a signal,
        // which may mean that the file is being closed: they are written at once. Then the exact mechanism ends, and
        // the ladder goes on.
        Ending::Failed(error) => {
            let target = request.target.advanced(bytes);
            let left = request.count - bytes;
            let (written, result) = pass_on_leftover(in_flight, left, &target, steps);
            Progress::failed(bytes + written, result.err().unwrap_or(error))
        }
        ending => Progress { bytes, ending },
    }
}

/// From a file or stream into an empty pipe.
fn fill(
    source: &Endpoint<'_>,
    pipe: &Pipe,
    asked: u64,
    pace: Pace,
    steps: &mut Steps,
) -> Result<usize, Error> {
    steps.called(SELF);
    let most = asked.min(KERNEL_CAP).min(pipe.capacity() as u64);
    let len = usize::try_from(most).unwrap_or(usize::MAX);
    source
        .offset
        .for_kernel()
        .and_then(|mut from| {
            let from = from.as_mut();
            splice(source.fd, from, pipe.writer(), None, len, flags(pace))
        })
        .naming(SystemCall::Splice)
}

/// From the pipe into a socket or file.
fn empty(
    pipe: &Pipe,
    piped: u64,
    target: &Endpoint<'_>,
    steps: &mut Steps,
) -> Result<usize, Error> {
    steps.called(SELF);
    let flags = SpliceFFlags::SPLICE_F_MOVE;
    let piped = usize::try_from(piped).unwrap_or(usize::MAX);
    let moved = target
        .offset
        .for_kernel()
        .and_then(|mut to| splice(pipe.reader(), None, target.fd, to.as_mut(), piped, flags))
        .naming(SystemCall::Splice)?;
    if moved == 0 {
        return Err(Error::stuck(SystemCall::Splice));
    }
    Ok(moved)
}
