//! `splice(2)`: pages move between a pipe and a file or socket without passing through user space.
//!
//! Where one side is a pipe, one call moves the bytes. Otherwise they go through a pooled pipe: references to pages into a
//! socket, one copy into a file. A call that waits for a socket holds its pipe meanwhile, so that nobody else can read,
//! write or close that: none is made on a caller's pipe. A socket to read is waited for before, and bytes for one to write
//! go from the caller's pipe through one of ours. Bytes in the pipe have left their source: they wait in the [`InFlight`], and those that a
//! file does not take by `splice` are written to it.
//!
//! # Errors
//! `EINVAL`: a file system without the operation, an `O_APPEND` target, two files; `EAGAIN`: a non-blocking side is not
//! ready; `EINTR`; `EPIPE`; `ENOSPC`, `EFBIG`, `EIO`: the target file takes no more; `EMFILE`, `ENFILE`: no descriptors for
//! a pipe; `EDQUOT`: no pages for one. Source: `splice(2)`, the kernel's `fs/splice.c`.

use crate::endpoint::{Endpoint, Kind};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::pipe::Pipe;
use crate::system_call::SystemCall;
use crate::transfer::direct_file::is_direct;
use crate::transfer::in_flight::InFlight;
use crate::transfer::progress::{Ending, Progress, Side};
use crate::transfer::request::{KERNEL_CAP, Pace, Request};
use crate::transfer::steps::Steps;
use crate::transfer::streams::{self, Taken, Way};
use nix::errno::Errno;
use nix::fcntl::{SpliceFFlags, splice};
use nix::libc::PIPE_BUF;
use nix::poll::PollFlags;

const SELF: Mechanism = Mechanism::Splice;

pub(in crate::transfer) fn run(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    let is_waited_for = request.pace != Pace::AtOnce;
    match (request.source.kind, request.target.kind) {
        (Kind::File, Kind::File) => Progress::refused(SystemCall::Splice, Errno::EINVAL),
        (Kind::File, Kind::Socket) => request.positioned(SELF, steps, from_file),
        // It would take what may be no whole block. What a caller's own pipe holds stays there.
        (Kind::Socket, Kind::File) if takes_blocks(&request.target, steps) => {
            Progress::refused(SystemCall::Splice, Errno::EINVAL)
        }
        (Kind::Socket, Kind::File) => from_stream(request, steps, in_flight),
        (Kind::Socket, Kind::Socket) if is_waited_for => {
            streams::run(request, &ThroughPipe, steps, in_flight)
        }
        // Nothing may be left over where one socket is not waited for, and splice takes before it gives.
        (Kind::Socket, Kind::Socket) => Progress::refused(SystemCall::Splice, Errno::EINVAL),
        // `splice` waits for a blocking socket, whatever its flags say, and holds the pipe meanwhile.
        (Kind::Pipe, Kind::Socket) if request.pace == Pace::Throughout => {
            streams::run(request, &ThroughPipe, steps, in_flight)
        }
        (Kind::Pipe, Kind::Socket)
            if !is_waited_for && !is_non_blocking(&request.target, steps) =>
        {
            by_what_fits(request, steps, in_flight)
        }
        (Kind::Pipe | Kind::Socket, Kind::Pipe | Kind::Socket) if is_waited_for => {
            streams::run(request, &EndToEnd, steps, in_flight)
        }
        (Kind::Socket, Kind::Pipe)
            if !is_non_blocking(&request.source, steps)
                && !is_ready(&request.source, PollFlags::POLLIN, steps) =>
        {
            in_flight.target_was_full = false;
            Progress::refused(SystemCall::Splice, Errno::EAGAIN)
        }
        (Kind::Pipe, _) | (_, Kind::Pipe) => direct(request, steps, in_flight),
    }
}

/// From stream to stream through a pipe of ours.
struct ThroughPipe;

