//! How a thread leaves the descriptor table of the process.

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use nix::sched::{CloneFlags, unshare};
use nix::sys::epoll::{Epoll, EpollCreateFlags};
use nix::unistd::gettid;
use std::cell::Cell;
use std::fs;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

/// The last of the standard descriptors, to which a panic's message goes, or what a C library prints.
const STANDARD: RawFd = 2;

const LAST: libc::c_uint = libc::c_uint::MAX;

thread_local! {
    static IS_SECOND: Cell<bool> = const { Cell::new(false) };
}

/// Whether the current thread has the second table.
pub(crate) fn is_second() -> bool {
    IS_SECOND.get()
}

/// Notes that the current thread has the second table.
pub(super) fn mark() {
    IS_SECOND.set(true);
}

/// Gives the current thread a table of its own that holds nothing but `kept`. The answer is the number of `kept` there.
///
/// # Errors
/// Those of `unshare(2)`.
pub(super) fn leave(kept: BorrowedFd<'_>) -> nix::Result<RawFd> {
    let old = kept.as_raw_fd();
    match close_others(old) {
        // The kernel is older than 5.9, or a seccomp profile does not know the call.
        Err(Errno::ENOSYS | Errno::EINVAL | Errno::EPERM) => {
            unshare(CloneFlags::CLONE_FILES)?;
            close_listed(old)?;
        }
        answer => answer?,
    }
    mark();
    let number = fcntl(kept, FcntlArg::F_DUPFD_CLOEXEC(STANDARD + 1))?;
    close_number(old);
    // What is written to a standard descriptor by mistake must go into no file: an epoll instance takes no bytes.
    let nothing = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    while fcntl(&nothing.0, FcntlArg::F_DUPFD_CLOEXEC(0))? < STANDARD {}
    std::mem::forget(nothing);
    Ok(number)
}

/// After the first call the table is a new one. It has no copies of the descriptors above `kept`, which therefore need
/// no close.
fn close_others(kept: RawFd) -> nix::Result<()> {
    let kept = libc::c_uint::try_from(kept).map_err(|_| Errno::EBADF)?;
    close_range(kept + 1, LAST, libc::CLOSE_RANGE_UNSHARE)?;
    match kept {
        0 => Ok(()),
        _ => close_range(0, kept - 1, 0),
    }
}

fn close_range(first: libc::c_uint, last: libc::c_uint, flags: libc::c_uint) -> nix::Result<()> {
    // SAFETY: with the flag, or in a table of its own, it closes no descriptor that anybody else has.
    let answer = unsafe { libc::syscall(libc::SYS_close_range, first, last, flags) };
    Errno::result(answer).map(|_| ())
}

fn close_listed(kept: RawFd) -> nix::Result<()> {
    let folder = format!("/proc/self/task/{}/fd", gettid());
    let listed = fs::read_dir(folder).map_err(|_| Errno::ENOENT)?;
    let numbers: Vec<RawFd> = listed
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    numbers
        .into_iter()
        .filter(|number| *number != kept)
        .for_each(close_number);
    Ok(())
}

fn close_number(number: RawFd) {
    // SAFETY: nobody has a number of this table yet but the thread itself.
    unsafe { libc::close(number) };
}
