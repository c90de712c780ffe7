//! One call of `splice(2)`: its flags, and what its answer means.

use crate::endpoint::Endpoint;
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::direct_file::is_direct;
use crate::transfer::in_flight::{Delivered, InFlight};
use crate::transfer::request::{Pace, Request};
use crate::transfer::steps::Steps;
use nix::errno::Errno;
use nix::fcntl::SpliceFFlags;
use nix::poll::PollFlags;

pub(super) const SELF: Mechanism = Mechanism::Splice;

pub(super) fn flags(pace: Pace) -> SpliceFFlags {
    match pace {
        Pace::Throughout | Pace::Polled | Pace::Lingering => SpliceFFlags::SPLICE_F_MOVE,
        Pace::AtOnce => SpliceFFlags::SPLICE_F_MOVE | SpliceFFlags::SPLICE_F_NONBLOCK,
    }
}

/// The bytes that a call has taken. If it took none because an urgent byte comes next, that is a refusal: only
/// `recv(2)` steps over such a byte.
pub(super) fn unless_urgent(
    taken: Result<usize, Error>,
    source: &Endpoint<'_>,
) -> Result<usize, Error> {
    let is_nothing = match taken {
        Ok(bytes) => bytes == 0,
        Err(error) => error.errno == Errno::EAGAIN,
    };
    if is_nothing && source.is_urgent() {
        return Err(Errno::EINVAL).naming(SystemCall::Splice);
    }
    taken
}

/// Whether an `EAGAIN` of one call between two streams came from the target.
pub(super) fn was_target_full(request: &Request<'_>) -> bool {
    !request.source.ready(PollFlags::POLLIN).is_empty()
        && request.target.ready(PollFlags::POLLOUT).is_empty()
}

pub(super) fn is_non_blocking(socket: &Endpoint<'_>, steps: &mut Steps) -> bool {
    steps.called(SELF);
    socket.is_non_blocking()
}

pub(super) fn takes_blocks(file: &Endpoint<'_>, steps: &mut Steps) -> bool {
    steps.called(SELF);
    is_direct(file)
}

pub(super) fn is_ready(end: &Endpoint<'_>, events: PollFlags, steps: &mut Steps) -> bool {
    steps.called(SELF);
    !end.ready(events).is_empty()
}

/// Delivers at most `most` bytes that another rung has left in flight. The calls and the bytes count as those of that
/// rung.
pub(super) fn pass_on_leftover(
    in_flight: &mut InFlight,
    most: u64,
    target: &Endpoint<'_>,
    steps: &mut Steps,
) -> Delivered {
    let (written, result) = in_flight.write_out(most, target, Mechanism::ReadWrite, steps);
    steps.moved_instead(SELF, Mechanism::ReadWrite, written);
    (written, result)
}
