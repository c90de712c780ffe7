//! Between two streams, one of which is not waited for: bytes are looked at, offered, and only then taken.

use super::what_fits::by_what_fits;
use crate::endpoint::{Endpoint, Kind};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::Buffer;
use crate::pooled::pipe::Pipe;
use crate::system_call::SystemCall;
use crate::transfer::in_flight::InFlight;
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use nix::errno::Errno;
use nix::fcntl::{SpliceFFlags, tee};
use nix::sys::socket::{MsgFlags, recv};
use nix::unistd::read;
use std::os::fd::AsRawFd;

const SELF: Mechanism = Mechanism::ReadWrite;

/// Takes from the source just the bytes that the target has taken.
pub(super) fn by_peek(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    let mut buffer = match Buffer::take() {
        Ok(buffer) => buffer,
        Err(error) => return Progress::failed(0, error),
    };
    let mut budget = request.budget();
    let (mut bytes, result) = in_flight.write_out(request.count, &request.target, SELF, steps);
    if let Err(error) = result {
        return Progress::failed(bytes, error);
    }
    in_flight.target_was_full = false;
    let ending = loop {
        if let Some(ending) = request.end_of_turn(bytes, &mut budget) {
            break ending;
        }
        if let Some(ending) = request.before_taking(in_flight.has_moved(bytes)) {
            break ending;
        }
        let chunk = buffer.first(request.count - bytes);
        let asked = chunk.len();
        let seen = match peek(&request.source, chunk, steps) {
            Ok(0) => break Ending::EndOfFile,
            Ok(seen) => seen,
            Err(error)
                if matches!(error.call, SystemCall::Tee | SystemCall::Pipe)
                    && error.is_refusal() =>
            {
                let unseen = by_what_fits(&request.after(bytes), steps, in_flight);
                return Progress {
                    bytes: bytes + unseen.bytes,
                    ..unseen
                };
            }
            Err(error) => break Ending::Failed(error),
        };
        let taken = match request.target.offer(&chunk[..seen], || steps.called(SELF)) {
            Ok(taken) => taken,
            Err(error) => {
                in_flight.target_was_full = error.errno == Errno::EAGAIN;
                break Ending::Failed(error);
            }
        };
        bytes += taken as u64;
        if let Err(error) = take(&request.source, &mut chunk[..taken], steps) {
            break Ending::Failed(error);
        }
        if taken < seen || seen < asked {
            break Ending::Short;
        }
    };
    Progress { bytes, ending }
}

fn peek(source: &Endpoint<'_>, chunk: &mut [u8], steps: &mut Steps) -> Result<usize, Error> {
    steps.called(SELF);
    if source.kind == Kind::Socket {
        let flags = MsgFlags::MSG_PEEK | MsgFlags::MSG_DONTWAIT;
        return recv(source.fd.as_raw_fd(), chunk, flags).naming(SystemCall::Read);
    }
    let pipe = Pipe::take_any()?;
    let most = chunk.len().min(pipe.capacity());
    let flags = SpliceFFlags::SPLICE_F_NONBLOCK;
    let mut seen = match tee(source.fd, pipe.writer(), most, flags).naming(SystemCall::Tee) {
        Ok(seen) => seen,
        Err(error) => {
            pipe.give_back_empty();
            return Err(error);
        }
    };
    let mut filled = 0;
    while seen > 0 {
        steps.called(SELF);
        let read =
            read(pipe.reader(), &mut chunk[filled..filled + seen]).naming(SystemCall::Read)?;
        filled += read;
        seen -= read;
    }
    pipe.give_back_empty();
    Ok(filled)
}

/// Takes bytes from a stream that are known to be there.
fn take(source: &Endpoint<'_>, chunk: &mut [u8], steps: &mut Steps) -> Result<(), Error> {
    let mut taken = 0;
    while taken < chunk.len() {
        steps.called(SELF);
        match read(source.fd, &mut chunk[taken..]) {
            Ok(0) => break,
            Ok(read) => taken += read,
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno).naming(SystemCall::Read),
        }
    }
    Ok(())
}
