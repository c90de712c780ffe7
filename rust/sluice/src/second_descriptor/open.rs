//! How a file gets a descriptor in the second table.

use super::run::{Descriptor, SecondDescriptor, run};
use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use nix::unistd::gettid;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, IntoRawFd};

impl SecondDescriptor {
    /// One more descriptor of the same open file.
    ///
    /// # Errors
    /// See the module; `EBADF`.
    pub fn of(fd: BorrowedFd<'_>) -> Result<SecondDescriptor, Error> {
        run([Descriptor::Lent(fd)], &|_| {}, |[fd]| {
            fd.try_clone_to_owned().map(IntoRawFd::into_raw_fd)
        })?
        .map(SecondDescriptor)
        .map_err(|error| Error::of_io(SystemCall::Fcntl, &error, Errno::EIO))
    }

    /// Opens the same file once more.
    ///
    /// # Errors
    /// See the module; those of `open(2)`; `ENOENT` without procfs.
    pub(crate) fn reopened(fd: BorrowedFd<'_>, how: OFlag) -> Result<SecondDescriptor, Error> {
        let path = link_of(fd);
        run([], &|_| {}, |[]| {
            open(path.as_str(), how | OFlag::O_CLOEXEC, Mode::empty())
                .map(|opened| SecondDescriptor(opened.into_raw_fd()))
        })?
        .naming(SystemCall::Open)
    }

    /// Opens the same file once more for `work` alone, and closes it after. That costs one call to another thread.
    ///
    /// # Errors
    /// Those of [`SecondDescriptor::reopened`].
    pub(crate) fn briefly<R: Send>(
        fd: BorrowedFd<'_>,
        how: OFlag,
        work: impl FnOnce(BorrowedFd<'_>) -> R + Send,
    ) -> Result<R, Error> {
        let path = link_of(fd);
        run([], &|_| {}, |[]| {
            open(path.as_str(), how | OFlag::O_CLOEXEC, Mode::empty())
                .map(|opened| work(opened.as_fd()))
        })?
        .naming(SystemCall::Open)
    }

    /// Runs `work` with the descriptor, on a thread of the second table.
    ///
    /// # Errors
    /// See the module.
    pub(crate) fn with<R: Send>(
        &self,
        work: impl FnOnce(BorrowedFd<'_>) -> R + Send,
    ) -> Result<R, Error> {
        run([Descriptor::Second(self)], &|_| {}, |[fd]| work(fd))
    }
}

/// The link in procfs by which a file is opened again. It names the thread, since `fd` is a number in that thread's
/// table.
fn link_of(fd: BorrowedFd<'_>) -> String {
    format!("/proc/self/task/{}/fd/{}", gettid(), fd.as_raw_fd())
}
