//! The system calls that an error may name.

/// The system call that failed.
///
/// The numbers are part of the boundary with other languages and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum SystemCall {
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

impl SystemCall {
    /// The call's name as its man page has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SystemCall::Read => "read",
            SystemCall::Write => "write",
            SystemCall::Lseek => "lseek",
            SystemCall::Sendfile => "sendfile",
            SystemCall::Splice => "splice",
            SystemCall::CopyFileRange => "copy_file_range",
            SystemCall::Ficlonerange => "ioctl(FICLONERANGE)",
            SystemCall::Mmap => "mmap",
            SystemCall::Open => "open",
            SystemCall::Statx => "statx",
            SystemCall::Pipe => "pipe2",
            SystemCall::Fcntl => "fcntl",
            SystemCall::Ftruncate => "ftruncate",
            SystemCall::Futimens => "futimens",
            SystemCall::Fchmod => "fchmod",
            SystemCall::Tee => "tee",
            SystemCall::Madvise => "madvise",
            SystemCall::Msync => "msync",
            SystemCall::Mincore => "mincore",
            SystemCall::Mlock => "mlock",
            SystemCall::MemfdCreate => "memfd_create",
            SystemCall::ProcessVm => "process_vm_readv",
            SystemCall::Fallocate => "fallocate",
            SystemCall::Mremap => "mremap",
            SystemCall::Unshare => "unshare",
        }
    }
}

impl SystemCall {
    /// Whether `EAGAIN` of this call says that a stream is not ready.
    pub(crate) fn may_wait(self) -> bool {
        matches!(
            self,
            SystemCall::Read
                | SystemCall::Write
                | SystemCall::Sendfile
                | SystemCall::Splice
                | SystemCall::Tee
        )
    }
}
