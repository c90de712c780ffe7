//! `sendfile(2)`: the pages of a file are handed to the target inside the kernel.
//!
//! Into a socket the CPU copies no byte if the device gathers: references to the pages of the page cache are queued.
//! Into a file, or a pipe with buffers of its own, it is one copy. The source must be a file that can be mapped or
//! spliced. A target file is written at its descriptor's own offset: the call takes no other.
//!
//! # Errors
//! `EINVAL`: the source is a socket or a pipe, or the target is open with `O_APPEND`; `EAGAIN`: the target is
//! non-blocking and full; `EPIPE`: the peer is gone; `EINTR`: a signal came first; `ENOSPC`, `EFBIG`, `EIO`: the target
//! file takes no more. Source: `sendfile(2)`, `do_sendfile` in the kernel's `fs/read_write.c`.

use crate::endpoint::Offset;
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::progress::Progress;
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use nix::errno::Errno;
use nix::sys::sendfile::sendfile64;

pub(in crate::transfer) fn run(request: &Request<'_>, steps: &mut Steps) -> Progress {
    if let Offset::At(_) = request.target.offset {
        return Progress::refused(SystemCall::Sendfile, Errno::EINVAL);
    }
    let source = request.source.offset;
    request.repeat(
        Mechanism::Sendfile,
        SystemCall::Sendfile,
        false,
        steps,
        |moved, len| match source.advanced(moved).for_kernel()? {
            Some(mut at) => sendfile64(request.target.fd, request.source.fd, Some(&mut at), len),
            None => sendfile64(request.target.fd, request.source.fd, None, len),
        },
    )
}
