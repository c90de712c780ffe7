//! `mmap(2)` of a window and `write(2)` out of it: one copy by the CPU, from the page cache into the target.
//!
//! The window is mapped and given back for each call. For a mapping that stays, see [`Mapping`](crate::Mapping). The
//! pages are never touched here: only their address goes to the kernel, which answers `EFAULT` where a read of ours
//! would be SIGBUS.
//!
//! # Errors
//! `ENODEV`: the source is a device, whose size says nothing, which is known without the call; `ENODEV`, `EACCES`: the
//! file cannot be mapped; `ENOMEM`: no address space or too many mappings; `EFAULT`: the file was truncated meanwhile,
//! before a byte of the window was taken; those of `write(2)`. Source: `mmap(2)`.

use crate::endpoint::{Kind, Offset};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::file_size::regular_size;
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use memmap2::{MmapOptions, MmapRaw};
use nix::errno::Errno;
use nix::libc;
use std::os::fd::{AsRawFd, BorrowedFd};

const SELF: Mechanism = Mechanism::MmapWrite;

pub(in crate::transfer) fn run(request: &Request<'_>, steps: &mut Steps) -> Progress {
    if request.source.kind != Kind::File {
        return Progress::refused(SystemCall::Mmap, Errno::ENODEV);
    }
    request.positioned(SELF, steps, write_windows)
}

fn write_windows(request: &Request<'_>, steps: &mut Steps) -> Progress {
    let mut budget = request.budget();
    let mut bytes = 0;
    let mut was_truncated = false;
    let ending = loop {
        let window = budget.piece_of(request.count - bytes);
        match write_window(request, bytes, window, steps) {
            // The file was truncated between the look at its size and the write. The next look tells how far it goes
            // now.
            Err(Error {
                call: SystemCall::Write,
                errno: Errno::EFAULT,
            }) if !was_truncated => {
                was_truncated = true;
                continue;
            }
            Err(Error {
                call: SystemCall::Write,
                errno: Errno::EFAULT,
            }) => {
                break Ending::Failed(Error {
                    call: SystemCall::Mmap,
                    errno: Errno::EFAULT,
                });
            }
            Ok(0) => break Ending::EndOfFile,
            Ok(written) => {
                bytes += written;
                if written < window {
                    break request.ending_at(bytes);
                }
            }
            Err(error) => break Ending::Failed(error),
        }
        if bytes == request.count {
            break Ending::Complete;
        }
        if budget.is_spent(window) {
            break Ending::Paused;
        }
    };
    Progress { bytes, ending }
}

fn write_window(
    request: &Request<'_>,
    done: u64,
    window: u64,
    steps: &mut Steps,
) -> Result<u64, Error> {
    let Offset::At(start) = request.source.offset else {
        return Ok(0);
    };
    let at = start.saturating_add(done);
    steps.called(SELF);
    let size = regular_size(request.source.fd)
        .naming(SystemCall::Statx)?
        .ok_or(Errno::ENODEV)
        .naming(SystemCall::Mmap)?;
    let left = size.saturating_sub(at);
    let length = window.min(left);
    if length == 0 {
        return Ok(0);
    }
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    steps.called(SELF);
    let window = MmapOptions::new()
        .offset(at)
        .len(length)
        .map_raw_read_only(&request.source.fd)
        .map_err(|error| Error::of_io(SystemCall::Mmap, &error, Errno::EINVAL))?;
    steps.called(SELF);
    let offset = request.target.offset.advanced(done).for_kernel();
    let written = offset
        .and_then(|offset| write_from(&window, request.target.fd, offset))
        .naming(SystemCall::Write);
    steps.called(SELF); // munmap, when the window is dropped
    written
}

fn write_from(window: &MmapRaw, target: BorrowedFd<'_>, offset: Option<i64>) -> nix::Result<u64> {
    let (address, length) = (window.as_ptr().cast::<libc::c_void>(), window.len());
    let written = match offset {
        // SAFETY: the range is mapped until `window` is dropped, after this call, and only the kernel reads it.
        Some(at) => unsafe { libc::pwrite(target.as_raw_fd(), address, length, at) },
        // SAFETY: as above.
        None => unsafe { libc::write(target.as_raw_fd(), address, length) },
    };
    Errno::result(written).map(|written| u64::try_from(written).unwrap_or(0))
}
