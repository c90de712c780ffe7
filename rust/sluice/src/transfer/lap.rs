//! A part of a transfer between two files, by the cheaper of two ways: the kernel's own call from file to file, or windows
//! of the source that are mapped and written (`mmap(2)` with `MAP_POPULATE`, `write(2)`).
//!
//! Which is cheaper depends on how the pages of the source came into the page cache: as large folios or as small ones. No
//! call tells. So both are measured (`contest.rs`), by the processor time of this thread: the bytes are in memory, and
//! whatever a thread waits for, it would wait for by either way.
//!
//! | what | goes by | because |
//! |---|---|---|
//! | two files of one XFS with shared extents; btrfs, NFS, SMB, an overlay | `copy_file_range` | it shares extents, or copies on the server |
//! | tmpfs as source or target | `copy_file_range`, `sendfile` | windows are slower there |
//! | a source that is not in the page cache | `copy_file_range`, `sendfile` | a mapping reads ahead in smaller pieces |
//! | one file as source and target | `copy_file_range` | its ranges may overlap, and a mapping is no `memmove` |
//! | less than 512 KiB | `copy_file_range`, `sendfile` | a window has to be mapped and given back, whatever its size |

use super::contest::{Next, Way};
use super::contests::Pair;
use super::file_position::position_of_file;
use super::file_system::Class;
use super::page_cache;
use super::request::Request;
use super::same_file::Files;
use crate::mechanism::Mechanism;
use nix::libc;
use nix::sys::stat::{FileStat, fstat};
use nix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// From how many bytes on. Against NIO, windows by themselves reached 1.02 to 1.08 times the speed at 256 KiB a call, 1.13 to
/// 1.17 at 512 KiB and 1.16 to 1.24 at 1 MiB, into a file that is overwritten from one that had just been written. At 256 KiB
/// a look at the two files and at the page cache takes more than is left of that.
const LEAST: u64 = 512 << 10;

/// From how many bytes on one transfer is measured in pieces. A smaller one is measured as a whole.
const IN_PIECES: u64 = 4 << 20;

/// How large such a piece is.
const PIECE: u64 = 1 << 20;

/// After how many calls the two ways are measured again: the way that loses costs at most a hundredth then.
const MEASURED_AS_A_WHOLE: u8 = 24;

/// As above, for calls of which pieces are measured.
const MEASURED_BY_A_PIECE: u8 = 4;

/// For how many bytes one look at the page cache is good.
const ONE_LOOK: u64 = 16 << 20;

const BY_WINDOWS: &[Mechanism] = &[
    Mechanism::MmapWrite,
    Mechanism::CopyFileRange,
    Mechanism::Sendfile,
    Mechanism::ReadWrite,
];

/// The next part of a transfer.
#[derive(Debug)]
pub(crate) struct Lap {
    /// How many bytes it has.
    pub(crate) count: u64,
    way: Way,
    /// The pair for which its cost is noted.
    noted_for: Option<Pair>,
}

