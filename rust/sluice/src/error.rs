//! The one error type: the system call and its errno.

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

    /// Says whether another mechanism may still serve what this call refused.
    ///
    /// | errno | why the next rung may do better |
    /// |---|---|
    /// | `EINVAL` | the file system or the pair of kinds has no such operation (`sendfile(2)`, `splice(2)`) |
    /// | `ENOSYS` | the kernel is older than the call, or a seccomp profile hides it |
    /// | `ENOTTY` | the file system knows no such `ioctl(2)` |
    /// | `EOPNOTSUPP` | the file system refuses the operation (NFS and FUSE for `copy_file_range(2)`) |
    /// | `EPERM`, `EACCES` | a seccomp profile or a security module forbids this call, not the bytes |
    /// | `EXDEV` | the two files lie on different file systems |
    /// | `EBADF` | an `O_APPEND` target (`copy_file_range(2)`); a descriptor that is really bad fails below as well |
    /// | `ETXTBSY` | a swap file (`copy_file_range(2)`) |
    /// | `EOVERFLOW` | the range is beyond what the call can express |
    /// | `ENODEV` | the file system cannot be mapped (`mmap(2)`) |
    /// | `ESPIPE` | a "file" that cannot seek, such as a FIFO or a terminal |
    /// | `EMFILE`, `ENFILE` of `pipe2(2)` | no descriptors are left for a pipe of ours; others need none |
    /// | `EDQUOT` of `pipe2(2)` | it has not been called: our part of the user's pipe pages is taken |
    /// | any of `unshare(2)` | there can be no second descriptor table; others need none |
    /// | `ENOMEM`, `EAGAIN`, `EFAULT` of `mmap(2)` | no address space, too many mappings, a page that cannot be read |
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        let needs_more_than_others = match self.call {
            Call::Pipe => matches!(self.errno, Errno::EMFILE | Errno::ENFILE | Errno::EDQUOT),
            Call::Mmap => matches!(self.errno, Errno::ENOMEM | Errno::EAGAIN | Errno::EFAULT),
            Call::Unshare => true,
            _ => false,
        };
        needs_more_than_others || self.is_refused_pair()
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
        )
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
