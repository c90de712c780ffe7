//! Pipes of the caller, which are widened for transfers that would fill a usual one.

use super::pipe::{resize, usual_pipe};
use super::pipe_budget;
use crate::page_size::page_size;
use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::stat::fstat;
use std::os::fd::BorrowedFd;

/// The capacity that the caller's pipe gets for a transfer that would fill a usual pipe, in bytes. With 64 KiB both
/// ends wait for each other at every turn: a pipe into a file reaches 1.2 GB/s, and 3.7 with 256 KiB; a file into a
/// pipe reaches 1.9, and 5 to 6 with 256 KiB. It is not more than this, because all pipes of a user share their pages.
const WIDE: u32 = 256 << 10;

/// Whether a transfer of so many bytes fills a usual pipe.
pub(crate) fn fills_usual_pipe(bytes: u64) -> bool {
    bytes >= usual_pipe(page_size()) as u64
}

/// Widens a pipe of the caller, as far as the budget and the user's limit allow. `called` is called for each system
/// call on the pipe.
pub(crate) fn widen(pipe: BorrowedFd<'_>, mut called: impl FnMut()) {
    called();
    let capacity = fcntl(pipe, FcntlArg::F_GETPIPE_SZ).map(usize::try_from);
    let Ok(Ok(capacity)) = capacity else {
        return;
    };
    let more = (WIDE as usize).saturating_sub(capacity);
    if more == 0 {
        return;
    }
    called();
    let Ok(inode) = fstat(pipe).map(|stat| stat.st_ino) else {
        return;
    };
    if !pipe_budget::widens(inode, more) {
        return;
    }
    called();
    if resize(pipe, WIDE).is_err() {
        // A refusal leaves the pipe as it was.
        pipe_budget::widens_not(inode);
    }
}
