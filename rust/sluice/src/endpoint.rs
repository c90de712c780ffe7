//! One end of a transfer: a borrowed descriptor, what kind of thing it is, and where in it the bytes lie.

use crate::error::{Error, Naming};
use crate::numbered::numbered;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc::{self, PIPE_BUF};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::sockopt::SndBuf;
use nix::sys::socket::{MsgFlags, getsockopt, recv, send};
use nix::sys::stat::fstat;
use nix::sys::uio::{pread, pwrite};
use nix::unistd::{Whence, lseek, read, write};
use std::os::fd::{AsRawFd, BorrowedFd};

nix::ioctl_read_bad!(fionread, libc::FIONREAD, libc::c_int);

numbered! {
    /// What a descriptor is connected to, as far as the choice of a system call depends on it.
    ///
    /// ```
    /// use sluice::Kind;
    ///
    /// assert_eq!(Kind::from_number(1), Some(Kind::Socket));
    /// assert_eq!(Kind::Socket.name(), "SOCKET");
    /// ```
    pub enum Kind {
        /// A file, or anything else that was opened by its path and has an offset. A FIFO or a terminal has no offset,
        /// and is refused as a source with `ESPIPE`.
        0 "FILE" File,
        /// A stream socket.
        1 "SOCKET" Socket,
        /// One end of a pipe.
        2 "PIPE" Pipe,
    }
}

/// Where in a file the bytes lie. Sockets and pipes have no offset and take [`Offset::Own`].
///
/// ```
/// use sluice::Offset;
///
/// assert_eq!(Offset::At(4096).advanced(100), Offset::At(4196));
/// assert_eq!(Offset::Own.advanced(100), Offset::Own);
/// ```
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
///
/// ```
/// use sluice::{Endpoint, Kind, Offset};
/// use std::os::fd::AsFd;
///
/// let file = tempfile::tempfile()?;
/// let end = Endpoint::file_at(file.as_fd(), 4096);
/// assert_eq!((end.kind, end.offset), (Kind::File, Offset::At(4096)));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'fd> {
    /// The descriptor, borrowed for as long as the transfer runs.
    pub fd: BorrowedFd<'fd>,
    /// What it is connected to.
    pub kind: Kind,
    /// Where in it the bytes lie.
    pub offset: Offset,
    /// Whether a transfer leaves no page of the file in the page cache that was not there before.
    pub is_uncached: bool,
}

impl<'fd> Endpoint<'fd> {
    /// A file, from byte `at` on.
    #[must_use]
    pub fn file_at(fd: BorrowedFd<'fd>, at: u64) -> Self {
        Endpoint {
            fd,
            kind: Kind::File,
            offset: Offset::At(at),
            is_uncached: false,
        }
    }

    /// A file at its descriptor's own offset.
    #[must_use]
    pub fn file(fd: BorrowedFd<'fd>) -> Self {
        Endpoint {
            fd,
            kind: Kind::File,
            offset: Offset::Own,
            is_uncached: false,
        }
    }

    /// The same; what a transfer brings into the page cache leaves it again.
    #[must_use]
    pub fn uncached(self) -> Self {
        Endpoint {
            is_uncached: self.kind == Kind::File,
            ..self
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
            is_uncached: false,
        }
    }

    /// One end of a pipe.
    #[must_use]
    pub fn pipe(fd: BorrowedFd<'fd>) -> Self {
        Endpoint {
            fd,
            kind: Kind::Pipe,
            offset: Offset::Own,
            is_uncached: false,
        }
    }

    /// Whether a call may wait for this end. A signal may then have made a call short. A file at its own offset may be
    /// a FIFO or a terminal, which are waited for.
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

    /// Whether the next call that takes from a socket would fail with the socket's pending error, with no byte to come
    /// before it. `poll(2)` and `FIONREAD` look without taking the error: it stays for the next call.
    pub(crate) fn owes_an_error(&self, ready: PollFlags) -> bool {
        ready.contains(PollFlags::POLLERR) && self.readable() == Ok(0)
    }

    /// How many bytes a stream has to give at once (`FIONREAD`, see `ioctl_tty(2)`, `tcp(7)`, `unix(7)`).
    ///
    /// # Errors
    /// `EINVAL`, `ENOTTY`: the kernel does not tell it of such a descriptor.
    pub fn readable(&self) -> nix::Result<u64> {
        let mut bytes: libc::c_int = 0;
        // SAFETY: the descriptor is borrowed, hence open; the kernel writes one `int`, which outlives the call.
        unsafe { fionread(self.fd.as_raw_fd(), &raw mut bytes) }?;
        Ok(u64::try_from(bytes).unwrap_or(0))
    }

