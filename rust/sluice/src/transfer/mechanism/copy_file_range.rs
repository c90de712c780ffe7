//! `copy_file_range(2)`: file to file inside the kernel.
//!
//! One copy through the page cache, or none where the file system does it by itself: XFS and btrfs share the extents of
//! aligned ranges, NFS and SMB copy on the server. Ranges of one file may not overlap.
//!
//! # Errors
//! `EXDEV`: two file systems of different types; `EINVAL`: overlapping ranges of one file, or not a regular file; `EBADF`:
//! the target is open with `O_APPEND`; `ETXTBSY`: a swap file; `EOPNOTSUPP`, `ENOSYS`; `ENOSPC`, `EFBIG`, `EIO`: the target
//! takes no more. A first answer of 0 bytes may come from a file whose size the kernel does not know (procfs). Source:
//! `copy_file_range(2)`, `vfs_copy_file_range` in the kernel's `fs/read_write.c`.

use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::progress::Progress;
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use nix::fcntl::copy_file_range;

pub(in crate::transfer) fn run(request: &Request<'_>, steps: &mut Steps) -> Progress {
    let (source, target) = (request.source, request.target);
    request.repeat(
        Mechanism::CopyFileRange,
        SystemCall::CopyFileRange,
        false,
        steps,
        |moved, len| {
            let mut from = source.offset.advanced(moved).for_kernel()?;
            let mut to = target.offset.advanced(moved).for_kernel()?;
            copy_file_range(source.fd, from.as_mut(), target.fd, to.as_mut(), len)
        },
    )
}
