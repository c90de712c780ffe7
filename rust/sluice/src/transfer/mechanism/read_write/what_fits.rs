//! Between two streams, one of which is not waited for and whose source cannot be looked at: no more is taken than fits.

use crate::mechanism::Mechanism;
use crate::transfer::in_flight::InFlight;
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use crate::transfer::streams;
use nix::libc;

const SELF: Mechanism = Mechanism::ReadWrite;

/// Serves a source that cannot be looked at, or from which other readers take as well. Once both are ready, as many
/// bytes are taken as the target has room for. A pipe that is ready takes `PIPE_BUF` bytes as a whole, see `pipe(7)`. A
/// stream socket is ready when a good part of its buffer is free. If the socket runs out of memory in between, bytes
/// stay in flight, which are told as stranded.
pub(super) fn by_what_fits(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    let mut budget = request.budget();
    let (mut bytes, result) = in_flight.write_out(request.count, &request.target, SELF, steps);
    if let Err(error) = result {
        return Progress::failed(bytes, error);
    }
    let ending = loop {
        if let Some(ending) = request.end_of_turn(bytes, &mut budget) {
            break ending;
        }
        steps.called(SELF);
        if let Some(ending) = streams::obstacle(request, in_flight.has_moved(bytes)) {
            break ending;
        }
        let most = (request.count - bytes).min(libc::PIPE_BUF as u64);
        let taken = in_flight.fill(most, |chunk| {
            steps.called(SELF);
            request.source.take_at_once(chunk)
        });
        let was_short = match taken {
            Ok(0) => break Ending::EndOfFile,
            Ok(taken) => (taken as u64) < most,
            Err(error) => break Ending::Failed(error),
        };
        let left = request.count - bytes;
        let (written, result) = in_flight.write_out(left, &request.target, SELF, steps);
        bytes += written;
        if let Err(error) = result {
            break Ending::Failed(error);
        }
        if was_short {
            break Ending::Short;
        }
    };
    Progress { bytes, ending }
}
