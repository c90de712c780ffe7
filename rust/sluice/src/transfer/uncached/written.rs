//! Into a target file: what was not cached before is dropped once it is written to the device.

use super::absent::Absent;
use crate::endpoint::{Endpoint, Offset};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::second_descriptor::SecondDescriptor;
use crate::system_call::SystemCall;
use crate::transfer::in_flight::InFlight;
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc;
use nix::sys::stat::fstat;
use nix::unistd::{Whence, lseek};
use std::os::fd::{AsRawFd, BorrowedFd};

const SELF: Mechanism = Mechanism::ReadWrite;

/// How many bytes are written before the device is waited for, which no close ends: 40 ms at 100 MB/s.
const AT_ONCE: u64 = 4 << 20;

/// Serves a part of the request by `serve`, and waits until the device has it.
pub(super) fn run(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
    serve: impl FnOnce(&Request<'_>, &mut Steps, &mut InFlight) -> Progress,
) -> Progress {
    let part = Request {
        count: request.count.min(AT_ONCE),
        ..*request
    };
    let file = part.target.fd;
    steps.called(SELF);
    let looked = next_byte(&part.target, steps).and_then(|start| {
        let absent = Absent::of(file, start..start.saturating_add(part.count))
            .map_err(|_| Errno::EOPNOTSUPP)
            .naming(SystemCall::Write)?;
        Ok((start, absent))
    });
    let (start, absent) = match looked {
        Ok(looked) => looked,
        Err(error) => return Progress::failed(0, error),
    };
    let mut progress = serve(&part, steps, in_flight);
    if progress.ending == Ending::Complete && part.count < request.count {
        progress.ending = Ending::Paused;
    }
    let end = start.saturating_add(progress.bytes);
    if progress.bytes > 0 && absent.is_any_of(&(start..end)) {
        steps.called(SELF);
        if let Err(error) = await_device(file, start, progress.bytes, steps) {
            return Progress::failed(progress.bytes, error);
        }
        absent.drop_between(file, start, end, || steps.called(SELF));
    }
    progress
}

/// Where the next byte goes.
fn next_byte(target: &Endpoint<'_>, steps: &mut Steps) -> Result<u64, Error> {
    if let Offset::At(at) = target.offset {
        return Ok(at);
    }
    steps.called(SELF);
    let flags = fcntl(target.fd, FcntlArg::F_GETFL).naming(SystemCall::Fcntl)?;
    steps.called(SELF);
    let at = if OFlag::from_bits_retain(flags).contains(OFlag::O_APPEND) {
        fstat(target.fd).naming(SystemCall::Statx)?.st_size
    } else {
        lseek(target.fd, 0, Whence::SeekCur).naming(SystemCall::Lseek)?
    };
    Ok(u64::try_from(at).unwrap_or(0))
}

/// Waits until pages are written to the device. Neither the device's own cache nor what the file system knows of the file is
/// waited for. An open file is told of a failed write once, so that another one waits: `fsync(2)` of the caller's own tells
/// it again.
fn await_device(
    file: BorrowedFd<'_>,
    at: u64,
    length: u64,
    steps: &mut Steps,
) -> Result<(), Error> {
    steps.called(SELF);
    match SecondDescriptor::briefly(file, OFlag::O_WRONLY, |fd| sync_range(fd, at, length)) {
        Ok(written) => written,
        Err(_) => sync_range(file, at, length),
    }
    .naming(SystemCall::Write)
}

/// `sync_file_range(2)`.
fn sync_range(file: BorrowedFd<'_>, at: u64, length: u64) -> nix::Result<()> {
    let (Ok(at), Ok(length)) = (i64::try_from(at), i64::try_from(length)) else {
        return Err(Errno::EOVERFLOW);
    };
    let all = libc::SYNC_FILE_RANGE_WAIT_BEFORE
        | libc::SYNC_FILE_RANGE_WRITE
        | libc::SYNC_FILE_RANGE_WAIT_AFTER;
    // SAFETY: the call takes no pointer, and the descriptor is borrowed, hence open.
    Errno::result(unsafe { libc::sync_file_range(file.as_raw_fd(), at, length, all) }).map(drop)
}