impl Lap {
    /// The mechanisms that serve it in turn, of which the kernel's own are `of_kernel`.
    pub(crate) fn rungs(&self, of_kernel: &'static [Mechanism]) -> &'static [Mechanism] {
        match self.way {
            Way::Kernel => of_kernel,
            Way::Windows => BY_WINDOWS,
        }
    }

    /// Serves it by `serve`, and notes what that costs. `bytes` tells how many bytes were moved.
    pub(crate) fn run<T>(&self, serve: impl FnOnce() -> T, bytes: impl FnOnce(&T) -> u64) -> T {
        let Some(pair) = self.noted_for else {
            return serve();
        };
        let begun = processor_time();
        let served = serve();
        // What a signal or the end of a file has cut short says less than it cost to begin.
        if bytes(&served) >= self.count {
            if let (Some(begun), Some(ended)) = (begun, processor_time()) {
                let took = ended.saturating_sub(begun).as_nanos();
                if let Some(mut place) = pair.remembered() {
                    let took = u64::try_from(took).unwrap_or(u64::MAX);
                    place.contest.cost(self.way, self.count, took);
                }
            }
        }
        served
    }
}

/// What this thread has had of the processors.
fn processor_time() -> Option<Duration> {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
        .ok()
        .map(Duration::from)
}

/// Two regular files that are not one, and what is to be moved between them.
struct Between {
    source: FileStat,
    target: FileStat,
    at: u64,
    /// How many bytes the source has to give, of those that are asked for.
    ahead: u64,
    pair: Pair,
}

impl Request<'_> {
    /// The next part of a transfer between files. `None` if the usual mechanisms are to serve all of it. `files` is
    /// told that the files are two. `called` is called for each system call.
    pub(crate) fn lap(&self, files: &mut Files, mut called: impl FnMut()) -> Option<Lap> {
        // A move within one file goes on as it began.
        let may_be_two = !matches!(files, Files::One { .. });
        if self.count < LEAST || !may_be_two || !self.is_between_files() || self.is_uncached() {
            return None;
        }
        let between = self.between(&mut called)?;
        *files = Files::Two;
        let pair = between.pair;
        let ahead = between.ahead;
        let mut place = pair.remembered()?;
        if place.may_win == Some(false) {
            return None;
        }
        let (piece, every) = if ahead < IN_PIECES {
            (ahead, MEASURED_AS_A_WHOLE)
        } else {
            (PIECE, MEASURED_BY_A_PIECE)
        };
        let next = place.contest.next(every);
        let (count, way, noted_for) = match next {
            Next::Go(Way::Kernel) => return None,
            Next::Begin if piece == ahead => return None,
            Next::Begin => (piece, Way::Kernel, None),
            Next::Measure(way) => (piece, way, Some(pair)),
            Next::Go(Way::Windows) => (ahead.min(ONE_LOOK), Way::Windows, None),
        };
        if next != Next::Begin {
            let may_win = *place
                .may_win
                .get_or_insert_with(|| self.may_win_by_windows(&between, &mut called));
            let range = between.at..between.at + count;
            if !may_win || !page_cache::holds(self.source.fd, &range, called) {
                // A further look would make the kernel read a page far ahead of the others.
                place.contest.rest();
                return None;
            }
        }
        Some(Lap {
            count,
            way,
            noted_for,
        })
    }

    fn between(&self, mut called: impl FnMut()) -> Option<Between> {
        let mut regular = |file| {
            called();
            let stat = fstat(file).ok()?;
            (stat.st_mode & libc::S_IFMT == libc::S_IFREG).then_some(stat)
        };
        let (source, target) = (regular(self.source.fd)?, regular(self.target.fd)?);
        if (source.st_dev, source.st_ino) == (target.st_dev, target.st_ino) {
            return None;
        }
        let at = position_of_file(&self.source, &mut called).ok()?;
        let to = position_of_file(&self.target, &mut called).ok()?;
        let size = |stat: &FileStat| u64::try_from(stat.st_size).unwrap_or(0);
        let ahead = size(&source).saturating_sub(at).min(self.count);
        if ahead < LEAST {
            return None;
        }
        let overwrites = to.saturating_add(ahead) <= size(&target);
        let pair = Pair::of(&[
            source.st_dev,
            source.st_ino,
            source.st_mtime.unsigned_abs(),
            source.st_mtime_nsec.unsigned_abs(),
            target.st_dev,
            u64::from(overwrites),
            u64::from(ahead.min(IN_PIECES).ilog2()),
        ]);
        Some(Between {
            source,
            target,
            at,
            ahead,
            pair,
        })
    }

    /// Whether the two files lie in the page cache and no extents are shared between them.
    fn may_win_by_windows(&self, between: &Between, mut called: impl FnMut()) -> bool {
        let from = Class::of(self.source.fd, &mut called);
        if between.source.st_dev == between.target.st_dev {
            return from == Class::Copies;
        }
        from != Class::Other && Class::of(self.target.fd, called) != Class::Other
    }
}
