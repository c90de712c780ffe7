//! Whether a part of a file is in the page cache: by one byte at each of its ends, or page for page.
//!
//! `preadv2(2)` with `RWF_NOWAIT` reads a byte that is in memory, and else answers `EAGAIN`. It needs no permission but
//! that to read. `mincore(2)` says of another user's file that all of it is in memory, and `cachestat(2)` refuses it.

use super::cached_pages::{cached, pages_of};
use super::file_size::size_or_zero;
use nix::errno::Errno;
use nix::libc;
use nix::sys::stat::fstat;
use std::ops::Range;
use std::os::fd::{AsRawFd, BorrowedFd};

/// Whether the first and the last byte of a range that is not empty are in the page cache. The bytes between them are
/// taken to be there as well. If the kernel does not tell, as before Linux 4.14, the range counts as not cached.
/// `called` is called for each system call.
pub(super) fn holds(file: BorrowedFd<'_>, range: &Range<u64>, mut called: impl FnMut()) -> bool {
    // The end of an archive is often read alone, and so is the beginning of a file. A look at the end of a range that
    // is not in memory makes the kernel read a page there, so that the beginning is looked at first.
    [range.start, range.end - 1].into_iter().all(|at| {
        called();
        has_byte_in_memory(file, at)
    })
}

/// The parts in which a range is looked at, in bytes. A range has at most 16.
const PART: u64 = 256 << 10;
const MOST_PARTS: u64 = 16;

/// How many bytes from the beginning of a range on can be read without a wait for the file's device. What lies behind the
/// end of the file is not waited for; nor is a file of which the kernel does not tell. `called` is called for each
/// system call.
///
/// All pages are counted. A page that is just being read counts as well, so that the last byte of each part is asked for
/// besides.
pub(super) fn held(file: BorrowedFd<'_>, range: &Range<u64>, mut called: impl FnMut()) -> u64 {
    if range.is_empty() {
        return 0;
    }
    called();
    let (is_all, counts) = match cached(file, range) {
        Ok(pages) => (pages >= pages_of(range), true),
        Err(Errno::EPERM | Errno::ENOSYS) => (false, false),
        Err(_) => return range.end - range.start,
    };
    let mut looked_at = range.clone();
    if !is_all {
        called();
        let size = fstat(file).map(|stat| size_or_zero(file, &stat));
        looked_at.end = range.end.min(size.map_or(0, |size| size.unwrap_or(0)));
    }
    let part_size = PART.max((range.end - range.start) / MOST_PARTS);
    let mut at = looked_at.start;
    while at < looked_at.end {
        let part = at..looked_at.end.min(next_part(at, part_size));
        if counts && !is_all {
            called();
            if cached(file, &part).is_ok_and(|pages| pages < pages_of(&part)) {
                return at - range.start;
            }
        }
        called();
        if look_at_byte(file, part.end - 1) == Err(Errno::EAGAIN) {
            return at - range.start;
        }
        at = part.end;
    }
    range.end - range.start
}

/// Where the part ends that begins at `at`.
fn next_part(at: u64, size: u64) -> u64 {
    (at / size + 1).saturating_mul(size)
}

fn has_byte_in_memory(file: BorrowedFd<'_>, at: u64) -> bool {
    look_at_byte(file, at) == Ok(1)
}

/// Reads one byte, if that needs no wait: how many bytes were read, or `EAGAIN`.
fn look_at_byte(file: BorrowedFd<'_>, at: u64) -> nix::Result<libc::c_long> {
    let at = i64::try_from(at).map_err(|_| Errno::EOVERFLOW)?;
    let mut byte = 0_u8;
    let into = libc::iovec {
        iov_base: (&raw mut byte).cast(),
        iov_len: 1,
    };
    // By its number: glibc has the function since 2.26, musl since 1.2.5. The high half of the offset is for
    // processors with registers of 32 bits.
    // SAFETY: the descriptor is borrowed, hence open; the kernel writes at most the one byte that `into` names, and
    // both outlive the call.
    let read = unsafe {
        libc::syscall(
            libc::SYS_preadv2,
            file.as_raw_fd(),
            &raw const into,
            1,
            at,
            0,
            libc::RWF_NOWAIT,
        )
    };
    Errno::result(read)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        reason = "a test that cannot set itself up has failed"
    )]

    use super::*;
    use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
    use std::io::Write;
    use std::os::fd::AsFd;

    const SIZE: u64 = 1 << 20;

    /// Whether the kernel tells. qemu's does not.
    fn is_told() -> bool {
        let mut file = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        file.write_all(&[1]).unwrap();
        let is_told = has_byte_in_memory(file.as_fd(), 0);
        if !is_told {
            eprintln!("skipped: the kernel does not tell what is in the page cache");
        }
        is_told
    }

    #[test]
    fn what_was_just_written_is_held_and_what_was_dropped_is_not() {
        if !is_told() {
            return;
        }
        let mut file = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        file.write_all(&vec![1; 1 << 20]).unwrap();
        let mut calls = 0;
        assert!(holds(file.as_fd(), &(5..SIZE), || calls += 1));
        assert_eq!(calls, 2);
        file.sync_all().unwrap();
        // A page that the kernel is just looking at stays.
        let is_dropped = (0..1_000).any(|_| {
            posix_fadvise(&file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED).unwrap();
            !holds(file.as_fd(), &(0..SIZE), || {})
        });
        assert!(is_dropped);
    }

    #[test]
    fn nothing_is_held_behind_the_end() {
        if !is_told() {
            return;
        }
        let mut file = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        file.write_all(&[1; 100]).unwrap();
        assert!(holds(file.as_fd(), &(99..100), || {}));
        assert!(!holds(file.as_fd(), &(0..101), || {}));
        assert!(!holds(file.as_fd(), &(0..u64::MAX), || {}));
    }

    #[test]
    fn as_much_is_held_as_was_not_dropped() {
        if !is_told() {
            return;
        }
        let mut file = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        file.write_all(&vec![1; 1 << 20]).unwrap();
        file.sync_all().unwrap();
        let fd = file.as_fd();
        let mut calls = 0;
        assert_eq!(held(fd, &(5..PART), || calls += 1), PART - 5);
        assert!(calls <= 2, "{calls}");
        // What lies behind the end is not waited for.
        assert_eq!(held(fd, &(PART..10 * PART), || {}), 9 * PART);
        assert_eq!(held(fd, &(9 * PART..10 * PART), || {}), PART);
        let dropped = PosixFadviseAdvice::POSIX_FADV_DONTNEED;
        let (from, length) = (3 * PART, PART);
        posix_fadvise(fd, from as i64, length as i64, dropped).unwrap();
        if has_byte_in_memory(fd, 4 * PART - 1) {
            eprintln!("skipped: the file system keeps its pages");
            return;
        }
        assert_eq!(held(fd, &(10..10 * PART), || {}), 3 * PART - 10);
        assert_eq!(held(fd, &(3 * PART..4 * PART), || {}), 0);
    }

    #[test]
    fn a_file_that_tells_no_size_is_not_waited_for() {
        let file = std::fs::File::open("/proc/self/maps").unwrap();
        assert_eq!(held(file.as_fd(), &(0..SIZE), || {}), SIZE);
    }
}
