//! Files whose descriptor has `O_DIRECT`: bytes go by whole blocks, at whole offsets, between the device and aligned memory.
//!
//! Of such a source the blocks around a range are read, and the part that was asked for is used. Such a target gets whole
//! blocks only: no other descriptor of the file is opened, since closing that would release the locks of this process
//! (`fcntl(2)`). So what is no whole block is left in a stream, as far as that can be known before, and is refused with the
//! kernel's `EINVAL`.
//!
//! The flag is not asked for while no call was refused, the range may be whole blocks, and the bytes of a stream are waited
//! for.
//!
//! # Errors
//! `EINVAL`: the target's offset is not that of a block, or less than a block is left; those of `read(2)` and `write(2)`.
//! Source: `open(2)`, `O_DIRECT`.

use super::direct_io::{USUAL_ALIGNMENT, alignment};
use super::{Ending, Pace, Progress, Request, place};
use crate::endpoint::{Endpoint, Kind, Offset};
use crate::error::{Error, Naming};
use crate::in_flight::InFlight;
use crate::mechanism::Mechanism;
use crate::pooled::buffer::{Buffer, SIZE};
use crate::steps::Steps;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc;
use nix::poll::PollFlags;
use nix::unistd::read;

const SELF: Mechanism = Mechanism::ReadWrite;

/// Whether a file was opened with `O_DIRECT`, or has got the flag since.
pub(super) fn is_direct(end: &Endpoint<'_>) -> bool {
    end.kind == Kind::File
        && fcntl(end.fd, FcntlArg::F_GETFL)
            .is_ok_and(|flags| OFlag::from_bits_retain(flags).contains(OFlag::O_DIRECT))
}

/// Whether a call may have been refused because something was not whole, and the size of the blocks then.
fn block_of_refused(end: &Endpoint<'_>, error: Error, steps: &mut Steps) -> Option<u64> {
    if error.errno == Errno::EINVAL && is_direct(end) {
        alignment(end.fd, steps).ok()
    } else {
        None
    }
}

/// `bytes`, as far as they are whole blocks.
fn whole(bytes: u64, block: u64) -> u64 {
    bytes - bytes % block
}

/// Reads a source file, by whole blocks where that is found to be wanted.
#[derive(Default)]
pub(super) struct Reader {
    block: Option<u64>,
    around: Option<Buffer>,
}

impl Reader {
    /// Fills `chunk`, as far as the source has bytes, from its offset on.
    pub(super) fn read(
        &mut self,
        source: &Endpoint<'_>,
        chunk: &mut [u8],
        steps: &mut Steps,
    ) -> Result<usize, Error> {
        if self.block.is_none() {
            match source.read(chunk) {
                Err(error) => {
                    self.block = block_of_refused(source, error, steps);
                    if self.block.is_none() {
                        return Err(error);
                    }
                }
                filled => return filled,
            }
        }
        let block = self.block.unwrap_or(USUAL_ALIGNMENT);
        let at = match source.offset {
            Offset::At(at) => at,
            Offset::Own => return source.read(chunk),
        };
        if at % block == 0 && chunk.len() as u64 % block == 0 {
            return source.read(chunk);
        }
        self.read_around(source, at, block, chunk, steps)
    }

    fn read_around(
        &mut self,
        source: &Endpoint<'_>,
        at: u64,
        block: u64,
        chunk: &mut [u8],
        steps: &mut Steps,
    ) -> Result<usize, Error> {
        let mut around = self.around.take().map_or_else(Buffer::take, Ok)?;
        let past = at % block;
        let wanted = past
            .saturating_add(chunk.len() as u64)
            .next_multiple_of(block);
        let room = around.whole();
        let length = usize::try_from(whole(wanted.min(room.len() as u64), block)).unwrap_or(0);
        steps.called(SELF);
        let from = Endpoint::file_at(source.fd, at - past);
        let filled = from.read(&mut room[..length])?;
        let past = usize::try_from(past).unwrap_or(filled).min(filled);
        let used = (filled - past).min(chunk.len());
        chunk[..used].copy_from_slice(&room[past..past + used]);
        self.around = Some(around);
        Ok(used)
    }
}

/// Writes to a target; of data that it refuses as a whole, as many whole blocks as there are.
pub(super) fn write(target: &Endpoint<'_>, data: &[u8], steps: &mut Steps) -> Result<usize, Error> {
    let error = match target.write(data) {
        Err(error) => error,
        written => return written,
    };
    let block = block_of_refused(target, error, steps).unwrap_or(u64::MAX);
    match usize::try_from(whole(data.len() as u64, block)) {
        Ok(0) | Err(_) => Err(error),
        Ok(length) => {
            steps.called(SELF);
            target.write(&data[..length])
        }
    }
}

/// Whether a request from a stream goes into a file that takes whole blocks, and not all of it may be that.
pub(super) fn may_not_fit(request: &Request<'_>) -> bool {
    let is_whole = match request.target.offset {
        Offset::At(at) => at % USUAL_ALIGNMENT == 0 && request.count % USUAL_ALIGNMENT == 0,
        Offset::Own => false,
    };
    (!is_whole || request.pace == Pace::AtOnce) && is_direct(&request.target)
}

/// Whether a target file refused bytes of a stream that may become whole blocks.
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
        .and_then(|block| Ok((block, place(&request.target, SELF, steps)?)));
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
            // What is no whole block is for the file to refuse.
            Ok(0) if in_flight.held() > 0 => break Ending::Failed(refused()),
            Ok(0) => break Ending::EndOfFile,
            Ok(_) => {}
            Err(error) => break Ending::Failed(error),
        }
    };
    Progress { bytes, ending }
}

fn refused() -> Error {
    Error {
        call: SystemCall::Write,
        errno: Errno::EINVAL,
    }
}

/// Writes the whole blocks that the buffer of `in_flight` holds.
fn store(
    in_flight: &mut InFlight,
    target: &Endpoint<'_>,
    block: u64,
    steps: &mut Steps,
) -> (u64, Result<(), Error>) {
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

/// Of a stream that is not waited for no more is taken than fills blocks: nothing could be done with the rest.
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
