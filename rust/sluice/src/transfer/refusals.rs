//! What a refusal speaks of, and which mechanisms were refused lately, so that they are not tried again at every call.
//!
//! A refusal that speaks of two file systems is remembered for the pair of them (`st_dev`). A refusal that may speak of
//! a single file is never remembered, since every other file of an XFS or btrfs would lose its shared extents for it.
//!
//! | errno | call | speaks of | remembered for |
//! |---|---|---|---|
//! | `EXDEV`, `st_dev` differs | `copy_file_range` | the two file systems | the pair of them |
//! | `EXDEV`, one `st_dev` | `copy_file_range` | the layers under these two files of an overlay (`xino`), or two mounts | nobody |
//! | `EOPNOTSUPP` | `copy_file_range`, `sendfile` | file systems (NFS, SMB), or what a FUSE server makes of a file | the pair |
//! | `ENOSYS` | `copy_file_range`, `sendfile` | the kernel, a seccomp profile, or as above | the pair |
//! | `EPERM`, `EACCES` | any | a seccomp profile or a security module, or an immutable, append-only or sealed file: the errno does not tell which | nobody |
//! | `EBADF`, `ETXTBSY` | any | one descriptor (`O_APPEND`), one file (a swap file) | nobody |
//! | `EINVAL`, `EOVERFLOW`, `ESPIPE` | any | a range, one descriptor | nobody |
//! | `ENODEV`, `EFAULT`, `ENOMEM`, ... | `mmap` | one descriptor (a FUSE file opened for direct I/O), this moment | nobody |
//! | `EIO`, `ENOENT`, `EAGAIN` | `copy_file_range` | one file, this moment | nobody |
//!
//! An errno alone proves nothing, since a FUSE server answers what it likes for each file. So a mechanism counts as
//! refused by two file systems only when
//! - a later rung has moved the bytes that it refused: a pair of files that no mechanism serves says nothing about one
//!   of them;
//! - that has happened with two pairs that have no file in common;
//! - the mechanism has moved nothing between the two file systems in between.
//!
//! A refusal is forgotten after a minute: file systems are mounted anew and profiles change.
//!
//! Streams are left out. Only a profile refuses a socket or a pipe, and its answer costs less than a look at the
//! memory. For two files a look costs one atomic load while nothing is remembered, and two `fstat(2)` otherwise. Two
//! `fstat(2)` cost more than most refused calls: below 1 MiB nothing is looked up or remembered, and the call is simply
//! made.

mod memory;

use super::progress::{Ending, Progress};
use super::request::Request;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use memory::{ANY, File, Pair, memory};
use nix::errno::Errno;
use nix::sys::stat::fstat;
use std::sync::atomic::Ordering;
use std::time::Instant;

pub(super) use memory::Known;
pub(crate) use memory::forget;

/// From how many bytes on a look at the memory is worth it. With a look at every size, two files on one file system
/// went at 0.85 GB/s by 4 KiB instead of 1.42 while the refusal of another pair was remembered.
const WORTH: u64 = 1 << 20;

impl Request<'_> {
    fn is_worth_a_look(&self) -> bool {
        self.count >= WORTH && self.is_between_files()
    }
}

impl Known {
    pub(super) fn of(request: &Request<'_>) -> Known {
        if !request.is_worth_a_look() || !ANY.load(Ordering::Relaxed) {
            return Known::default();
        }
        let Some(pair) = Pair::of(request) else {
            return Known::default();
        };
        let mut memory = memory();
        let known = memory.known(&pair, Instant::now());
        ANY.store(!memory.0.is_empty(), Ordering::Relaxed);
        known
    }
}

/// The refusals that a request has met on its way down the ladder.
#[derive(Debug, Default)]
pub(super) struct Met(Vec<(Mechanism, Errno)>);

