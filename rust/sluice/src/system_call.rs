//! The system calls that an error may name, with their names as the man pages have them.

use crate::numbered::numbered;

numbered! {
    /// The system call that failed.
    ///
    /// ```
    /// use sluice::SystemCall;
    ///
    /// assert_eq!(SystemCall::from_number(7), Some(SystemCall::Ficlonerange));
    /// assert_eq!(SystemCall::Ficlonerange.name(), "ioctl(FICLONERANGE)");
    /// ```
    pub enum SystemCall {
        /// `read(2)` or `pread(2)`.
        1 "read" Read,
        /// `write(2)` or `pwrite(2)`.
        2 "write" Write,
        /// `lseek(2)`.
        3 "lseek" Lseek,
        /// `sendfile(2)`.
        4 "sendfile" Sendfile,
        /// `splice(2)`.
        5 "splice" Splice,
        /// `copy_file_range(2)`.
        6 "copy_file_range" CopyFileRange,
        /// `ioctl(2)` with `FICLONERANGE`, see `ioctl_ficlonerange(2)`.
        7 "ioctl(FICLONERANGE)" Ficlonerange,
        /// `mmap(2)`.
        8 "mmap" Mmap,
        /// `open(2)`.
        9 "open" Open,
        /// `statx(2)` or `fstat(2)`.
        10 "statx" Statx,
        /// `pipe2(2)`.
        11 "pipe2" Pipe,
        /// `fcntl(2)`.
        12 "fcntl" Fcntl,
        /// `ftruncate(2)`.
        13 "ftruncate" Ftruncate,
        /// `futimens(2)`, see `utimensat(2)`.
        14 "futimens" Futimens,
        /// `fchmod(2)`.
        15 "fchmod" Fchmod,
        /// `tee(2)`.
        16 "tee" Tee,
        /// `madvise(2)`.
        17 "madvise" Madvise,
        /// `msync(2)`.
        18 "msync" Msync,
        /// `mincore(2)`.
        19 "mincore" Mincore,
        /// `mlock(2)` or `munlock(2)`.
        20 "mlock" Mlock,
        /// `memfd_create(2)`.
        21 "memfd_create" MemfdCreate,
        /// `process_vm_readv(2)` or `process_vm_writev(2)`.
        22 "process_vm_readv" ProcessVm,
        /// `fallocate(2)`.
        23 "fallocate" Fallocate,
        /// `mremap(2)`.
        24 "mremap" Mremap,
        /// `close_range(2)` with `CLOSE_RANGE_UNSHARE`, or `unshare(2)`, or what else a second descriptor table needs.
        25 "unshare" Unshare,
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
