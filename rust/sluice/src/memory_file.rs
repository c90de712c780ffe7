//! Files that have no name and lie in memory.

use nix::errno::Errno;
use nix::libc;
use nix::sys::memfd::MFdFlags;
use std::ffi::CStr;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};

/// `memfd_create(2)` by its number: glibc has the function since 2.27.
pub(crate) fn memfd_create(name: &CStr, flags: MFdFlags) -> nix::Result<OwnedFd> {
    // SAFETY: the name ends with a 0, and the kernel only reads it.
    let answer = unsafe { libc::syscall(libc::SYS_memfd_create, name.as_ptr(), flags.bits()) };
    let new = RawFd::try_from(Errno::result(answer)?).map_err(|_| Errno::EBADF)?;
    // SAFETY: the descriptor is new, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(new) })
}
