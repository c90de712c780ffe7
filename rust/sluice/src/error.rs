//! The one error type: the system call and its errno.

use crate::system_call::SystemCall;
use nix::errno::Errno;
use std::io;

/// A system call that was refused or failed, with the errno it left.
///
/// ```
/// use nix::errno::Errno;
/// use sluice::{Error, SystemCall};
///
/// let call = SystemCall::CopyFileRange;
/// let error = Error { call, errno: Errno::EXDEV };
/// assert!(error.is_refusal(), "another mechanism may serve two file systems");
/// let error = Error { call, errno: Errno::ENOSPC };
/// assert!(!error.is_refusal());
/// assert!(error.to_string().starts_with("copy_file_range: "));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}: {errno}", call.name())]
pub struct Error {
    /// The call.
    pub call: SystemCall,
    /// Its errno.
    pub errno: Errno,
}

impl Error {
    pub(crate) const fn new(call: SystemCall, errno: Errno) -> Error {
        Error { call, errno }
    }

    /// The error of a library that answers an [`io::Error`]. `otherwise` is the errno of one that no call has left.
    pub(crate) fn of_io(call: SystemCall, error: &io::Error, otherwise: Errno) -> Error {
        let errno = error.raw_os_error().map_or(otherwise, Errno::from_raw);
        Error { call, errno }
    }

    /// A call that moved nothing and gave no reason. `write(2)` and `splice(2)` were never seen to do that, but a loop
    /// without progress would be worse than this error.
    pub(crate) fn stuck(call: SystemCall) -> Error {
        Error {
            call,
            errno: Errno::EIO,
        }
    }

    /// Whether another mechanism may still serve what this call refused. Nothing is lost: bytes that did not move are
    /// where they were.
    ///
    /// | call | errno | why the next rung may do better |
    /// |---|---|---|
    /// | `open`, `pipe2`, `mmap` | all but `EINTR` | others need no second descriptor, no pipe and no mapping: `ENOENT` without `/proc`, `EMFILE`, `ENFILE`, `ENOMEM`, `ENODEV`, `EFAULT` |
    /// | `ioctl(FICLONERANGE)` | all but those of a full or broken disk | copying needs nothing of it; the errnos are those that GNU `cp --reflink=auto` gives up at |
    /// | `read`, `write` | `EINVAL` | direct I/O that the file system or its alignment does not serve |
    /// | `read`, `write` | `EOVERFLOW`, `ESPIPE` | an offset that no file has; a "file" that cannot seek, such as a FIFO or a terminal |
    /// | `copy_file_range` | `EIO`, `ENOENT` | CIFS answers so for files that can be read and written (golang.org/issue/42334; GNU `cp`) |
    /// | `copy_file_range` | `EAGAIN`, one without a name | ZFS, and what a FUSE server makes up; both files are as they were |
    /// | the others | `EINVAL` | the file system or the pair of kinds has no such operation (`sendfile(2)`, `splice(2)`; eCryptfs) |
    /// | | `ENOSYS` | the kernel is older than the call, or a seccomp profile hides it |
    /// | | `EOPNOTSUPP`, `ENOTTY` | the file system has no such operation (NFS, FUSE) |
    /// | | `EPERM`, `EACCES` | a seccomp profile or a security module forbids the call, or the file does (immutable, sealed) |
    /// | | `EXDEV` | the two files lie on different file systems |
    /// | | `EBADF` | an `O_APPEND` target (`copy_file_range(2)`); a descriptor that is really bad fails below as well |
    /// | | `ETXTBSY` | a swap file (`copy_file_range(2)`) |
    /// | | `EOVERFLOW` | the range is beyond what the call can express |
    /// | | `ENODEV` | the device does not do this |
    /// | | `ESPIPE` | a "file" that cannot seek, such as a FIFO or a terminal |
    /// | | `ENODATA` | the call sees an end where `read(2)` sees bytes: ours, see `transfer/end_of_file.rs` |
    ///
    /// Everything else is a failure: what `read` and `write` say of permissions, and what any call says of a full disk,
    /// a broken device or a connection. No other mechanism does better, and a socket tells its error once.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self.call {
            SystemCall::Open | SystemCall::Pipe | SystemCall::Mmap => self.errno != Errno::EINTR,
            SystemCall::Ficlonerange => !matches!(
                self.errno,
                Errno::EINTR
                    | Errno::EIO
                    | Errno::ENOMEM
                    | Errno::ENOSPC
                    | Errno::EDQUOT
                    | Errno::EFBIG
            ),
            SystemCall::Read | SystemCall::Write => {
                matches!(self.errno, Errno::EINVAL | Errno::EOVERFLOW | Errno::ESPIPE)
            }
            SystemCall::CopyFileRange => {
                self.is_refused_pair()
                    || matches!(
                        self.errno,
                        Errno::EIO | Errno::ENOENT | Errno::EAGAIN | Errno::UnknownErrno
                    )
            }
            _ => self.is_refused_pair(),
        }
    }

    /// Whether the errno speaks of a connection, and so of a socket or a pipe.
    pub(crate) fn is_of_connection(&self) -> bool {
        matches!(
            self.errno,
            Errno::EPIPE
                | Errno::ECONNRESET
                | Errno::ECONNABORTED
                | Errno::ETIMEDOUT
                | Errno::EHOSTUNREACH
                | Errno::EHOSTDOWN
                | Errno::ENETUNREACH
                | Errno::ENETDOWN
                | Errno::ENOTCONN
                | Errno::ESHUTDOWN
                | Errno::ENOBUFS
        )
    }

    fn is_refused_pair(&self) -> bool {
        matches!(
            self.errno,
            Errno::EINVAL
                | Errno::ENOSYS
                | Errno::ENOTTY
                | Errno::EOPNOTSUPP
                | Errno::EPERM
                | Errno::EACCES
                | Errno::EXDEV
                | Errno::EBADF
                | Errno::ETXTBSY
                | Errno::EOVERFLOW
                | Errno::ENODEV
                | Errno::ESPIPE
                | Errno::ENODATA
        )
    }

    /// The number of the errno. An errno without a name becomes `EIO`, since 0 would say that nothing failed. A FUSE
    /// server may answer any number up to 511 (`fuse_dev_do_write` in the kernel's `fs/fuse/dev.c`).
    #[must_use]
    pub fn number(&self) -> i32 {
        match self.errno {
            Errno::UnknownErrno => Errno::EIO as i32,
            errno => errno as i32,
        }
    }
}

/// Gives a failed call its name.
pub(crate) trait Naming<T> {
    /// The result, with `call` beside the errno.
    fn naming(self, call: SystemCall) -> Result<T, Error>;
}

impl<T> Naming<T> for nix::Result<T> {
    fn naming(self, call: SystemCall) -> Result<T, Error> {
        self.map_err(|errno| Error { call, errno })
    }
}
