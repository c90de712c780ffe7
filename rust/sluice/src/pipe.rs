//! Pooled pipes: what bytes are spliced through. A pipe that may hold bytes is never given back.

use crate::error::{Call, Error, Naming};
use crate::pool::Pool;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::unistd::pipe2;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// The capacities that are asked for in turn, in bytes. An unprivileged user's pipe is at most `pipe-max-size` large
/// (1 MiB), and small when the user's pipes hold `pipe-user-pages-soft` pages together: see `pipe(7)`.
const CAPACITIES: [i32; 3] = [1 << 20, 1 << 18, 1 << 16];

static POOL: Pool<Pipe> = Pool::new();

/// An empty pipe.
#[derive(Debug)]
pub(crate) struct Pipe {
    reader: OwnedFd,
    writer: OwnedFd,
    capacity: usize,
}

impl Pipe {
    /// A pooled pipe, or a new one.
    ///
    /// # Errors
    /// `EMFILE`, `ENFILE`: no descriptors are left.
    pub(crate) fn take() -> Result<Pipe, Error> {
        if let Some(pipe) = POOL.take() {
            return Ok(pipe);
        }
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC).naming(Call::Pipe)?;
        let capacity = CAPACITIES
            .iter()
            .find_map(|wanted| fcntl(&writer, FcntlArg::F_SETPIPE_SZ(*wanted)).ok())
            .and_then(|capacity| usize::try_from(capacity).ok())
            .unwrap_or(1 << 12);
        Ok(Pipe {
            reader,
            writer,
            capacity,
        })
    }

    /// Gives a pipe back that the caller has emptied. A pipe that is dropped instead is closed, with what it holds.
    pub(crate) fn give_back_empty(self) {
        POOL.give(self);
    }

    pub(crate) fn reader(&self) -> BorrowedFd<'_> {
        self.reader.as_fd()
    }

    pub(crate) fn writer(&self) -> BorrowedFd<'_> {
        self.writer.as_fd()
    }

    /// How many bytes fit, if its pages are full.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }
}

/// The capacity that the caller's pipe gets for a transfer that would fill a usual one, in bytes. With 64 KiB both ends wait
/// for each other at every turn: from a pipe into a file 1.2 GB/s, where 256 KiB reach 3.7; from a file into a pipe 1.9,
/// where they reach 5 to 6. Not more than this, because all pipes of a user share `pipe-user-pages-soft`.
const WIDE: i32 = 256 << 10;

/// From how many bytes on a transfer fills a usual pipe.
pub(crate) const FULL: u64 = 64 << 10;

/// Widens a pipe, as far as the user's limit lets it, and tells `called` of each system call.
pub(crate) fn widen(pipe: BorrowedFd<'_>, mut called: impl FnMut()) {
    called();
    let is_narrow = fcntl(pipe, FcntlArg::F_GETPIPE_SZ).is_ok_and(|capacity| capacity < WIDE);
    if is_narrow {
        called();
        // What is refused leaves the pipe as it was.
        let _ = fcntl(pipe, FcntlArg::F_SETPIPE_SZ(WIDE));
    }
}
