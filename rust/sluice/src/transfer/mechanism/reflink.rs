//! `ioctl(FICLONERANGE)`: the target shares the extents of the source. An extent is copied when one side changes it.
//!
//! No byte is read or written, whatever the size. Offsets and length must be multiples of the file system's block size,
//! except the length of a range that ends where the source ends.
//!
//! # Errors
//! `EOPNOTSUPP`: the file system shares no extents (ext4, tmpfs); `EXDEV`: two file systems; `EINVAL`: an unaligned or
//! overlapping range, or not a regular file, which is known without the call; `EBADF`: the target is open with `O_APPEND`;
//! `ETXTBSY`: a swap file; `EPERM`: an immutable target. Source: `ioctl_ficlonerange(2)`.

use crate::endpoint::Kind;
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::budget::{Budget, EXTENTS};
use crate::transfer::file_position::{advance_position, position_of};
use crate::transfer::file_size::regular_size;
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use nix::errno::Errno;
use nix::libc;
use std::os::fd::{AsRawFd, BorrowedFd};

const SELF: Mechanism = Mechanism::Reflink;

pub(in crate::transfer) fn run(request: &Request<'_>, steps: &mut Steps) -> Progress {
    match clone(request, steps) {
        Ok(progress) => progress,
        Err(error) => Progress::failed(0, error),
    }
}

fn clone(request: &Request<'_>, steps: &mut Steps) -> Result<Progress, Error> {
    if (request.source.kind, request.target.kind) != (Kind::File, Kind::File) {
        return Err(Errno::EINVAL).naming(SystemCall::Ficlonerange);
    }
    let from = position_of(&request.source, SELF, steps)?;
    let to = position_of(&request.target, SELF, steps)?;
    steps.called(SELF);
    let size = regular_size(request.source.fd)
        .naming(SystemCall::Statx)?
        .ok_or(Errno::EINVAL)
        .naming(SystemCall::Ficlonerange)?;
    let length = request.count.min(size.saturating_sub(from));
    let (source, target) = (request.source.fd, request.target.fd);
    let mut budget = Budget::of(&EXTENTS);
    let mut bytes = 0;
    let ending = loop {
        if bytes == length {
            break if length == request.count {
                Ending::Complete
            } else {
                Ending::EndOfFile
            };
        }
        let piece = budget.piece_of(length - bytes);
        steps.called(SELF);
        match clone_range(source, from + bytes, piece, target, to + bytes) {
            Ok(()) => bytes += piece,
            Err(errno) => {
                break Ending::Failed(Error::new(SystemCall::Ficlonerange, errno));
            }
        }
        if bytes < length && budget.is_spent(piece) {
            break Ending::Paused;
        }
    };
    advance_position(&request.source, from, bytes, SELF, steps)?;
    advance_position(&request.target, to, bytes, SELF, steps)?;
    Ok(Progress { bytes, ending })
}

/// Shares `length` bytes of `source` from `from` on with `target` at `to`.
pub(crate) fn clone_range(
    source: BorrowedFd<'_>,
    from: u64,
    length: u64,
    target: BorrowedFd<'_>,
    to: u64,
) -> nix::Result<()> {
    let range = libc::file_clone_range {
        src_fd: i64::from(source.as_raw_fd()),
        src_offset: from,
        src_length: length,
        dest_offset: to,
    };
    // SAFETY: both descriptors are borrowed, hence open; the kernel reads one `file_clone_range`, which outlives the call.
    let result = unsafe { libc::ioctl(target.as_raw_fd(), libc::FICLONERANGE, &raw const range) };
    Errno::result(result).map(drop)
}
