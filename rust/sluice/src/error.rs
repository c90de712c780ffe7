//! The one error type: the system call and its errno.

use crate::mechanism::Mechanism;
use nix::errno::Errno;

/// The system call that failed.
///
/// The numbers are part of the boundary with other languages and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Call {
    /// `read(2)` or `pread(2)`.
    Read = 1,
    /// `write(2)` or `pwrite(2)`.
    Write = 2,
    /// `lseek(2)`.
    Lseek = 3,
    /// `sendfile(2)`.
    Sendfile = 4,
    /// `splice(2)`.
    Splice = 5,
    /// `copy_file_range(2)`.
    CopyFileRange = 6,
    /// `ioctl(2)` with `FICLONERANGE`, see `ioctl_ficlonerange(2)`.
    Ficlonerange = 7,
    /// `mmap(2)`.
    Mmap = 8,
    /// `open(2)`.
    Open = 9,
    /// `statx(2)` or `fstat(2)`.
    Statx = 10,
    /// `pipe2(2)`.
    Pipe = 11,
    /// `fcntl(2)`.
    Fcntl = 12,
    /// `ftruncate(2)`.
    Ftruncate = 13,
    /// `futimens(2)`, see `utimensat(2)`.
    Futimens = 14,
    /// `fchmod(2)`.
    Fchmod = 15,
    /// `tee(2)`.
    Tee = 16,
    /// `madvise(2)`.
    Madvise = 17,
    /// `msync(2)`.
    Msync = 18,
    /// `mincore(2)`.
    Mincore = 19,
    /// `mlock(2)` or `munlock(2)`.
    Mlock = 20,
    /// `memfd_create(2)`.
    MemfdCreate = 21,
    /// `process_vm_readv(2)` or `process_vm_writev(2)`.
    ProcessVm = 22,
    /// `fallocate(2)`.
    Fallocate = 23,
    /// `mremap(2)`.
    Mremap = 24,
    /// `close_range(2)` with `CLOSE_RANGE_UNSHARE`, or `unshare(2)`, or what else a second descriptor table needs.
    Unshare = 25,
}

impl Call {
    /// The call's name as its man page has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Call::Read => "read",
            Call::Write => "write",
            Call::Lseek => "lseek",
            Call::Sendfile => "sendfile",
            Call::Splice => "splice",
            Call::CopyFileRange => "copy_file_range",
            Call::Ficlonerange => "ioctl(FICLONERANGE)",
            Call::Mmap => "mmap",
            Call::Open => "open",
            Call::Statx => "statx",
            Call::Pipe => "pipe2",
            Call::Fcntl => "fcntl",
            Call::Ftruncate => "ftruncate",
            Call::Futimens => "futimens",
            Call::Fchmod => "fchmod",
            Call::Tee => "tee",
            Call::Madvise => "madvise",
            Call::Msync => "msync",
            Call::Mincore => "mincore",
            Call::Mlock => "mlock",
            Call::MemfdCreate => "memfd_create",
            Call::ProcessVm => "process_vm_readv",
            Call::Fallocate => "fallocate",
            Call::Mremap => "mremap",
            Call::Unshare => "unshare",
        }
    }
}

impl Call {
    /// Whether `EAGAIN` of this call says that a stream is not ready.
    pub(crate) fn may_wait(self) -> bool {
        matches!(
            self,
            Call::Read | Call::Write | Call::Sendfile | Call::Splice | Call::Tee
        )
    }
}

impl Mechanism {
    /// The call that a refusal names where none was made.
    pub(crate) fn call(self) -> Call {
        match self {
            Mechanism::Auto | Mechanism::ReadWrite => Call::Read,
            Mechanism::MmapWrite => Call::Mmap,
            Mechanism::Sendfile => Call::Sendfile,
            Mechanism::Splice => Call::Splice,
            Mechanism::CopyFileRange => Call::CopyFileRange,
            Mechanism::Reflink => Call::Ficlonerange,
            Mechanism::DirectIo => Call::Open,
        }
    }
}

/// A system call that was refused or failed, with the errno it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}: {errno}", call.name())]
pub struct Error {
    /// The call.
    pub call: Call,
    /// Its errno.
    pub errno: Errno,
}

impl Error {
    /// A call that moved nothing and gave no reason. Never seen of `write(2)` and `splice(2)`, but a loop that goes on
    /// without progress would be worse than this error.
    pub(crate) fn stuck(call: Call) -> Error {
        Error {
            call,
            errno: Errno::EIO,
        }
    }

    /// Says whether another mechanism may still serve what this call refused, with nothing lost: bytes that did not move are
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
    /// | | `EPERM`, `EACCES` | a seccomp profile or a security module forbids the call, or the file it (immutable, sealed) |
    /// | | `EXDEV` | the two files lie on different file systems |
    /// | | `EBADF` | an `O_APPEND` target (`copy_file_range(2)`); a descriptor that is really bad fails below as well |
    /// | | `ETXTBSY` | a swap file (`copy_file_range(2)`) |
    /// | | `EOVERFLOW` | the range is beyond what the call can express |
    /// | | `ENODEV` | the device does not do this |
    /// | | `ESPIPE` | a "file" that cannot seek, such as a FIFO or a terminal |
    /// | | `ENODATA` | the call sees an end where `read(2)` sees bytes: ours, see `transfer/end_of_file.rs` |
    ///
    /// What `read` and `write` say of permissions, and what any call says of a full disk, a broken device or a connection,
    /// is a failure: no other mechanism does better, and a socket tells its error once.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self.call {
            Call::Open | Call::Pipe | Call::Mmap => self.errno != Errno::EINTR,
            Call::Ficlonerange => !matches!(
                self.errno,
                Errno::EINTR
                    | Errno::EIO
                    | Errno::ENOMEM
                    | Errno::ENOSPC
                    | Errno::EDQUOT
                    | Errno::EFBIG
            ),
            Call::Read | Call::Write => {
                matches!(self.errno, Errno::EINVAL | Errno::EOVERFLOW | Errno::ESPIPE)
            }
            Call::CopyFileRange => {
                self.is_refused_pair()
                    || matches!(
                        self.errno,
                        Errno::EIO | Errno::ENOENT | Errno::EAGAIN | Errno::UnknownErrno
                    )
            }
            _ => self.is_refused_pair(),
        }
    }

    /// Whether it speaks of a connection, and so of a socket or pipe.
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

    /// The number of the errno. `EIO` for one that has no name, since 0 would tell that nothing failed: a FUSE server may
    /// answer up to 511 (`fuse_dev_do_write` in the kernel's `fs/fuse/dev.c`).
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
    fn naming(self, call: Call) -> Result<T, Error>;
}

impl<T> Naming<T> for nix::Result<T> {
    fn naming(self, call: Call) -> Result<T, Error> {
        self.map_err(|errno| Error { call, errno })
    }
}
