//! A full stream that is waited for in the call, because its peer is likely to take bytes at once.
//!
//! A peer that takes bytes as fast as they come empties a unix-domain socket of the usual size in less time than it takes
//! to park a virtual thread, to wake it by a poller's thread, and to schedule it again. Both ends then wait in turns.

use super::request::{Pace, Request};
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;

/// For how long a full target is waited for.
const SOON: TimeSpec = TimeSpec::new(0, 100_000);

/// Whether a full target has room again at once. A signal ends the wait.
pub(super) fn has_room_soon(request: &Request<'_>) -> bool {
    let mut polled = [PollFd::new(request.target.fd, PollFlags::POLLOUT)];
    request.pace == Pace::Lingering
        && request.fills_polled_target()
        && ppoll(&mut polled, Some(SOON), None).is_ok_and(|ready| ready > 0)
}