    /// Whether a socket has an urgent byte to give. `splice(2)` stops before such a byte as at the end of the stream
    /// (`tcp_splice_read`). Looking takes neither bytes nor errors.
    pub(crate) fn is_urgent(&self) -> bool {
        self.kind == Kind::Socket && self.ready(PollFlags::POLLPRI).contains(PollFlags::POLLPRI)
    }

    /// For how many bytes a stream that is ready to be written has room, in all likelihood. A TCP socket is ready while
    /// a third of its buffer is free (`sk_stream_is_writeable`), a unix-domain socket while three quarters are, a pipe
    /// while one page is.
    pub(crate) fn likely_room(&self) -> u64 {
        let room = match self.kind {
            Kind::File => u64::MAX,
            Kind::Socket => getsockopt(&self.fd, SndBuf).map_or(0, |bytes| bytes as u64 / 4),
            Kind::Pipe => fcntl(self.fd, FcntlArg::F_GETPIPE_SZ)
                .ok()
                .and_then(|size| u64::try_from(size).ok())
                .and_then(|size| Some(size.saturating_sub(self.readable().ok()?)))
                .unwrap_or(0),
        };
        room.max(PIPE_BUF as u64)
    }

    /// Whether the descriptor is non-blocking, so that its calls answer `EAGAIN` instead of waiting. If the kernel does
    /// not tell, the descriptor counts as blocking.
    pub(crate) fn is_non_blocking(&self) -> bool {
        fcntl(self.fd, FcntlArg::F_GETFL)
            .is_ok_and(|flags| OFlag::from_bits_retain(flags).contains(OFlag::O_NONBLOCK))
    }

    /// Offers bytes to a stream without waiting, whether its descriptor is non-blocking or not. A socket is written by
    /// `send(2)` with `MSG_DONTWAIT`. A pipe has no such call, but takes `PIPE_BUF` bytes as a whole if it has room at
    /// all, see `pipe(7)`. `called` is called for each system call.
    pub(crate) fn offer(&self, data: &[u8], mut called: impl FnMut()) -> Result<usize, Error> {
        if self.kind == Kind::Socket {
            called();
            let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
            return send(self.fd.as_raw_fd(), data, flags).naming(SystemCall::Write);
        }
        called();
        if self.is_non_blocking() {
            called();
            return self.write(data);
        }
        called();
        if self.ready(PollFlags::POLLOUT).is_empty() {
            return Err(Errno::EAGAIN).naming(SystemCall::Write);
        }
        called();
        self.write(&data[..data.len().min(PIPE_BUF)])
    }

    /// Reads from a stream that is ready. Another reader may have been faster: a socket is not waited for then
    /// (`MSG_DONTWAIT`).
    pub(crate) fn take_at_once(&self, chunk: &mut [u8]) -> Result<usize, Error> {
        if self.kind == Kind::Socket {
            let flags = MsgFlags::MSG_DONTWAIT;
            return recv(self.fd.as_raw_fd(), chunk, flags).naming(SystemCall::Read);
        }
        self.read(chunk)
    }

    /// How many bytes a file has from the offset to its end. `None` of a file that does not know its size, as in
    /// procfs, or that cannot seek.
    pub(crate) fn left(&self) -> Option<u64> {
        let size = u64::try_from(fstat(self.fd).ok()?.st_size).ok()?;
        let at = match self.offset {
            Offset::At(at) => at,
            Offset::Own => u64::try_from(lseek(self.fd, 0, Whence::SeekCur).ok()?).ok()?,
        };
        (size > 0).then(|| size.saturating_sub(at))
    }

    /// `read(2)`, or `pread(2)` where an offset is given.
    pub(crate) fn read(&self, chunk: &mut [u8]) -> Result<usize, Error> {
        match self.offset.for_kernel().naming(SystemCall::Read)? {
            Some(at) => pread(self.fd, chunk, at),
            None => read(self.fd, chunk),
        }
        .naming(SystemCall::Read)
    }

    /// `write(2)`, or `pwrite(2)` where an offset is given.
    pub(crate) fn write(&self, data: &[u8]) -> Result<usize, Error> {
        match self.offset.for_kernel().naming(SystemCall::Write)? {
            Some(at) => pwrite(self.fd, data, at),
            None => write(self.fd, data),
        }
        .naming(SystemCall::Write)
    }
}
