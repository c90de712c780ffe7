//! Whether a file's descriptor has `O_DIRECT`, and how large its blocks are.

use super::steps::Steps;
use crate::endpoint::{Endpoint, Kind};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism::DirectIo;
use crate::statx::statx;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc;
use nix::sys::statfs::{FsType, NFS_SUPER_MAGIC, TMPFS_MAGIC, fstatfs};
use std::os::fd::BorrowedFd;

/// The alignment in bytes that memory, offsets and lengths get where the kernel does not tell: no device in use has
/// larger blocks.
pub(super) const USUAL_ALIGNMENT: u64 = 4096;

/// File systems that tell no alignment because they want none: `tmpfs`, which takes `O_DIRECT` since Linux 6.6, and NFS
/// (`open(2)`, NOTES).
const WITHOUT_ALIGNMENT: [FsType; 2] = [TMPFS_MAGIC, NFS_SUPER_MAGIC];

/// Whether a file was opened with `O_DIRECT`, or got the flag later.
pub(super) fn is_direct(end: &Endpoint<'_>) -> bool {
    end.kind == Kind::File
        && fcntl(end.fd, FcntlArg::F_GETFL)
            .is_ok_and(|flags| OFlag::from_bits_retain(flags).contains(OFlag::O_DIRECT))
}

/// The size of the blocks, if a call may have been refused because it was not asked for whole blocks.
pub(super) fn block_of_refused(end: &Endpoint<'_>, error: Error, steps: &mut Steps) -> Option<u64> {
    if error.errno == Errno::EINVAL && is_direct(end) {
        alignment(end.fd, steps).ok()
    } else {
        None
    }
}

/// `bytes`, rounded down to whole blocks.
pub(super) fn whole(bytes: u64, block: u64) -> u64 {
    bytes - bytes % block
}

/// The alignment in bytes that offsets, lengths and memory must have (`statx(2)`, since Linux 6.1).
/// The call counts as one of [`DirectIo`], whichever mechanism asks.
pub(super) fn alignment(file: BorrowedFd<'_>, steps: &mut Steps) -> Result<u64, Error> {
    steps.called(DirectIo);
    let answer = statx(file, libc::STATX_TYPE | libc::STATX_DIOALIGN).naming(SystemCall::Statx)?;
    // Opening a FIFO or a device again may wait, or have effects of its own.
    let kind = u32::from(answer.stx_mode) & libc::S_IFMT;
    if kind != libc::S_IFREG && kind != libc::S_IFBLK {
        return Err(Errno::EINVAL).naming(SystemCall::Statx);
    }
    if answer.stx_mask & libc::STATX_DIOALIGN == 0 {
        return Ok(untold_alignment(file, steps));
    }
    match answer.stx_dio_offset_align.max(answer.stx_dio_mem_align) {
        0 => Err(Errno::EINVAL).naming(SystemCall::Statx),
        alignment => Ok(u64::from(alignment)),
    }
}

fn untold_alignment(file: BorrowedFd<'_>, steps: &mut Steps) -> u64 {
    steps.called(DirectIo);
    match fstatfs(file) {
        Ok(stat) if WITHOUT_ALIGNMENT.contains(&stat.filesystem_type()) => 1,
        _ => USUAL_ALIGNMENT,
    }
}
