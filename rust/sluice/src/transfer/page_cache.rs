//! Whether a part of a file is in the page cache, by one byte at each of its ends.
//!
//! `preadv2(2)` with `RWF_NOWAIT` reads a byte that is in memory, and else answers `EAGAIN`. It needs no permission but
//! that to read. `mincore(2)` says of another user's file that all of it is in memory, and `cachestat(2)` refuses it.

use nix::errno::Errno;
use nix::libc;
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

fn has_byte_in_memory(file: BorrowedFd<'_>, at: u64) -> bool {
    let Ok(at) = i64::try_from(at) else {
        return false;
    };
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
    Errno::result(read) == Ok(1)
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
}