impl Way for ThroughPipe {
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
    ) -> (u64, Result<(), Error>) {
        // What another rung has left over comes first. The calls are that rung's.
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
                    // A signal came, perhaps because the source was closed, which this call does not touch.
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

/// From stream to stream by one call, since one of them is a pipe. Both are ready, so that it waits for neither.
struct EndToEnd;

impl Way for EndToEnd {
    fn take(
        &self,
        request: &Request<'_>,
        most: u64,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Result<Taken, Error> {
        in_flight.target_was_full = false;
        steps.called(SELF);
        let (from, to) = (request.source.fd, request.target.fd);
        let len = usize::try_from(most.min(KERNEL_CAP)).unwrap_or(usize::MAX);
        // Somebody else may have used the pipe since it was looked at.
        let flags = flags(request.pace) | SpliceFFlags::SPLICE_F_NONBLOCK;
        let moved = splice(from, None, to, None, len, flags).naming(SystemCall::Splice);
        let moved = unless_urgent(moved, &request.source);
        if moved.is_err_and(|error| error.errno == Errno::EAGAIN) {
            in_flight.target_was_full = was_target_full(request);
        }
        Ok(Taken::Moved(moved? as u64))
    }

    fn deliver(
        &self,
        target: &Endpoint<'_>,
        most: u64,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> (u64, Result<(), Error>) {
        // What another rung has left over. The calls are that rung's.
        let (bytes, result) = in_flight.write_out(most, target, Mechanism::ReadWrite, steps);
        steps.moved_instead(SELF, Mechanism::ReadWrite, bytes);
        (bytes, result)
    }

    fn capacity(&self, _relay: &InFlight) -> u64 {
        0
    }
}

/// What a call has taken; a refusal where it stands before an urgent byte, which only `recv(2)` steps over.
fn unless_urgent(taken: Result<usize, Error>, source: &Endpoint<'_>) -> Result<usize, Error> {
    let is_nothing = match taken {
        Ok(bytes) => bytes == 0,
        Err(error) => error.errno == Errno::EAGAIN,
    };
    if is_nothing && source.is_urgent() {
        return Err(Errno::EINVAL).naming(SystemCall::Splice);
    }
    taken
}

/// Which side an `EAGAIN` of one call between two streams was about.
fn was_target_full(request: &Request<'_>) -> bool {
    !request.source.ready(PollFlags::POLLIN).is_empty()
        && request.target.ready(PollFlags::POLLOUT).is_empty()
}

fn is_non_blocking(socket: &Endpoint<'_>, steps: &mut Steps) -> bool {
    steps.called(SELF);
    socket.is_non_blocking()
}

fn takes_blocks(file: &Endpoint<'_>, steps: &mut Steps) -> bool {
    steps.called(SELF);
    is_direct(file)
}

fn is_ready(end: &Endpoint<'_>, events: PollFlags, steps: &mut Steps) -> bool {
    steps.called(SELF);
    !end.ready(events).is_empty()
}

/// Into a socket that a call would wait for: as many bytes at a time as one that is ready has room for.
fn by_what_fits(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
    let mut bytes = 0;
    let mut budget = request.budget();
    in_flight.target_was_full = false;
    let ending = loop {
        if bytes == request.count {
            break Ending::Complete;
        }
        if bytes > 0 && budget.is_spent(0) {
            break Ending::Paused;
        }
        if !is_ready(&request.target, PollFlags::POLLOUT, steps) {
            break Ending::WouldBlock(Side::Target);
        }
        let asked = usize::try_from(request.count - bytes).unwrap_or(PIPE_BUF);
        let asked = asked.min(PIPE_BUF);
        steps.called(SELF);
        let (from, to) = (request.source.fd, request.target.fd);
        match splice(from, None, to, None, asked, flags(request.pace)) {
            Ok(0) => break Ending::EndOfFile,
            Ok(moved) => {
                bytes += moved as u64;
                if moved < asked && bytes < request.count {
                    break Ending::Short;
                }
            }
            Err(errno) => {
                let call = SystemCall::Splice;
                break Ending::Failed(Error { call, errno });
            }
        }
    };
    Progress { bytes, ending }
}

/// Asks whether a file takes bytes by `splice` at all, before any have left a socket for it: the call looks at that, and
/// at `O_APPEND`, before it looks at how many bytes the pipe holds.
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

fn direct(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
    // What another rung has left over comes first. The calls are that rung's.
    let (written, result) =
        in_flight.write_out(request.count, &request.target, Mechanism::ReadWrite, steps);
    steps.moved_instead(SELF, Mechanism::ReadWrite, written);
    if let Err(error) = result {
        return Progress::failed(written, error);
    }
    let rest = request.after(written);
    let progress = if rest.count == 0 {
        Progress {
            bytes: 0,
            ending: Ending::Complete,
        }
    } else {
        between_ends(&rest, steps, in_flight)
    };
    Progress {
        bytes: written + progress.bytes,
        ..progress
    }
}

/// One call moves the bytes, since one side is a pipe.
fn between_ends(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
    let (source, target) = (request.source, request.target);
    let flags = flags(request.pace);
    in_flight.target_was_full = false;
    let has_moved = in_flight.has_moved(0);
    let progress = request.repeat(SELF, SystemCall::Splice, has_moved, steps, |moved, len| {
        let mut from = source.offset.advanced(moved).for_kernel()?;
        let mut to = target.offset.advanced(moved).for_kernel()?;
        let taken = splice(source.fd, from.as_mut(), target.fd, to.as_mut(), len, flags);
        unless_urgent(taken.naming(SystemCall::Splice), &source).map_err(|error| error.errno)
    });
    let are_streams = source.kind != Kind::File && target.kind != Kind::File;
    if are_streams
        && matches!(progress.ending, Ending::Failed(error) if error.errno == Errno::EAGAIN)
    {
        in_flight.target_was_full = was_target_full(request);
    }
    progress
}

fn flags(pace: Pace) -> SpliceFFlags {
    match pace {
        Pace::Throughout | Pace::Polled => SpliceFFlags::SPLICE_F_MOVE,
        Pace::AtOnce => SpliceFFlags::SPLICE_F_MOVE | SpliceFFlags::SPLICE_F_NONBLOCK,
    }
}

/// What a full socket does not take stays in the file as well: it is read again, and the pipe is closed. A blocking socket
/// takes less than it is offered when a signal comes, which is for the caller to see.
fn from_file(request: &Request<'_>, steps: &mut Steps) -> Progress {
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
fn from_stream(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
    let Progress { bytes, ending } = streams::into_file(request, &ThroughPipe, steps, in_flight);
    match ending {
        // Bytes in the pipe must not be lost, whatever splice says, nor wait for what a signal is about, which may be a
        // close of the file: the exact mechanism ends here, the ladder goes on.
        Ending::Failed(error) => {
            let target = request.target.advanced(bytes);
            let left = request.count - bytes;
            let (written, result) = in_flight.write_out(left, &target, Mechanism::ReadWrite, steps);
            steps.moved_instead(SELF, Mechanism::ReadWrite, written);
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
