//! From or into a pipe of the caller: one call moves the bytes.

use super::call::{SELF, flags, is_ready, pass_on_leftover, unless_urgent, was_target_full};
use crate::endpoint::{Endpoint, Kind};
use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use crate::transfer::in_flight::{Delivered, InFlight};
use crate::transfer::progress::{Ending, Progress, Side};
use crate::transfer::request::{KERNEL_CAP, Request};
use crate::transfer::steps::Steps;
use crate::transfer::streams::{StreamIo, Taken};
use nix::errno::Errno;
use nix::fcntl::{SpliceFFlags, splice};
use nix::libc::PIPE_BUF;
use nix::poll::PollFlags;

/// From stream to stream by one call, since one of them is a pipe. Both are ready, so that the call waits for neither.
pub(super) struct EndToEnd;

impl StreamIo for EndToEnd {
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
        // Another thread may have used the pipe since it was looked at.
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
    ) -> Delivered {
        pass_on_leftover(in_flight, most, target, steps)
    }

    fn capacity(&self, _in_flight: &InFlight) -> u64 {
        0
    }
}

/// Into a blocking socket, for which a call would wait: as many bytes at a time as a socket that is ready has room for.
pub(super) fn by_what_fits(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    let mut bytes = 0;
    let mut budget = request.budget();
    in_flight.target_was_full = false;
    let ending = loop {
        if let Some(ending) = request.end_of_turn(bytes, &mut budget) {
            break ending;
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
                break Ending::Failed(Error::new(SystemCall::Splice, errno));
            }
        }
    };
    Progress { bytes, ending }
}

pub(super) fn by_calls(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    // Bytes that another rung has left in flight come first.
    let (written, result) = pass_on_leftover(in_flight, request.count, &request.target, steps);
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
        repeat_calls(&rest, steps, in_flight)
    };
    Progress {
        bytes: written + progress.bytes,
        ..progress
    }
}

/// One call moves the bytes, since one side is a pipe.
fn repeat_calls(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
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
