//! What the end of the calls means, and whose failure an error is.

use super::in_flight::InFlight;
use super::progress::{Ending, Progress, Side};
use super::request::{Pace, Request};
use crate::endpoint::Kind;
use crate::error::Error;
use crate::system_call::SystemCall;
use nix::errno::Errno;

impl Request<'_> {
    /// What the end of the calls means. This is the one place that judges a signal, a call that would wait, and a short
    /// call.
    pub(super) fn judged(&self, progress: Progress, in_flight: &InFlight) -> Ending {
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

    /// A short call: the file ends there, or the target is full and the caller waits for it, or a signal came while the
    /// call waited for the target, or a file system that shares extents moved whole blocks first.
    fn judged_short(&self, bytes: u64) -> Ending {
        let rest = self.source.advanced(bytes);
        if rest.kind == Kind::File && rest.left() == Some(0) {
            Ending::EndOfFile
        } else if self.fills_polled_target() {
            Ending::WouldBlock(Side::Target)
        } else {
            Ending::Paused
        }
    }

    /// Whose failure an error is, as far as the call tells: the source's if it was read, the target's if it was
    /// written.
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
}
