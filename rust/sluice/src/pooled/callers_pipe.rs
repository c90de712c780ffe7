//! Pipes of the caller, which are widened for transfers that would fill a usual one.

use super::pipe::{resize, usual_pipe};
use super::pipe_budget;
use crate::page_size::page_size;
use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::stat::fstat;
use std::os::fd::BorrowedFd;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// The capacity that the caller's pipe gets for a transfer that would fill a usual pipe, in bytes. With 64 KiB both
/// ends wait for each other at every turn: a pipe into a file reaches 1.2 GB/s, and 3.7 with 256 KiB; a file into a
/// pipe reaches 1.9, and 5 to 6 with 256 KiB. It is not more than this, because all pipes of a user share their pages.
const WIDE: u32 = 256 << 10;

/// Whether a transfer of so many bytes fills a usual pipe.
pub(crate) fn fills_usual_pipe(bytes: u64) -> bool {
    bytes >= usual_pipe(page_size()) as u64
}

/// Pipes that were found or made wide, each in the place that its number gives. The kernel answers `F_GETPIPE_SZ` with
/// the pipe's lock held, for which it waits while the other end copies: that took 3 µs a call of 64 KiB. `fstat(2)` takes
/// no such lock. A pipe that its owner makes narrow again stays known as wide, and so does the next pipe of its number,
/// which the kernel gives out after 2^32 others.
static WIDE_PIPES: [AtomicU64; 64] = [const { AtomicU64::new(0) }; 64];

fn place(inode: u64) -> &'static AtomicU64 {
    let places = WIDE_PIPES.len() as u64;
    &WIDE_PIPES[usize::try_from(inode % places).unwrap_or(0)]
}

/// Widens a pipe of the caller, as far as the budget and the user's limit allow. `called` is called for each system
/// call on the pipe.
pub(crate) fn widen(pipe: BorrowedFd<'_>, mut called: impl FnMut()) {
    called();
    let Ok(inode) = fstat(pipe).map(|stat| stat.st_ino) else {
        return;
    };
    if place(inode).load(Relaxed) == inode {
        return;
    }
    called();
    let capacity = fcntl(pipe, FcntlArg::F_GETPIPE_SZ).map(usize::try_from);
    let Ok(Ok(capacity)) = capacity else {
        return;
    };
    let more = (WIDE as usize).saturating_sub(capacity);
    if more > 0 {
        if !pipe_budget::widens(inode, more) {
            return;
        }
        called();
        if resize(pipe, WIDE).is_err() {
            // A refusal leaves the pipe as it was.
            pipe_budget::widens_not(inode);
            return;
        }
    }
    place(inode).store(inode, Relaxed);
}
