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