impl Met {
    /// Notes what became of one rung of `request`. Once a rung has moved the bytes, the refusals before it are
    /// remembered.
    pub(super) fn note(
        &mut self,
        request: &Request<'_>,
        known: &Known,
        rung: Mechanism,
        progress: &Progress,
    ) {
        if !request.is_worth_a_look() {
            return;
        }
        match progress.ending {
            // The refusal of a rung that has moved bytes before speaks of the range that is left.
            Ending::Failed(error) if progress.bytes == 0 && may_speak_of_file_systems(error) => {
                self.0.push((rung, error.errno));
            }
            Ending::Failed(_) => {}
            _ if progress.bytes > 0 => self.settle(request, known, rung),
            _ => {}
        }
    }

    fn settle(&mut self, request: &Request<'_>, known: &Known, served_by: Mechanism) {
        let was_suspected = known.suspected.contains(served_by);
        if self.0.is_empty() && !was_suspected {
            return;
        }
        let Some(pair) = Pair::of(request) else {
            return;
        };
        let mut memory = memory();
        if was_suspected {
            memory.served(&pair, served_by);
        }
        for (mechanism, errno) in self.0.drain(..) {
            if errno != Errno::EXDEV || pair.source.device != pair.target.device {
                memory.refused(&pair, mechanism, Instant::now());
            }
        }
        ANY.store(!memory.0.is_empty(), Ordering::Relaxed);
    }
}

fn may_speak_of_file_systems(error: Error) -> bool {
    matches!(error.call, SystemCall::CopyFileRange | SystemCall::Sendfile)
        && matches!(
            error.errno,
            Errno::EXDEV | Errno::EOPNOTSUPP | Errno::ENOSYS
        )
}

impl Pair {
    fn of(request: &Request<'_>) -> Option<Pair> {
        let file = |end: &Endpoint<'_>| {
            let stat = fstat(end.fd).ok()?;
            Some(File {
                device: stat.st_dev,
                inode: stat.st_ino,
            })
        };
        Some(Pair {
            source: file(&request.source)?,
            target: file(&request.target)?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        reason = "a test that cannot set itself up has failed"
    )]

    use super::*;
    use crate::transfer::Pace;
    use std::fs;
    use std::os::fd::AsFd;

    const CALL: Mechanism = Mechanism::CopyFileRange;

    #[test]
    fn only_what_can_speak_of_file_systems_is_kept_and_only_once_the_bytes_have_moved() {
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| fs::File::create(directory.path().join(name)).unwrap();
        let here = [file("a"), file("b")];
        let proc = ["/proc/version", "/proc/uptime"].map(|path| fs::File::open(path).unwrap());
        let failed = |errno| {
            Progress::failed(
                0,
                Error {
                    call: SystemCall::CopyFileRange,
                    errno,
                },
            )
        };
        let moved = Progress {
            bytes: WORTH,
            ending: Ending::Complete,
        };
        let request = |source: usize, target: usize, count: u64| Request {
            source: Endpoint::file_at(proc[source].as_fd(), 0),
            target: Endpoint::file_at(here[target].as_fd(), 0),
            count,
            pace: Pace::Throughout,
        };
        let meet = |errno, count: u64, last: Progress| {
            for at in 0..2 {
                let request = request(at, at, count);
                let known = Known::of(&request);
                let mut met = Met::default();
                met.note(&request, &known, CALL, &failed(errno));
                met.note(&request, &known, Mechanism::ReadWrite, &last);
            }
            Known::of(&request(0, 0, WORTH)).refuses(CALL)
        };
        for errno in [
            Errno::EPERM,
            Errno::EACCES,
            Errno::EINVAL,
            Errno::EBADF,
            Errno::ETXTBSY,
            Errno::EAGAIN,
            Errno::EIO,
            Errno::ENOENT,
        ] {
            assert!(!meet(errno, WORTH, moved), "{errno}");
        }
        assert!(!meet(Errno::EXDEV, WORTH, failed(Errno::ENOSPC)));
        assert!(!meet(Errno::EXDEV, WORTH - 1, moved));
        assert!(meet(Errno::EXDEV, WORTH, moved));
    }
}
