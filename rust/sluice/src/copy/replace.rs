//! A file takes the name of another.
//!
//! `rename(2)` over a file makes ext4 write the new file's bytes to disk at once (`ext4_rename` in the kernel's
//! `fs/ext4/namei.c`, the mount option `auto_da_alloc`): some 100 µs for 4 KiB, and two thirds of the time for 16 MiB. An
//! exchange of the two names does not, and is as atomic.

use nix::errno::Errno;
use nix::fcntl::renameat;
use nix::libc;
use nix::unistd::{UnlinkatFlags, unlinkat};
use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd};

/// Gives the file `from` of `directory` the name `to`. Who opens `to` meanwhile opens the former file or the new one. The
/// former file is deleted.
///
/// When this fails, both names are as they were.
///
/// # Errors
/// Those of `renameat(2)`; `EISDIR` if `to` is a directory, as an empty one may be too.
pub fn replace(directory: BorrowedFd<'_>, from: &CStr, to: &CStr) -> nix::Result<()> {
    if exchange(directory, from, to).is_err() {
        // Not there, or a kernel, a file system or a seccomp profile without exchanges: this tells what is wrong.
        return renameat(directory, from, directory, to);
    }
    delete_exchanged(directory, from)
        // The name has to be given back: what was there may not be deleted.
        .inspect_err(|_| _ = exchange(directory, from, to))
}

fn delete_exchanged(directory: BorrowedFd<'_>, name: &CStr) -> nix::Result<()> {
    match unlinkat(directory, name, UnlinkatFlags::NoRemoveDir) {
        // Somebody else may have moved it meanwhile.
        Err(Errno::ENOENT) => Ok(()),
        deleted => deleted,
    }
}

/// Exchanges two names of one directory (`renameat2(2)`).
fn exchange(directory: BorrowedFd<'_>, one: &CStr, other: &CStr) -> nix::Result<()> {
    let number = directory.as_raw_fd();
    // SAFETY: the kernel reads the two names, which end with a 0. It is called by its number: glibc has it since 2.28.
    let answer = unsafe {
        libc::syscall(
            libc::SYS_renameat2,
            number,
            one.as_ptr(),
            number,
            other.as_ptr(),
            libc::RENAME_EXCHANGE,
        )
    };
    Errno::result(answer).map(drop)
}
