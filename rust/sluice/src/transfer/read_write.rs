//! `read(2)` into a pooled buffer and `write(2)` out of it: serves every pair, at two copies by the CPU.
//!
//! A file as source is read with `pread(2)`, so that what a target does not take is simply read again. A socket or a
//! pipe as source cannot be read again: what was taken from it is written to the last byte before more is taken, and
//! what the target does not take waits in the [`Relay`]. Where nothing may be left over, because one of two streams is
//! not to be waited for, the bytes are first looked at (`MSG_PEEK`, `tee(2)`), offered to the target, and only those
//! that it took are taken; no call of these waits, whatever the other's descriptor would do. Where `tee(2)` is refused, no more is taken from a pipe than fits.
//!
//! # Errors
//! Those of `read(2)`, `write(2)`, `recv(2)` and `tee(2)`. `EAGAIN` and `EINTR` end the transfer with nothing lost.

use super::blocks::{self, Reader};
use super::{Ending, Pace, Progress, Request};
use crate::buffer::{Buffer, SIZE};
use crate::endpoint::{Endpoint, Kind};
use crate::error::{Call, Error, Naming};
use crate::mechanism::Mechanism;
use crate::pipe::Pipe;
use crate::relay::Relay;
use crate::tally::Tally;
use nix::errno::Errno;
use nix::fcntl::{SpliceFFlags, tee};
use nix::libc;
use nix::poll::PollFlags;
use nix::sys::socket::{MsgFlags, recv};
use nix::unistd::read;
use std::os::fd::AsRawFd;

const SELF: Mechanism = Mechanism::ReadWrite;

pub(super) fn run(request: &Request<'_>, tally: &mut Tally, relay: &mut Relay) -> Progress {
    if request.source.kind != Kind::File {
        return if request.pace == Pace::AtOnce && request.target.kind != Kind::File {
            from_looked_at(request, tally, relay)
        } else if blocks::may_not_fit(request) {
            blocks::from_stream(request, tally, relay)
        } else {
            from_stream(request, tally, relay)
        };
    }
    request.positioned(SELF, tally, from_file)
}

fn from_file(request: &Request<'_>, tally: &mut Tally) -> Progress {
    let mut count = request.count;
    if count > SIZE as u64 {
        tally.called(SELF);
        match request.clipped_to_source() {
            Ok(clipped) => count = clipped,
            Err(error) => return Progress::failed(0, error),
        }
    }
    let mut buffer = match Buffer::take() {
        Ok(buffer) => buffer,
        Err(error) => return Progress::failed(0, error),
    };
    let mut reader = Reader::default();
    request.by_pieces(
        count,
        buffer.first(count),
        SELF,
        tally,
        |bytes, chunk, tally| {
            let filled = reader.read(&request.source.advanced(bytes), chunk, tally)?;
            Ok((chunk.len(), filled))
        },
    )
}

fn from_stream(request: &Request<'_>, tally: &mut Tally, relay: &mut Relay) -> Progress {
    let mut bytes = 0;
    let mut was_short = false;
    let mut pause = request.pause();
    relay.target_was_full = false;
    let ending = loop {
        let target = request.target.advanced(bytes);
        let (written, result) = relay.write_out(&target, SELF, tally);
        bytes += written;
        if let Err(error) = result {
            if blocks::is_refused(&target, error) {
                let rest = blocks::from_stream(&request.after(bytes), tally, relay);
                bytes += rest.bytes;
                break rest.ending;
            }
            break Ending::Failed(error);
        }
        if bytes == request.count {
            break Ending::Complete;
        }
        if was_short && request.pace == Pace::AtOnce {
            break Ending::Short;
        }
        if bytes > 0 && pause.is_due() {
            break Ending::Paused;
        }
        let left = request.count - bytes;
        let taken = relay.fill(left, |chunk| {
            tally.called(SELF);
            let asked = chunk.len();
            let filled = request.source.read(chunk)?;
            was_short = filled < asked;
            Ok(filled)
        });
        match taken {
            Ok(0) => break Ending::EndOfFile,
            Ok(_) => {}
            Err(error) => break Ending::Failed(error),
        }
    };
    Progress { bytes, ending }
}

