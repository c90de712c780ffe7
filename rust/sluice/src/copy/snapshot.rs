//! A file as it is now: a file without a name that shares all its extents.

use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use crate::transfer::mechanism::reflink::clone_range;
use nix::errno::Errno;
use nix::fcntl::{OFlag, open, openat, readlink};
use nix::sys::stat::Mode;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

/// Makes a file without a name (`O_TMPFILE`) beside `source`, which shares all extents of it (`FICLONERANGE`). What is
/// written to `source` later, or cut off, does not change it. It is gone when it is closed.
///
/// # Errors
/// `EOPNOTSUPP`, `EINVAL`: the file system shares no extents, or has no files without a name; `EACCES`, `EROFS`: nothing may
/// be created in the file's directory; `ENOENT`, `ENOTDIR`: that directory is gone, or `/proc` is not mounted; `ENOSPC`,
/// `EDQUOT`; `EMFILE`, `ENFILE`: no descriptor is left. Source: `open(2)`, `ioctl_ficlonerange(2)`.
pub fn snapshot(source: BorrowedFd<'_>) -> Result<OwnedFd, Error> {
    let directory = directory_of(source).naming(SystemCall::Open)?;
    let how = OFlag::O_RDWR | OFlag::O_TMPFILE | OFlag::O_CLOEXEC;
    let copy =
        openat(&directory, c".", how, Mode::S_IRUSR | Mode::S_IWUSR).naming(SystemCall::Open)?;
    clone_range(source, 0, 0, copy.as_fd(), 0).naming(SystemCall::Ficlonerange)?;
    Ok(copy)
}

/// The directory in which a file had its name when it was looked up last. Extents are shared within one file system only, so
/// that another directory in its place is refused.
fn directory_of(file: BorrowedFd<'_>) -> nix::Result<OwnedFd> {
    // `/proc/self` has the descriptors of the process's first thread, whose table may be another.
    let link = format!("/proc/thread-self/fd/{}", file.as_raw_fd());
    let path = PathBuf::from(readlink(Path::new(&link))?);
    let directory = path.parent().ok_or(Errno::ENOTDIR)?;
    open(
        directory,
        OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC,
        Mode::empty(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_of_a_directory_is_refused() {
        let (reader, _writer) = nix::unistd::pipe().expect("a pipe");
        let refused = snapshot(reader.as_fd()).expect_err("a pipe has no extents");
        assert_eq!(refused.call, SystemCall::Open);
    }
}
