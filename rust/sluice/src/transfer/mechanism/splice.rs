//! `splice(2)`: pages move between a pipe and a file or socket without passing through user space.
//!
//! If one side is a pipe, one call moves the bytes. Otherwise they go through a pooled pipe: references to pages into a
//! socket, one copy into a file. Bytes in that pipe have left their source: they wait in the [`InFlight`], and those
//! that a file does not take by `splice` are written to it.
//!
//! A call that waits for a socket holds its pipe meanwhile, so that no other thread can read, write or close that pipe.
//! So no such call is made on a caller's pipe: a source socket is waited for before the call, and bytes for a target
//! socket go from the caller's pipe through one of ours.
//!
//! # Errors
//! `EINVAL`: a file system without the operation, an `O_APPEND` target, two files; `EAGAIN`: a non-blocking side is not
//! ready; `EINTR`; `EPIPE`; `ENOSPC`, `EFBIG`, `EIO`: the target file takes no more; `EMFILE`, `ENFILE`: no descriptors for
//! a pipe; `EDQUOT`: no pages for one. Source: `splice(2)`, the kernel's `fs/splice.c`.

mod call;
mod callers_pipe;
mod own_pipe;

use crate::endpoint::Kind;
use crate::system_call::SystemCall;
use crate::transfer::in_flight::InFlight;
use crate::transfer::progress::Progress;
use crate::transfer::request::{Pace, Request};
use crate::transfer::steps::Steps;
use crate::transfer::streams;
use call::{SELF, is_non_blocking, is_ready, takes_blocks};
use callers_pipe::{EndToEnd, by_calls, by_what_fits};
use nix::errno::Errno;
use nix::poll::PollFlags;
use own_pipe::{ThroughOwnPipe, from_file, from_stream};

pub(in crate::transfer) use own_pipe::probe;

pub(in crate::transfer) fn run(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Progress {
    let is_waited_for = request.pace != Pace::AtOnce;
    match (request.source.kind, request.target.kind) {
        (Kind::File, Kind::File) => Progress::refused(SystemCall::Splice, Errno::EINVAL),
        (Kind::File, Kind::Socket) => request.positioned(SELF, steps, from_file),
        // The call would take bytes that may fill no block. Bytes in a caller's own pipe would stay there.
        (Kind::Socket, Kind::File) if takes_blocks(&request.target, steps) => {
            Progress::refused(SystemCall::Splice, Errno::EINVAL)
        }
        (Kind::Socket, Kind::File) => from_stream(request, steps, in_flight),
        (Kind::Socket, Kind::Socket) if is_waited_for => {
            streams::run(request, &ThroughOwnPipe, steps, in_flight)
        }
        // Nothing may be left over where one socket is not waited for, but `splice` takes bytes before it delivers
        // them.
        (Kind::Socket, Kind::Socket) => Progress::refused(SystemCall::Splice, Errno::EINVAL),
        // `splice` waits for a blocking socket, whatever its flags say, and holds the pipe meanwhile.
        (Kind::Pipe, Kind::Socket) if request.pace == Pace::Throughout => {
            streams::run(request, &ThroughOwnPipe, steps, in_flight)
        }
        (Kind::Pipe, Kind::Socket)
            if !is_waited_for && !is_non_blocking(&request.target, steps) =>
        {
            by_what_fits(request, steps, in_flight)
        }
        (Kind::Pipe | Kind::Socket, Kind::Pipe | Kind::Socket) if is_waited_for => {
            streams::run(request, &EndToEnd, steps, in_flight)
        }
        (Kind::Socket, Kind::Pipe)
            if !is_non_blocking(&request.source, steps)
                && !is_ready(&request.source, PollFlags::POLLIN, steps) =>
        {
            in_flight.target_was_full = false;
            Progress::refused(SystemCall::Splice, Errno::EAGAIN)
        }
        (Kind::Pipe, _) | (_, Kind::Pipe) => by_calls(request, steps, in_flight),
    }
}
