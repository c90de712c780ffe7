//! `read(2)` into a pooled buffer and `write(2)` out of it: serves every pair, at two copies by the CPU.
//!
//! A source file is read by `pread(2)`, so that bytes which the target does not take are simply read again. A source
//! socket or pipe cannot be read again: the bytes that were taken from it are written to the last before more are
//! taken, and those that the target does not take wait in the [`InFlight`].
//!
//! Nothing may be left over where one of two streams is not to be waited for. There the bytes are first looked at
//! (`MSG_PEEK`, `tee(2)`), then offered to the target, and only those that the target took are taken. None of these
//! calls waits, whatever the descriptors are. Where `tee(2)` is refused, no more is taken from a pipe than fits into
//! the target.
//!
//! # Errors
//! Those of `read(2)`, `write(2)`, `recv(2)` and `tee(2)`. `EAGAIN` and `EINTR` end the transfer with nothing lost.

mod peek;
mod source;
mod what_fits;

use crate::endpoint::{Endpoint, Kind};
use crate::error::Error;
use crate::mechanism::Mechanism;
use crate::pooled::buffer::{Buffer, SIZE};
use crate::system_call::SystemCall;
use crate::transfer::in_flight::{Delivered, InFlight};
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::{Pace, Request};
use crate::transfer::steps::Steps;
use crate::transfer::streams::{self, StreamIo, Taken};
use crate::transfer::{same_file, stream_to_blocks, uncached, whole_blocks};
use nix::errno::Errno;
use peek::by_peek;
use source::Source;
use what_fits::by_what_fits;

const SELF: Mechanism = Mechanism::ReadWrite;

pub(in crate::transfer) fn run(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    if request.is_uncached() {
        return uncached::run(request, steps, in_flight, serve);
    }
    serve(request, steps, in_flight)
}

fn serve(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
    match (request.source.kind, request.target.kind) {
        (Kind::File, _) => request.positioned(SELF, steps, from_file),
        (_, Kind::File) => into_file(request, steps, in_flight),
        // Another reader may take the bytes between the look and the taking.
        _ if request.pace == Pace::AtOnce && in_flight.is_source_shared() => {
            by_what_fits(request, steps, in_flight)
        }
        _ if request.pace == Pace::AtOnce => by_peek(request, steps, in_flight),
        _ => streams::run(request, &ThroughBuffer, steps, in_flight),
    }
}

/// From a stream into a file. It may turn out only then that the file takes whole blocks.
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

impl StreamIo for ThroughBuffer {
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
    ) -> Delivered {
        in_flight.write_out(most, target, SELF, steps)
    }

    fn capacity(&self, _in_flight: &InFlight) -> u64 {
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
    let mut source = match Source::of(request, steps) {
        Ok(source) => source,
        Err(error) => return Progress::failed(0, error),
    };
    let buffer = if request.source.is_uncached {
        &mut buffer.whole()[..uncached::most_at_once(request)]
    } else {
        buffer.first(count)
    };
    request.by_pieces(count, buffer, SELF, steps, |bytes, chunk, steps| {
        source.read(&request.source.advanced(bytes), chunk, steps)
    })
}

/// Reads all bytes that the source file has of the range before it writes one of them. The target may be the same file.
fn by_one_buffer(request: &Request<'_>, steps: &mut Steps) -> Progress {
    let mut buffer = match Buffer::take() {
        Ok(buffer) => buffer,
        Err(error) => return Progress::failed(0, error),
    };
    let chunk = buffer.first(request.count);
    let mut from = match Source::of(request, steps) {
        Ok(from) => from,
        Err(error) => return Progress::failed(0, error),
    };
    let mut filled = 0;
    let mut ended = Ending::Complete;
    while filled < chunk.len() {
        steps.called(SELF);
        let source = request.source.advanced(filled as u64);
        match from.read(&source, &mut chunk[filled..], steps) {
            Ok((_, 0)) => {
                ended = Ending::EndOfFile;
                break;
            }
            Ok((_, more)) => filled += more,
            Err(error) if filled == 0 => return Progress::failed(0, error),
            Err(error) if error.errno == Errno::EINTR => {}
            // The next request for the rest meets the error again.
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
            // The target is a FIFO that is full. The bytes that it did not take are still in the source.
            ended = Ending::Short;
            break;
        }
    }
    Progress {
        bytes: written as u64,
        ending: ended,
    }
}
