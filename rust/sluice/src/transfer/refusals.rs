//! What was refused lately, so that it is not tried again at every call.
//!
//! A refusal is remembered for the pair of kinds and the pair of file systems (`st_dev`) it was met with, never for the
//! whole process, and forgotten after a minute: file systems are mounted anew and profiles change. Only refusals that
//! speak of the system or the file systems are; one that speaks of this descriptor or this range (`EINVAL` of an
//! unaligned range, `EBADF` of an `O_APPEND` target, `ETXTBSY`, `EOVERFLOW`) says nothing about the next.
//!
//! Looking costs nothing while nothing was refused, and two `fstat(2)` where something was for these kinds. That is more
//! than a call which is refused: below 1 MiB nothing is looked up or remembered, and the call is simply made.

use super::Request;
use crate::endpoint::{Endpoint, Kind};
use crate::error::Error;
use crate::mechanism::Mechanism;
use nix::errno::Errno;
use nix::sys::stat::fstat;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a refusal is remembered.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// From how many bytes on it is worth a look. Two files that share a file system went at 0.85 GB/s by 4 KiB instead of 1.42
/// while another pair's refusal was remembered.
const WORTH: u64 = 1 << 20;

/// The most pairs that are remembered; the oldest give way.
const MOST: usize = 64;

/// Bit `3 * source + target` is set where something is remembered for these kinds.
static ANY: AtomicU16 = AtomicU16::new(0);

static REMEMBERED: Mutex<Vec<Remembered>> = Mutex::new(Vec::new());

#[derive(Clone, Copy, PartialEq, Eq)]
struct Pair {
    kinds: (Kind, Kind),
    devices: (u64, u64),
}

struct Remembered {
    pair: Pair,
    mechanism: Mechanism,
    since: Instant,
}

/// The mechanisms that were refused lately for the pair of a request, a bit for each number.
pub(super) struct Known(u8);

impl Known {
    pub(super) fn of(request: &Request<'_>) -> Known {
        let kinds = (request.source.kind, request.target.kind);
        if request.count < WORTH || ANY.load(Ordering::Relaxed) & bit(kinds) == 0 {
            return Known(0);
        }
        let pair = Pair::of(request);
        let mut remembered = remembered();
        remembered.retain(|entry| entry.since.elapsed() < KEPT_FOR);
        if !remembered.iter().any(|entry| entry.pair.kinds == kinds) {
            ANY.fetch_and(!bit(kinds), Ordering::Relaxed);
        }
        let refused = remembered.iter().filter(|entry| entry.pair == pair);
        Known(refused.fold(0, |bits, entry| bits | 1 << entry.mechanism as u8))
    }

    pub(super) fn refuses(&self, mechanism: Mechanism) -> bool {
        self.0 & 1 << mechanism as u8 != 0
    }
}

/// Forgets all.
pub(crate) fn forget() {
    let mut remembered = remembered();
    *remembered = Vec::new();
    ANY.store(0, Ordering::Relaxed);
}

/// Remembers that `mechanism` was refused, if that says something about the next request for the same pair.
pub(super) fn remember(request: &Request<'_>, mechanism: Mechanism, error: Error) {
    let lasts = matches!(
        error.errno,
        Errno::ENOSYS
            | Errno::EOPNOTSUPP
            | Errno::EPERM
            | Errno::EACCES
            | Errno::EXDEV
            | Errno::ENOTTY
            | Errno::ENODEV
    );
    if !lasts || request.count < WORTH {
        return;
    }
    let pair = Pair::of(request);
    let mut remembered = remembered();
    remembered.retain(|entry| entry.pair != pair || entry.mechanism != mechanism);
    if remembered.len() == MOST {
        remembered.remove(0);
    }
    remembered.push(Remembered {
        pair,
        mechanism,
        since: Instant::now(),
    });
    ANY.fetch_or(bit(pair.kinds), Ordering::Relaxed);
}

impl Pair {
    fn of(request: &Request<'_>) -> Pair {
        Pair {
            kinds: (request.source.kind, request.target.kind),
            devices: (device(&request.source), device(&request.target)),
        }
    }
}

/// The file system that a file lies on; 0 for sockets and pipes, which are all alike.
fn device(endpoint: &Endpoint<'_>) -> u64 {
    match endpoint.kind {
        Kind::File => fstat(endpoint.fd).map_or(0, |stat| stat.st_dev),
        Kind::Socket | Kind::Pipe => 0,
    }
}

