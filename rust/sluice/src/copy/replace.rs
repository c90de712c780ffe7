//! A file takes the name of another.
//!
//! `rename(2)` over a file makes ext4 write the new file's bytes to disk at once (`ext4_rename` in the kernel's
//! `fs/ext4/namei.c`, the mount option `auto_da_alloc`): some 100 µs for 4 KiB, and two thirds of the time for 16 MiB. An
//! exchange of the two names does not, and is as atomic. Elsewhere it has no use: overlayfs would even copy the former file to
//! its upper layer first.

use super::directory::exchanges_names;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, renameat};
use nix::libc;
use nix::sys::stat::{FileStat, SFlag, fstatat};
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
    if exchanges_names(directory) && is_exchanged(directory, from, to)? {
        return Ok(());
    }
    renameat(directory, from, directory, to)
}

/// Exchanges the names and deletes the former file. The answer is whether that was done; otherwise both names are as they
/// were, and a rename tells what is wrong.
fn is_exchanged(directory: BorrowedFd<'_>, from: &CStr, to: &CStr) -> nix::Result<bool> {
    let look = |name| fstatat(directory, name, AtFlags::AT_SYMLINK_NOFOLLOW);
    let (Ok(new), Ok(former)) = (look(from), look(to)) else {
        return Ok(false);
    };
    if is_directory(&former) {
        // Not even for a moment does it get another name.
        return Err(Errno::EISDIR);
    }
    // In this order, whoever watches the directory sees the former file go before the new one comes.
    if exchange(directory, to, from).is_err() {
        return Ok(false);
    }
    match unlinkat(directory, from, UnlinkatFlags::NoRemoveDir) {
        // Somebody else may have deleted it.
        Ok(()) | Err(Errno::ENOENT) => Ok(true),
        Err(_) => {
            // Unless somebody has replaced the new file meanwhile.
            if look(to).is_ok_and(|there| is_same(&there, &new)) {
                exchange(directory, from, to)?;
            }
            Ok(false)
        }
    }
}

pub(super) fn is_directory(file: &FileStat) -> bool {
    file.st_mode & SFlag::S_IFMT.bits() == SFlag::S_IFDIR.bits()
}

pub(super) fn is_same(one: &FileStat, other: &FileStat) -> bool {
    (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
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