/// Takes from one stream just what the other has taken.
fn from_looked_at(request: &Request<'_>, tally: &mut Tally, relay: &mut Relay) -> Progress {
    let mut buffer = match Buffer::take() {
        Ok(buffer) => buffer,
        Err(error) => return Progress::failed(0, error),
    };
    let mut bytes = 0;
    let (written, result) = relay.write_out(&request.target, SELF, tally);
    bytes += written;
    if let Err(error) = result {
        return Progress::failed(bytes, error);
    }
    relay.target_was_full = false;
    let ending = loop {
        if bytes == request.count {
            break Ending::Complete;
        }
        let chunk = buffer.first(request.count - bytes);
        let asked = chunk.len();
        let seen = match look(&request.source, chunk, tally) {
            Ok(0) => break Ending::EndOfFile,
            Ok(seen) => seen,
            Err(error) if error.call == Call::Tee && error.is_refusal() => {
                let unseen = by_what_fits(&request.after(bytes), tally, relay);
                return Progress {
                    bytes: bytes + unseen.bytes,
                    ..unseen
                };
            }
            Err(error) => break Ending::Failed(error),
        };
        let taken = match request.target.offer(&chunk[..seen], || tally.called(SELF)) {
            Ok(taken) => taken,
            Err(error) => {
                relay.target_was_full = error.errno == Errno::EAGAIN;
                break Ending::Failed(error);
            }
        };
        bytes += taken as u64;
        if let Err(error) = take(&request.source, &mut chunk[..taken], tally) {
            break Ending::Failed(error);
        }
        if taken < seen || seen < asked {
            break Ending::Short;
        }
    };
    Progress { bytes, ending }
}

/// Where a pipe cannot be looked at: takes from it, once it is ready, what a target that is ready has room for. A pipe that is ready takes
/// `PIPE_BUF` bytes as a whole, see `pipe(7)`. A stream socket is ready when a good part of its buffer is free; one that
/// runs out of memory in between leaves bytes in the relay, which are told as stranded.
fn by_what_fits(request: &Request<'_>, tally: &mut Tally, relay: &mut Relay) -> Progress {
    let mut bytes = 0;
    let ending = loop {
        if bytes == request.count {
            break Ending::Complete;
        }
        tally.called(SELF);
        let ready = request.target.ready(PollFlags::POLLOUT);
        let refused = if ready.intersects(PollFlags::POLLERR | PollFlags::POLLHUP) {
            Some(Errno::EPIPE)
        } else if ready.is_empty() {
            relay.target_was_full = true;
            Some(Errno::EAGAIN)
        } else {
            None
        };
        if let Some(errno) = refused {
            let call = Call::Write;
            break Ending::Failed(Error { call, errno });
        }
        tally.called(SELF);
        if request.source.ready(PollFlags::POLLIN).is_empty() {
            let (call, errno) = (Call::Read, Errno::EAGAIN);
            break Ending::Failed(Error { call, errno });
        }
        let most = (request.count - bytes).min(libc::PIPE_BUF as u64);
        let taken = relay.fill(most, |chunk| {
            tally.called(SELF);
            request.source.read(chunk)
        });
        let was_short = match taken {
            Ok(0) => break Ending::EndOfFile,
            Ok(taken) => (taken as u64) < most,
            Err(error) => break Ending::Failed(error),
        };
        let (written, result) = relay.write_out(&request.target, SELF, tally);
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

fn look(source: &Endpoint<'_>, chunk: &mut [u8], tally: &mut Tally) -> Result<usize, Error> {
    tally.called(SELF);
    if source.kind == Kind::Socket {
        let flags = MsgFlags::MSG_PEEK | MsgFlags::MSG_DONTWAIT;
        return recv(source.fd.as_raw_fd(), chunk, flags).naming(Call::Read);
    }
    let pipe = Pipe::take()?;
    let most = chunk.len().min(pipe.capacity());
    let flags = SpliceFFlags::SPLICE_F_NONBLOCK;
    let mut seen = match tee(source.fd, pipe.writer(), most, flags).naming(Call::Tee) {
        Ok(seen) => seen,
        Err(error) => {
            pipe.give_back_empty();
            return Err(error);
        }
    };
    let mut filled = 0;
    while seen > 0 {
        tally.called(SELF);
        let read = read(pipe.reader(), &mut chunk[filled..filled + seen]).naming(Call::Read)?;
        filled += read;
        seen -= read;
    }
    pipe.give_back_empty();
    Ok(filled)
}

/// Takes bytes from a stream that are known to be there.
fn take(source: &Endpoint<'_>, chunk: &mut [u8], tally: &mut Tally) -> Result<(), Error> {
    let mut taken = 0;
    while taken < chunk.len() {
        tally.called(SELF);
        match read(source.fd, &mut chunk[taken..]) {
            Ok(0) => break,
            Ok(read) => taken += read,
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno).naming(Call::Read),
        }
    }
    Ok(())
}
