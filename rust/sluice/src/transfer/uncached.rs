//! Transfers that leave no page in the page cache which was not there before.
//!
//! The bytes go by `read` + `write` through a buffer of ours: a call that hands pages on, such as `sendfile(2)`, would keep
//! them cached until the peer has acknowledged them. The kernel's own way is the flag `RWF_DONTCACHE`, since Linux 6.14. It
//! is not enough by itself. Measured on Linux 6.18:
//!
//! | what the flag leaves | what is done about it |
//! |---|---|
//! | what is read ahead behind the last byte that is asked for: up to 15 MiB with a readahead of 8 MiB | a source is read by an open file of its own with `POSIX_FADV_RANDOM`, which has no readahead |
//! | on ext4 every page that is written over blocks which the file has already, and a page that two writes share | a target is written as always, and what was not cached before is dropped when the device has it |
//!
//! A source for which the flag is refused is asked for by `POSIX_FADV_WILLNEED` piece by piece, so that the kernel's own
//! readahead finds nothing to do, and just the pages that `absent.rs` has found not to be cached are dropped
//! (`POSIX_FADV_DONTNEED`).
//!
//! A file that is open with `O_DIRECT` passes the page cache anyway, and a FIFO has none: both are served as always.
//!
//! # Errors
//! `EOPNOTSUPP`, before a byte has moved: the file system keeps its files in memory (tmpfs), or the kernel does not tell of
//! this file what is cached, and has no flag for the source. Source: `preadv2(2)`, `posix_fadvise(2)`, `sync_file_range(2)`.

mod absent;
mod flagged;
mod reader;
mod written;

use super::direct_file::is_direct;
use super::in_flight::InFlight;
use super::progress::Progress;
use super::request::{Pace, Request};
use super::steps::Steps;
use crate::endpoint::{Endpoint, Kind};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::WHOLE;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::libc;
use nix::sys::stat::fstat;
use nix::sys::statfs::{FsType, HUGETLBFS_MAGIC, TMPFS_MAGIC, fstatfs};

pub(super) use reader::Reader;

const SELF: Mechanism = Mechanism::ReadWrite;

/// `ramfs`, see the kernel's `linux/magic.h`.
const RAMFS_MAGIC: FsType = FsType(0x8584_58f6);

/// File systems whose files have no other place than the page cache.
const IN_MEMORY: [FsType; 3] = [TMPFS_MAGIC, RAMFS_MAGIC, HUGETLBFS_MAGIC];

/// Serves a request by `serve`, which reads its source by a [`Reader`] where that is to stay uncached.
pub(super) fn run(
    request: &Request<'_>,
    steps: &mut Steps,
    in_flight: &mut InFlight,
    serve: impl FnOnce(&Request<'_>, &mut Steps, &mut InFlight) -> Progress,
) -> Progress {
    let prepared = prepared_end(&request.source, SystemCall::Read, steps).and_then(|source| {
        let target = prepared_end(&request.target, SystemCall::Write, steps)?;
        Ok(Request {
            source,
            target,
            ..*request
        })
    });
    match prepared {
        Ok(prepared) if prepared.target.is_uncached => {
            written::run(&prepared, steps, in_flight, serve)
        }
        Ok(prepared) => serve(&prepared, steps, in_flight),
        Err(error) => Progress::failed(0, error),
    }
}

/// How many bytes of an uncached source are read at once. What a target that is not waited for does not take is read again, from the device.
pub(super) fn most_at_once(request: &Request<'_>) -> usize {
    const LEAST: usize = 64 << 10;
    if request.target.kind == Kind::File || request.pace == Pace::Throughout {
        return WHOLE;
    }
    let room = usize::try_from(request.target.likely_room()).unwrap_or(WHOLE);
    room.clamp(LEAST, WHOLE)
}

/// The end with the option only if it has pages.
fn prepared_end<'fd>(
    end: &Endpoint<'fd>,
    call: SystemCall,
    steps: &mut Steps,
) -> Result<Endpoint<'fd>, Error> {
    let as_always = Endpoint {
        is_uncached: false,
        ..*end
    };
    if !end.is_uncached || end.kind != Kind::File {
        return Ok(as_always);
    }
    steps.called(SELF);
    let kind = fstat(end.fd).naming(SystemCall::Statx)?.st_mode & libc::S_IFMT;
    if kind != libc::S_IFREG && kind != libc::S_IFBLK {
        return Ok(as_always);
    }
    steps.called(SELF);
    // A block device tells the file system that its node lies on.
    let file_system = fstatfs(end.fd).naming(SystemCall::Statx)?.filesystem_type();
    if kind == libc::S_IFREG && IN_MEMORY.contains(&file_system) {
        return Err(Errno::EOPNOTSUPP).naming(call);
    }
    steps.called(SELF);
    Ok(if is_direct(end) { as_always } else { *end })
}
