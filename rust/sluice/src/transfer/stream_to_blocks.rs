//! From a stream into a file that takes whole blocks, as one with `O_DIRECT` does: see `whole_blocks.rs`.

use super::direct_file::{USUAL_ALIGNMENT, alignment, is_direct, whole};
use super::file_position::position_of;
use super::in_flight::{Delivered, InFlight};
use super::progress::{Ending, Progress};
use super::request::{Pace, Request};
use super::steps::Steps;
use crate::endpoint::{Endpoint, Offset};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::SIZE;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::libc;
use nix::poll::PollFlags;
use nix::unistd::read;

const SELF: Mechanism = Mechanism::ReadWrite;

/// Whether a request from a stream goes into a file that takes whole blocks only, and may not consist of whole blocks.
pub(super) fn may_not_fit(request: &Request<'_>) -> bool {
    let is_whole = match request.target.offset {
        Offset::At(at) => at % USUAL_ALIGNMENT == 0 && request.count % USUAL_ALIGNMENT == 0,
        Offset::Own => false,
    };
    (!is_whole || request.pace == Pace::AtOnce) && is_direct(&request.target)
}

/// Whether a target file refused bytes of a stream that were no whole blocks.
pub(super) fn is_refused(target: &Endpoint<'_>, error: Error) -> bool {
    error.errno == Errno::EINVAL && error.call == SystemCall::Write && is_direct(target)
}

/// From a stream into a file that takes whole blocks. A part of a block waits in flight for the rest of that block.
pub(super) fn from_stream(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    let placed = alignment(request.target.fd, steps)
        .and_then(|block| Ok((block, position_of(&request.target, SELF, steps)?)));
    let (block, start) = match placed {
        Ok(placed) => placed,
        Err(error) => return Progress::failed(0, error),
    };
    let storable = whole(request.count, block);
    if start % block != 0 || storable == 0 {
        return Progress::refused(SystemCall::Write, Errno::EINVAL);
    }
    let mut budget = request.budget();
    let mut bytes = 0;
    let ending = loop {
        let target = request.target.advanced(bytes);
        let (stored, result) = store(in_flight, &target, block, steps);
        bytes += stored;
        if let Err(error) = result {
            break Ending::Failed(error);
        }
        if bytes == storable {
            break request.ending_at(bytes);
        }
        if bytes > 0 && budget.is_spent(0) {
            break Ending::Paused;
        }
        if let Some(ending) = request.before_taking(in_flight.has_moved(bytes)) {
            break ending;
        }
        let left = storable - bytes - in_flight.held_in_buffer();
        match take(request, in_flight, left, block, steps) {
            // The file refuses what is no whole block.
            Ok(0) if in_flight.held() > 0 => break Ending::Failed(refused()),
            Ok(0) => break Ending::EndOfFile,
            Ok(_) => {}
            Err(error) => break Ending::Failed(error),
        }
    };
    Progress { bytes, ending }
}

fn refused() -> Error {
    Error::new(SystemCall::Write, Errno::EINVAL)
}

/// Writes the whole blocks that the buffer of `in_flight` holds.
fn store(
    in_flight: &mut InFlight,
    target: &Endpoint<'_>,
    block: u64,
    steps: &mut Steps,
) -> Delivered {
    let mut stored = 0;
    loop {
        let length = usize::try_from(whole(in_flight.held_in_buffer(), block)).unwrap_or(0);
        if length == 0 {
            return (stored, Ok(()));
        }
        let data = in_flight.at_front();
        steps.called(SELF);
        match target.advanced(stored).write(&data[..length]) {
            Ok(0) => return (stored, Err(Error::stuck(SystemCall::Write))),
            Ok(written) => {
                in_flight.drop_from_front(written);
                stored += written as u64;
            }
            Err(error) => return (stored, Err(error)),
        }
    }
}

/// Takes at most `left` bytes into the buffer of `in_flight`: those in its pipe, then those of the source.
fn take(
    request: &Request<'_>,
    in_flight: &mut InFlight,
    left: u64,
    block: u64,
    steps: &mut Steps,
) -> Result<usize, Error> {
    let most = left.min(SIZE as u64 - in_flight.held_in_buffer());
    if in_flight.piped > 0 {
        let Some(pipe) = in_flight.pipe.take() else {
            in_flight.piped = 0;
            return Err(refused());
        };
        let taken = in_flight.append(most.min(in_flight.piped as u64), |room| {
            steps.called(SELF);
            read(pipe.reader(), room).naming(SystemCall::Read)
        });
        in_flight.pipe = Some(pipe);
        let taken = taken?;
        in_flight.piped -= taken;
        return Ok(taken);
    }
    let most = if request.pace == Pace::AtOnce {
        whole_blocks_there(request, in_flight, most, block, steps)?
    } else {
        most
    };
    in_flight.append(most, |room| {
        steps.called(SELF);
        request.source.read(room)
    })
}

/// From a stream that is not waited for, only as many bytes are taken as fill blocks: nothing could be done with the
/// rest.
fn whole_blocks_there(
    request: &Request<'_>,
    in_flight: &InFlight,
    most: u64,
    block: u64,
    steps: &mut Steps,
) -> Result<u64, Error> {
    steps.called(SELF);
    let there = request.source.readable().naming(SystemCall::Read)?;
    let held = in_flight.held_in_buffer();
    let fills = whole(held + there.min(most), block).saturating_sub(held);
    if fills > 0 || there == 0 {
        return Ok(if there == 0 { most } else { fills });
    }
    steps.called(SELF);
    let gone = PollFlags::POLLHUP | PollFlags::from_bits_retain(libc::POLLRDHUP);
    if request.source.ready(gone).intersects(gone) {
        return Err(refused());
    }
    Err(Errno::EAGAIN).naming(SystemCall::Read)
}
