//! `read(2)` into a pooled buffer and `write(2)` out of it: serves every pair, at two copies by the CPU.
//!
//! A file as source is read with `pread(2)`, so that what a target does not take is simply read again. A socket or a
//! pipe as source cannot be read again: what was taken from it is written to the last byte before more is taken, and
//! what the target does not take waits in the [`InFlight`]. Where nothing may be left over, because one of two streams is
//! not to be waited for, the bytes are first looked at (`MSG_PEEK`, `tee(2)`), offered to the target, and only those
//! that it took are taken; no call of these waits, whatever the other's descriptor would do. Where `tee(2)` is refused, no more is taken from a pipe than fits.
//!
//! # Errors
//! Those of `read(2)`, `write(2)`, `recv(2)` and `tee(2)`. `EAGAIN` and `EINTR` end the transfer with nothing lost.

use crate::endpoint::{Endpoint, Kind};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::{Buffer, SIZE};
use crate::pooled::pipe::Pipe;
use crate::system_call::SystemCall;
use crate::transfer::in_flight::InFlight;
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::{Pace, Request};
use crate::transfer::steps::Steps;
use crate::transfer::streams::{self, Taken, Way};
use crate::transfer::whole_blocks::{self, Reader};
use crate::transfer::{same_file, stream_to_blocks};
use nix::errno::Errno;
use nix::fcntl::{SpliceFFlags, tee};
use nix::libc;
use nix::sys::socket::{MsgFlags, recv};
use nix::unistd::read;
use std::os::fd::AsRawFd;

const SELF: Mechanism = Mechanism::ReadWrite;

pub(in crate::transfer) fn run(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    match (request.source.kind, request.target.kind) {
        (Kind::File, _) => request.positioned(SELF, steps, from_file),
        (_, Kind::File) => into_file(request, steps, in_flight),
        // What was looked at may be another reader's before it is taken.
        _ if request.pace == Pace::AtOnce && in_flight.is_source_shared() => {
            by_what_fits(request, steps, in_flight)
        }
        _ if request.pace == Pace::AtOnce => from_looked_at(request, steps, in_flight),
        _ => streams::run(request, &ThroughBuffer, steps, in_flight),
    }
}

/// From a stream into a file, which may turn out to take whole blocks only.
fn into_file(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
    if stream_to_blocks::may_not_fit(request) {
        return stream_to_blocks::from_stream(request, steps, in_flight);
    }
    let progress = streams::into_file(request, &ThroughBuffer, steps, in_flight);
    match progress.ending {
        Ending::Failed(error) if stream_to_blocks::is_refused(&request.target, error) => {
            let rest =
                stream_to_blocks::from_stream(&request.after(progress.bytes), steps, in_flight);
            Progress {
                bytes: progress.bytes + rest.bytes,
                ..rest
            }
        }
        _ => progress,
    }
}

/// Through a buffer of ours.
struct ThroughBuffer;

impl Way for ThroughBuffer {
    fn take(
        &self,
        request: &Request<'_>,
        most: u64,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Result<Taken, Error> {
        let taken = in_flight.fill(most, |chunk| {
            steps.called(SELF);
            request.source.read(chunk)
        });
        Ok(Taken::Held(taken? as u64))
    }

    fn deliver(
        &self,
        target: &Endpoint<'_>,
        most: u64,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> (u64, Result<(), Error>) {
        in_flight.write_out(most, target, SELF, steps)
    }

    fn capacity(&self, _relay: &InFlight) -> u64 {
        SIZE as u64
    }
}

fn from_file(request: &Request<'_>, steps: &mut Steps) -> Progress {
    if request.target.kind == Kind::File && request.count <= SIZE as u64 {
        return by_one_buffer(request, steps);
    }
    let mut count = request.count;
    if count > SIZE as u64 {
        steps.called(SELF);
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
        steps,
        |bytes, chunk, steps| {
            let filled = reader.read(&request.source.advanced(bytes), chunk, steps)?;
            Ok((chunk.len(), filled))
        },
    )
}

/// Reads all that one file has of the range before it writes a byte of it to another, which may be the same.
fn by_one_buffer(request: &Request<'_>, steps: &mut Steps) -> Progress {
    let mut buffer = match Buffer::take() {
        Ok(buffer) => buffer,
        Err(error) => return Progress::failed(0, error),
    };
    let chunk = buffer.first(request.count);
    let mut reader = Reader::default();
    let mut filled = 0;
    let mut ended = Ending::Complete;
    while filled < chunk.len() {
        steps.called(SELF);
        let source = request.source.advanced(filled as u64);
        match reader.read(&source, &mut chunk[filled..], steps) {
            Ok(0) => {
                ended = Ending::EndOfFile;
                break;
            }
            Ok(more) => filled += more,
            Err(error) if filled == 0 => return Progress::failed(0, error),
            Err(error) if error.errno == Errno::EINTR => {}
            // The next request for the rest meets it again.
            Err(_) => {
                ended = Ending::Short;
                break;
            }
        }
    }
    let mut written = 0;
    while written < filled {
        steps.called(SELF);
        let target = request.target.advanced(written as u64);
        match whole_blocks::write(&target, &chunk[written..filled], steps) {
            Ok(0) => return Progress::failed(written as u64, Error::stuck(SystemCall::Write)),
            Ok(more) => written += more,
            Err(error) if written > 0 && error.errno == Errno::EINTR => {}
            Err(error) => return Progress::failed(written as u64, error),
        }
        if written < filled && !same_file::holds_bytes(&request.target, SELF, steps) {
            // A FIFO that is full: what it did not take is in the source still.
            ended = Ending::Short;
            break;
        }
    }
    Progress {
        bytes: written as u64,
        ending: ended,
    }
}

/// Takes from one stream just what the other has taken.
fn from_looked_at(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
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
        if bytes == request.count {
            break Ending::Complete;
        }
        if bytes > 0 && budget.is_spent(0) {
            break Ending::Paused;
        }
        if let Some(ending) = request.before_taking(in_flight.has_moved(bytes)) {
            break ending;
        }
        let chunk = buffer.first(request.count - bytes);
        let asked = chunk.len();
        let seen = match look(&request.source, chunk, steps) {
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

/// Where a source cannot be looked at, or others read from it: takes from it, once it is ready, what a target that is ready has room for. A pipe that is ready takes
/// `PIPE_BUF` bytes as a whole, see `pipe(7)`. A stream socket is ready when a good part of its buffer is free; one that
/// runs out of memory in between leaves bytes in flight, which are told as stranded.
fn by_what_fits(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
    let mut budget = request.budget();
    let (mut bytes, result) = in_flight.write_out(request.count, &request.target, SELF, steps);
    if let Err(error) = result {
        return Progress::failed(bytes, error);
    }
    let ending = loop {
        if bytes == request.count {
            break Ending::Complete;
        }
        if bytes > 0 && budget.is_spent(0) {
            break Ending::Paused;
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

fn look(source: &Endpoint<'_>, chunk: &mut [u8], steps: &mut Steps) -> Result<usize, Error> {
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