fn bit((source, target): (Kind, Kind)) -> u16 {
    1 << (3 * source as u16 + target as u16)
}

fn remembered() -> MutexGuard<'static, Vec<Remembered>> {
    // A panic elsewhere cannot leave a Vec of plain values half changed.
    REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        reason = "a test that cannot set itself up has failed"
    )]

    use super::*;
    use crate::error::Call;
    use crate::transfer::Pace;
    use std::fs::File;
    use std::os::fd::AsFd;

    /// What is remembered belongs to the process: each test has a mechanism of its own.
    fn request<'fd>(source: &'fd File, target: &'fd File) -> Request<'fd> {
        Request {
            source: Endpoint::file_at(source.as_fd(), 0),
            target: Endpoint::file_at(target.as_fd(), 0),
            count: WORTH,
            pace: Pace::Throughout,
        }
    }

    fn remember_errno(request: &Request<'_>, mechanism: Mechanism, errno: Errno) {
        let call = Call::CopyFileRange;
        remember(request, mechanism, Error { call, errno });
    }

    fn on_proc() -> File {
        File::open("/proc/version").unwrap()
    }

    #[test]
    fn a_refusal_is_remembered_for_its_pair_of_file_systems_alone() {
        let mechanism = Mechanism::CopyFileRange;
        let (here, proc) = (tempfile::tempfile().unwrap(), on_proc());
        remember_errno(&request(&proc, &here), mechanism, Errno::EXDEV);
        assert!(Known::of(&request(&proc, &here)).refuses(mechanism));
        assert!(!Known::of(&request(&here, &here)).refuses(mechanism));
        assert!(!Known::of(&request(&here, &proc)).refuses(mechanism));
        assert!(!Known::of(&request(&proc, &proc)).refuses(mechanism));
        let to_socket = Request {
            target: Endpoint::socket(here.as_fd()),
            ..request(&proc, &here)
        };
        assert!(!Known::of(&to_socket).refuses(mechanism));
    }

    #[test]
    fn a_refusal_is_remembered_for_its_mechanism_alone() {
        let (here, proc) = (tempfile::tempfile().unwrap(), on_proc());
        let pair = request(&proc, &here);
        remember_errno(&pair, Mechanism::Splice, Errno::EPERM);
        assert!(Known::of(&pair).refuses(Mechanism::Splice));
        assert!(!Known::of(&pair).refuses(Mechanism::ReadWrite));
    }

    #[test]
    fn a_refusal_is_forgotten_after_a_minute() {
        let mechanism = Mechanism::MmapWrite;
        let (here, proc) = (tempfile::tempfile().unwrap(), on_proc());
        let pair = request(&proc, &here);
        let age_by = |age: Duration| {
            remembered()
                .iter_mut()
                .filter(|entry| entry.mechanism == mechanism)
                .for_each(|entry| entry.since = entry.since.checked_sub(age).unwrap());
        };
        remember_errno(&pair, mechanism, Errno::ENODEV);
        age_by(KEPT_FOR / 2);
        assert!(Known::of(&pair).refuses(mechanism));
        age_by(KEPT_FOR / 2);
        assert!(!Known::of(&pair).refuses(mechanism));
    }

    #[test]
    fn what_is_cheaper_to_ask_again_is_not_remembered() {
        let mechanism = Mechanism::DirectIo;
        let (here, proc) = (tempfile::tempfile().unwrap(), on_proc());
        let large = request(&proc, &here);
        let small = Request {
            count: WORTH - 1,
            ..large
        };
        remember_errno(&small, mechanism, Errno::EXDEV);
        assert!(!Known::of(&large).refuses(mechanism));
        remember_errno(&large, mechanism, Errno::EXDEV);
        assert!(Known::of(&large).refuses(mechanism));
        assert!(!Known::of(&small).refuses(mechanism));
    }

    #[test]
    fn what_speaks_of_one_descriptor_or_range_is_not_remembered() {
        let mechanism = Mechanism::Sendfile;
        let (here, proc) = (tempfile::tempfile().unwrap(), on_proc());
        let pair = request(&proc, &here);
        for errno in [
            Errno::EINVAL,
            Errno::EBADF,
            Errno::ETXTBSY,
            Errno::EOVERFLOW,
            Errno::ESPIPE,
        ] {
            remember_errno(&pair, mechanism, errno);
            assert!(!Known::of(&pair).refuses(mechanism), "{errno}");
        }
    }
}
