//! One end of a transfer: a borrowed descriptor, what kind of thing it is, and where in it the bytes lie.

use crate::error::{Call, Error, Naming};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc::PIPE_BUF;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{MsgFlags, send};
use nix::sys::uio::{pread, pwrite};
use nix::unistd::{read, write};
use std::os::fd::{AsRawFd, BorrowedFd};

/// What a descriptor is connected to, as far as the choice of a system call depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file, or anything else that was opened by its path and has an offset. A FIFO or a terminal has none: as a
    /// source it is refused with `ESPIPE`.
    File,
    /// A stream socket.
    Socket,
    /// One end of a pipe.
    Pipe,
}

/// Where in a file the bytes lie. Sockets and pipes have no offset and take [`Offset::Own`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offset {
    /// At this byte of the file; the descriptor's own offset is neither used nor moved.
    At(u64),
    /// At the descriptor's own offset, which moves by what is transferred.
    Own,
}

impl Offset {
    /// The same place, `bytes` further on.
    #[must_use]
    pub fn advanced(self, bytes: u64) -> Offset {
        match self {
            Offset::At(at) => Offset::At(at.saturating_add(bytes)),
            Offset::Own => Offset::Own,
        }
    }

    /// The offset as system calls take it: `None` for the descriptor's own.
    ///
    /// # Errors
    /// `EOVERFLOW` for a place that no file reaches.
    pub(crate) fn for_kernel(self) -> nix::Result<Option<i64>> {
        match self {
            Offset::At(at) => i64::try_from(at).map(Some).map_err(|_| Errno::EOVERFLOW),
            Offset::Own => Ok(None),
        }
    }
}

/// One end of a transfer.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'fd> {
    /// The descriptor, borrowed for as long as the transfer runs.
    pub fd: BorrowedFd<'fd>,
    /// What it is connected to.
    pub kind: Kind,
    /// Where in it the bytes lie.
    pub offset: Offset,
}

impl<'fd> Endpoint<'fd> {
    /// A file, from byte `at` on.
    #[must_use]
    pub fn file_at(fd: BorrowedFd<'fd>, at: u64) -> Self {
        Endpoint {
            fd,
            kind: Kind::File,
            offset: Offset::At(at),
        }
    }

    /// A file at its descriptor's own offset.
    #[must_use]
    pub fn file(fd: BorrowedFd<'fd>) -> Self {
        Endpoint {
            fd,
            kind: Kind::File,
            offset: Offset::Own,
        }
    }

    /// The same, its offset `bytes` further on.
    #[must_use]
    pub(crate) fn advanced(&self, bytes: u64) -> Endpoint<'fd> {
        Endpoint {
            offset: self.offset.advanced(bytes),
            ..*self
        }
    }

    /// A stream socket.
    #[must_use]
    pub fn socket(fd: BorrowedFd<'fd>) -> Self {
        Endpoint {
            fd,
            kind: Kind::Socket,
            offset: Offset::Own,
        }
    }

    /// One end of a pipe.
    #[must_use]
    pub fn pipe(fd: BorrowedFd<'fd>) -> Self {
        Endpoint {
            fd,
            kind: Kind::Pipe,
            offset: Offset::Own,
        }
    }

    /// Whether a call may wait for this end, so that a short one may be a signal's. A file at its own offset may be a
    /// FIFO or a terminal.
    pub(crate) fn may_wait(&self) -> bool {
        self.kind != Kind::File || self.offset == Offset::Own
    }

    /// Waits until a stream is ready for one of `events`, or has failed, or its peer has gone.
    ///
    /// # Errors
    /// `EINTR`: a signal came.
    pub(crate) fn await_ready(&self, events: PollFlags) -> nix::Result<()> {
        poll(&mut [PollFd::new(self.fd, events)], PollTimeout::NONE).map(|_| ())
    }

    /// Which of `events` a stream is ready for now, and whether it has failed or its peer has gone.
    pub(crate) fn ready(&self, events: PollFlags) -> PollFlags {
        let mut polled = [PollFd::new(self.fd, events)];
        match poll(&mut polled, PollTimeout::ZERO) {
            Ok(1..) => polled[0].revents().unwrap_or(events),
            _ => PollFlags::empty(),
        }
    }

    /// Whether a stream whose calls would wait answers `EAGAIN` instead. One that cannot be asked is taken for one that waits.
    pub(crate) fn is_non_blocking(&self) -> bool {
        fcntl(self.fd, FcntlArg::F_GETFL)
            .is_ok_and(|flags| OFlag::from_bits_retain(flags).contains(OFlag::O_NONBLOCK))
    }

    /// Offers bytes to a stream without waiting, whether its descriptor is non-blocking or not: `send(2)` with
    /// `MSG_DONTWAIT`; a pipe, which has no such call, takes `PIPE_BUF` bytes as a whole where it has room at all, see
    /// `pipe(7)`. `called` is called for each system call.
    pub(crate) fn offer(&self, data: &[u8], mut called: impl FnMut()) -> Result<usize, Error> {
        if self.kind == Kind::Socket {
            called();
            let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
            return send(self.fd.as_raw_fd(), data, flags).naming(Call::Write);
        }
        called();
        if self.is_non_blocking() {
            called();
            return self.write(data);
        }
        called();
        if self.ready(PollFlags::POLLOUT).is_empty() {
            return Err(Errno::EAGAIN).naming(Call::Write);
        }
        called();
        self.write(&data[..data.len().min(PIPE_BUF)])
    }

    /// `read(2)`, or `pread(2)` where an offset is given.
    pub(crate) fn read(&self, chunk: &mut [u8]) -> Result<usize, Error> {
        match self.offset.for_kernel().naming(Call::Read)? {
            Some(at) => pread(self.fd, chunk, at),
            None => read(self.fd, chunk),
        }
        .naming(Call::Read)
    }

    /// `write(2)`, or `pwrite(2)` where an offset is given.
    pub(crate) fn write(&self, data: &[u8]) -> Result<usize, Error> {
        match self.offset.for_kernel().naming(Call::Write)? {
            Some(at) => pwrite(self.fd, data, at),
            None => write(self.fd, data),
        }
        .naming(Call::Write)
    }
}
