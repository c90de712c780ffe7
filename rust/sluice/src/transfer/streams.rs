//! From a stream to another, or into a file: the loops of every mechanism that holds bytes in flight.
//!
//! Between two streams that are waited for, nothing is taken from the source while the target is not ready, and no more
//! than the target is likely to have room for. So a stalled target leaves few bytes in flight. No call waits for the
//! source: the caller does that, and does not hold the target meanwhile. A call may wait for a target that is blocking
//! and turns out to have less room.
//!
//! The kernel tells a socket's pending error once. It is taken only if the caller can be told of it, and not after
//! bytes were moved: the caller then gets their count.

use super::in_flight::{Delivered, InFlight};
use super::progress::{Ending, Progress, Side};
use super::request::{Pace, Request};
use super::steps::Steps;
use crate::endpoint::{Endpoint, Kind};
use crate::error::Error;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll, ppoll};
use nix::sys::time::TimeSpec;

/// What became of bytes that left the source.
pub(super) enum Taken {
    /// They are in flight.
    Held(u64),
    /// They are in the target.
    Moved(u64),
}

/// How one mechanism takes bytes from a stream that is ready, and delivers them.
pub(super) trait StreamIo {
    /// Takes at most `most` bytes. No byte is the end of the source.
    fn take(
        &self,
        request: &Request<'_>,
        most: u64,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Result<Taken, Error>;

    /// Delivers at most `most` of the bytes in flight.
    fn deliver(
        &self,
        target: &Endpoint<'_>,
        most: u64,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Delivered;

    /// How many bytes can be in flight at a time, or 0 if one call moves them from the source to the target.
    fn capacity(&self, in_flight: &InFlight) -> u64;
}

/// From a stream that may wait into a file. The bytes that were taken are written before more are taken.
pub(super) fn into_file(
    request: &Request<'_>,
    io: &impl StreamIo,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    let mut budget = request.budget();
    let mut was_short = false;
    let mut bytes = 0;
    let ending = loop {
        let left = request.count - bytes;
        let (written, result) = io.deliver(&request.target.advanced(bytes), left, steps, in_flight);
        bytes += written;
        if let Err(error) = result {
            break Ending::Failed(error);
        }
        if was_short && request.pace == Pace::AtOnce && bytes < request.count {
            break Ending::Short;
        }
        if let Some(ending) = request.end_of_turn(bytes, &mut budget) {
            break ending;
        }
        if let Some(ending) = request.before_taking(in_flight.has_moved(bytes)) {
            break ending;
        }
        let asked = request.count - bytes;
        match io.take(request, asked, steps, in_flight) {
            Ok(Taken::Held(0) | Taken::Moved(_)) => break Ending::EndOfFile,
            Ok(Taken::Held(taken)) => was_short = taken < asked.min(io.capacity(in_flight)),
            Err(error) => break Ending::Failed(error),
        }
    };
    Progress { bytes, ending }
}

/// From stream to stream.
pub(super) fn run(
    request: &Request<'_>,
    io: &impl StreamIo,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    let mut budget = request.budget();
    let mut room = None;
    let mut bytes = 0;
    in_flight.target_was_full = false;
    let ending = loop {
        if in_flight.held() > 0 {
            let left = request.count - bytes;
            let (written, result) = io.deliver(&request.target, left, steps, in_flight);
            bytes += written;
            if let Err(error) = result {
                break Ending::Failed(error);
            }
        }
        if let Some(ending) = request.end_of_turn(bytes, &mut budget) {
            break ending;
        }
        match obstacle(request, in_flight.has_moved(bytes)) {
            None => {}
            Some(Ending::WouldBlock(Side::Source)) if comes_at_once(request) => continue,
            Some(ending) => break ending,
        }
        let mut most = request.count - bytes;
        if io.capacity(in_flight) > 0 && most > SMALL {
            most = most.min(*room.get_or_insert_with(|| request.target.likely_room()));
        }
        match io.take(&request.after(bytes), most, steps, in_flight) {
            Ok(Taken::Held(0) | Taken::Moved(0)) => break Ending::EndOfFile,
            Ok(Taken::Held(_)) => {}
            Ok(Taken::Moved(moved)) => bytes += moved,
            Err(error) => break Ending::Failed(error),
        }
        if request.target.kind == Kind::Pipe {
            // A pipe is emptied by its reader a whole pipe at a time, so that the room has changed.
            room = None;
        }
    };
    Progress { bytes, ending }
}

/// For how long the target is held while the source is not ready. It is less than letting the target go, waiting and
/// taking it again would cost.
const BETWEEN_BYTES: TimeSpec = TimeSpec::new(0, 200_000);

/// Whether a source that is not ready becomes ready at once. A signal that comes meanwhile ends the wait, so that the
/// caller sees it.
fn comes_at_once(request: &Request<'_>) -> bool {
    let mut polled = [PollFd::new(request.source.fd, PollFlags::POLLIN)];
    request.pace == Pace::Throughout
        && ppoll(&mut polled, Some(BETWEEN_BYTES), None).is_ok_and(|ready| ready > 0)
}

/// The bytes that are taken without a look at the room for them: as many as a usual pipe holds, for which a target that
/// is ready nearly always has room.
const SMALL: u64 = 64 << 10;

/// Why no byte is to be taken now. `None` if the source has bytes, or its end, and the target has room.
pub(super) fn obstacle(request: &Request<'_>, has_moved: bool) -> Option<Ending> {
    let (source, target) = (&request.source, &request.target);
    let mut polled = [
        PollFd::new(source.fd, PollFlags::POLLIN),
        PollFd::new(target.fd, PollFlags::POLLOUT),
    ];
    if let Err(errno) = poll(&mut polled, PollTimeout::ZERO) {
        return Some(Ending::Failed(Error::new(SystemCall::Read, errno)));
    }
    let [from, to] = polled.map(|end| end.revents().unwrap_or(PollFlags::all()));
    if from.is_empty() {
        return Some(Ending::WouldBlock(Side::Source));
    }
    if has_moved && source.kind == Kind::Socket && source.owes_an_error(from) {
        return Some(Ending::ErrorPending);
    }
    if to.intersects(PollFlags::POLLERR | PollFlags::POLLHUP) {
        return broken(target, has_moved);
    }
    // The end of a source, or its error, needs no room in the target.
    if to.contains(PollFlags::POLLOUT) || source.readable() == Ok(0) && !source.is_urgent() {
        return None;
    }
    Some(Ending::WouldBlock(Side::Target))
}

/// How a target has failed, or was left by its peer, so that nothing must be taken for it.
fn broken(target: &Endpoint<'_>, has_moved: bool) -> Option<Ending> {
    if has_moved {
        return Some(Ending::ErrorPending);
    }
    let errno = match target.kind {
        Kind::Socket => target.offer(&[], || {}).err()?.errno,
        Kind::File | Kind::Pipe => Errno::EPIPE,
    };
    Some(Ending::Failed(Error::new(SystemCall::Write, errno)))
}
