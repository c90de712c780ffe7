//! `mmap(2)` of a window and `write(2)` out of it: one copy by the CPU, from the page cache into the target.
//!
//! The window is mapped and given back for each call. For a mapping that stays, see [`Mapping`](crate::Mapping). The
//! pages are never touched here: only their address goes to the kernel, which answers `EFAULT` where a read of ours
//! would be SIGBUS.
//!
//! Into a file the pages of a window are mapped all at once (`MAP_POPULATE`): a file takes the whole window, and page
//! faults during the write cost up to a quarter more, all in all. A stream may take no more than its buffer has room for.
//!
//! # Errors
//! `ENODEV`: the source is a device, whose size says nothing, which is known without the call; `ENODEV`, `EACCES`: the
//! file cannot be mapped; `ENOMEM`: no address space or too many mappings; `EFAULT`: the file was truncated meanwhile,
//! before a byte of the window was taken; those of `write(2)`. Source: `mmap(2)`.

use crate::endpoint::{Endpoint, Kind, Offset};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::file_size::regular_size;
use crate::transfer::page_cache;
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use memmap2::{MmapOptions, MmapRaw};
use nix::errno::Errno;
use nix::libc::{self, c_void};
use std::os::fd::{AsRawFd, BorrowedFd};

const SELF: Mechanism = Mechanism::MmapWrite;

/// The most bytes of a window into a file, as many as NIO maps at a time. The larger a window, the less it costs beside
/// the copy. When it is given back, the other processors that run threads of the process have to forget its pages (a TLB
/// shootdown). Beside 16 busy threads on two processors, transfers of 16 MiB reached 1.01 times NIO's speed by windows of
/// 2 MiB and 1.06 times by windows of 8 MiB; without busy threads, transfers of 8 MiB reached 1.08 and 1.17 times.
const MOST_INTO_FILE: u64 = 8 << 20;

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
    let mut window: Option<Window> = None;
    let ending = loop {
        let piece = budget.piece_of(request.count - bytes);
        let rest = request.after(bytes);
        let (asked, written) = match window.as_mut() {
            Some(window) if window.left() > 0 => window.write(piece, &rest.target, steps),
            Some(window) if window.ends_with_file => break request.ending_at(bytes),
            _ => {
                // Its addresses are given back before others are taken.
                drop(window.take());
                match map(&rest, piece, steps) {
                    Ok(None) => break Ending::EndOfFile,
                    Ok(mapped) => window = mapped,
                    Err(error) => break Ending::Failed(error),
                }
                continue;
            }
        };
        match written {
            // The file was truncated between the look at its size and the write. The next look tells how far it goes
            // now.
            Err(Errno::EFAULT) if !was_truncated => {
                was_truncated = true;
                window = None;
                continue;
            }
            Err(Errno::EFAULT) => {
                break Ending::Failed(Error::new(SystemCall::Mmap, Errno::EFAULT));
            }
            Err(errno) => break Ending::Failed(Error::new(SystemCall::Write, errno)),
            Ok(0) => break Ending::EndOfFile,
            Ok(written) => {
                bytes += written;
                if written < asked {
                    break request.ending_at(bytes);
                }
            }
        }
        if bytes == request.count {
            break Ending::Complete;
        }
        if budget.is_spent(asked) {
            break Ending::Paused;
        }
    };
    Progress { bytes, ending }
}

/// Maps the next bytes of the source, or none if there are none.
fn map(rest: &Request<'_>, piece: u64, steps: &mut Steps) -> Result<Option<Window>, Error> {
    let Offset::At(at) = rest.source.offset else {
        return Ok(None);
    };
    steps.called(SELF);
    let size = regular_size(rest.source.fd)
        .naming(SystemCall::Statx)?
        .ok_or(Errno::ENODEV)
        .naming(SystemCall::Mmap)?;
    let left = size.saturating_sub(at);
    let wanted = wanted(rest, piece, left, steps);
    let length = wanted.min(left);
    if length == 0 {
        return Ok(None);
    }
    let mut options = MmapOptions::new();
    options
        .offset(at)
        .len(usize::try_from(length).unwrap_or(usize::MAX));
    if rest.target.kind == Kind::File {
        options.populate();
    }
    steps.called(SELF);
    let pages = options
        .map_raw_read_only(&rest.source.fd)
        .map_err(|error| Error::of_io(SystemCall::Mmap, &error, Errno::EINVAL))?;
    steps.called(SELF); // munmap, when the window is dropped
    Ok(Some(Window {
        pages,
        done: 0,
        ends_with_file: length < wanted,
    }))
}

/// How many bytes the next window is to have: a piece, or more if they are in memory and the target takes them all.
fn wanted(rest: &Request<'_>, piece: u64, left: u64, steps: &mut Steps) -> u64 {
    let most = rest.count.min(MOST_INTO_FILE);
    let Offset::At(at) = rest.source.offset else {
        return piece;
    };
    if rest.target.kind != Kind::File || most <= piece || left <= piece {
        return piece;
    }
    let range = at..at + most.min(left);
    if page_cache::holds(rest.source.fd, &range, || steps.called(SELF)) {
        most
    } else {
        piece
    }
}

/// A part of the source in memory, of which the first bytes have been written. Dropping it gives its addresses back.
struct Window {
    pages: MmapRaw,
    done: usize,
    /// Whether the source ended there when it was mapped.
    ends_with_file: bool,
}

impl Window {
    fn left(&self) -> usize {
        self.pages.len() - self.done
    }

    /// Writes up to `piece` further bytes. The answer is how many the target was asked to take, and how many it took.
    fn write(
        &mut self,
        piece: u64,
        target: &Endpoint<'_>,
        steps: &mut Steps,
    ) -> (u64, nix::Result<u64>) {
        let asked = usize::try_from(piece)
            .unwrap_or(usize::MAX)
            .min(self.left());
        steps.called(SELF);
        let offset = target.offset.for_kernel();
        let written = offset.and_then(|offset| self.write_out(asked, target.fd, offset));
        self.done += written.unwrap_or(0);
        (asked as u64, written.map(|written| written as u64))
    }

    fn write_out(
        &self,
        length: usize,
        target: BorrowedFd<'_>,
        offset: Option<i64>,
    ) -> nix::Result<usize> {
        let address = self.pages.as_ptr().wrapping_add(self.done).cast::<c_void>();
        let written = match offset {
            // SAFETY: `length` bytes from `address` on are left of the mapping, which outlives the call. Only the kernel
            // reads them.
            Some(at) => unsafe { libc::pwrite(target.as_raw_fd(), address, length, at) },
            // SAFETY: as above.
            None => unsafe { libc::write(target.as_raw_fd(), address, length) },
        };
        Errno::result(written).map(|written| usize::try_from(written).unwrap_or(0))
    }
}
