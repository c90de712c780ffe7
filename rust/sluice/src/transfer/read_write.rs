//! `read(2)` into a pooled buffer and `write(2)` out of it: serves every pair, at two copies by the CPU.
//!
//! A file as source is read with `pread(2)`, so that what a target does not take is simply read again. A socket or a
//! pipe as source cannot be read again: what was taken from it is written to the last byte before more is taken, and
//! what a failing target leaves over is counted in [`Tally::stranded`].
//!
//! # Errors
//! Those of `read(2)` and `write(2)`. `EAGAIN` and `EINTR` before the first byte of a buffer end the transfer with
//! nothing lost; while a buffer taken from a stream is being written, both are waited out.

use super::{Ending, KERNEL_CAP, Pace, Progress, Request};
use crate::buffer::Buffer;
use crate::endpoint::{Endpoint, Kind, Offset};
use crate::error::{Call, Error, Naming};
use crate::mechanism::Mechanism;
use crate::tally::Tally;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::uio::{pread, pwrite};
use nix::unistd::{Whence, lseek, read, write};

const SELF: Mechanism = Mechanism::ReadWrite;

pub(super) fn run(request: &Request<'_>, tally: &mut Tally) -> Progress {
    if request.source.kind != Kind::File {
        return from_stream(request, tally);
    }
    match request.source.offset {
        Offset::At(_) => from_file(request, tally),
        Offset::Own => from_file_at_own_offset(request, tally),
    }
}

/// Reads at the descriptor's offset as it stands and moves it by what was transferred, not by what was read.
fn from_file_at_own_offset(request: &Request<'_>, tally: &mut Tally) -> Progress {
    let source = request.source;
    tally.called(SELF);
    let start = match lseek(source.fd, 0, Whence::SeekCur) {
        Ok(start) => u64::try_from(start).unwrap_or(0),
        // A FIFO or a terminal that was opened by its path: a stream after all.
        Err(Errno::ESPIPE) => return from_stream(request, tally),
        Err(errno) => return failed(0, Call::Lseek, errno),
    };
    let positioned = Request {
        source: Endpoint {
            offset: Offset::At(start),
            ..source
        },
        ..*request
    };
    let progress = from_file(&positioned, tally);
    tally.called(SELF);
    let end = i64::try_from(start + progress.bytes).unwrap_or(i64::MAX);
    match lseek(source.fd, end, Whence::SeekSet) {
        Ok(_) => progress,
        Err(errno) => failed(progress.bytes, Call::Lseek, errno),
    }
}

fn from_file(request: &Request<'_>, tally: &mut Tally) -> Progress {
    let mut buffer = Buffer::take();
    let mut bytes = 0;
    let ending = loop {
        let chunk = buffer.first((request.count - bytes).min(KERNEL_CAP));
        tally.called(SELF);
        let at = request.source.offset.advanced(bytes);
        let filled = match read_at(&request.source, at, chunk) {
            Ok(0) => break Ending::EndOfFile,
            Ok(filled) => filled,
            Err(error) => break Ending::Failed(error),
        };
        tally.called(SELF);
        let stored = match write_at(
            &request.target,
            request.target.offset.advanced(bytes),
            &chunk[..filled],
        ) {
            Ok(stored) => stored,
            Err(error) => break Ending::Failed(error),
        };
        bytes += stored as u64;
        if bytes == request.count {
            break Ending::Complete;
        }
        if stored < filled {
            break Ending::Short;
        }
    };
    Progress { bytes, ending }
}

fn from_stream(request: &Request<'_>, tally: &mut Tally) -> Progress {
    let mut buffer = Buffer::take();
    let mut bytes = 0;
    let ending = loop {
        let chunk = buffer.first(request.count - bytes);
        let asked = chunk.len();
        tally.called(SELF);
        let filled = match read(request.source.fd, chunk).naming(Call::Read) {
            Ok(0) => break Ending::EndOfFile,
            Ok(filled) => filled,
            Err(error) => break Ending::Failed(error),
        };
        let offset = request.target.offset.advanced(bytes);
        let (stored, failure) = store(&request.target, offset, &chunk[..filled], tally);
        bytes += stored as u64;
        if let Some(error) = failure {
            tally.stranded += (filled - stored) as u64;
            break Ending::Failed(error);
        }
        if bytes == request.count {
            break Ending::Complete;
        }
        if filled < asked && request.pace == Pace::AtOnce {
            break Ending::Short;
        }
    };
    Progress { bytes, ending }
}

/// Writes all of `data`, since its source will not give it again: waits where the target would block.
fn store(
    target: &Endpoint<'_>,
    offset: Offset,
    data: &[u8],
    tally: &mut Tally,
) -> (usize, Option<Error>) {
    let mut stored = 0;
    while stored < data.len() {
        tally.called(SELF);
        match write_at(target, offset.advanced(stored as u64), &data[stored..]) {
            Ok(written) => stored += written,
            Err(Error {
                errno: Errno::EINTR,
                ..
            }) => {}
            Err(Error {
                errno: Errno::EAGAIN,
                ..
            }) => {
                let mut ready = [PollFd::new(target.fd, PollFlags::POLLOUT)];
                // Whatever poll answers, the next write says what is the matter.
                let _ = poll(&mut ready, PollTimeout::NONE);
            }
            Err(error) => return (stored, Some(error)),
        }
    }
    (stored, None)
}

fn read_at(source: &Endpoint<'_>, offset: Offset, chunk: &mut [u8]) -> Result<usize, Error> {
    match offset.for_kernel().naming(Call::Read)? {
        Some(at) => pread(source.fd, chunk, at),
        None => read(source.fd, chunk),
    }
    .naming(Call::Read)
}

fn write_at(target: &Endpoint<'_>, offset: Offset, data: &[u8]) -> Result<usize, Error> {
    match offset.for_kernel().naming(Call::Write)? {
        Some(at) => pwrite(target.fd, data, at),
        None => write(target.fd, data),
    }
    .naming(Call::Write)
}

fn failed(bytes: u64, call: Call, errno: Errno) -> Progress {
    Progress {
        bytes,
        ending: Ending::Failed(Error { call, errno }),
    }
}
