//! `TCP_CORK`: TCP keeps a last segment that is not full, because more bytes follow. `sendfile(2)` has no `MSG_MORE`: the
//! end of a file that is not the end of a response would leave as a segment of its own, and a small trailer behind it would
//! wait for the acknowledgement of that segment where `TCP_NODELAY` is off. After 200 ms the kernel sends what it has kept
//! (`tcp(7)`).

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// Corks a TCP socket. The answer is a duplicate of its descriptor, by which [`uncork`] finds the socket whatever has
/// become of the descriptor.
///
/// # Errors
/// `EALREADY`: the socket is corked, by somebody else; `EOPNOTSUPP`, `ENOPROTOOPT`: it is none of TCP; `EMFILE`: no descriptor
/// is left. The socket is as it was then.
///
/// ```
/// use std::net::{TcpListener, TcpStream};
/// use std::os::fd::AsFd;
///
/// let listener = TcpListener::bind("127.0.0.1:0")?;
/// let socket = TcpStream::connect(listener.local_addr()?)?;
/// let held = sluice::cork(socket.as_fd())?;
/// assert!(sluice::cork(socket.as_fd()).is_err());
/// sluice::uncork(held.as_fd())?;
/// let (unix, _peer) = std::os::unix::net::UnixStream::pair()?;
/// assert!(sluice::cork(unix.as_fd()).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn cork(socket: BorrowedFd<'_>) -> nix::Result<OwnedFd> {
    if is_corked(socket)? {
        return Err(Errno::EALREADY);
    }
    let held = fcntl(socket, FcntlArg::F_DUPFD_CLOEXEC(0))?;
    // SAFETY: the descriptor is new, and nobody else has it.
    let held = unsafe { OwnedFd::from_raw_fd(held) };
    set(socket, 1)?;
    Ok(held)
}

/// Takes the cork away again. What was kept is sent now.
///
/// # Errors
/// Those of `setsockopt(2)`.
pub fn uncork(socket: BorrowedFd<'_>) -> nix::Result<()> {
    set(socket, 0)
}

fn is_corked(socket: BorrowedFd<'_>) -> nix::Result<bool> {
    let mut value: libc::c_int = 0;
    let mut size = SIZE;
    // SAFETY: the kernel writes at most `size` bytes to `value`, and the size that it wrote.
    let answer = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_CORK,
            (&raw mut value).cast(),
            &raw mut size,
        )
    };
    Errno::result(answer).map(|_| value != 0)
}

fn set(socket: BorrowedFd<'_>, value: libc::c_int) -> nix::Result<()> {
    // SAFETY: the kernel reads `SIZE` bytes, which are the value's.
    let answer = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_CORK,
            (&raw const value).cast(),
            SIZE,
        )
    };
    Errno::result(answer).map(drop)
}

#[expect(clippy::cast_possible_truncation, reason = "an int has four bytes")]
const SIZE: libc::socklen_t = size_of::<libc::c_int>() as libc::socklen_t;
