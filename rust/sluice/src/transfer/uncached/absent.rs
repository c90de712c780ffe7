//! Which pages of a part of a file are not in the page cache, and how such pages are dropped again.
//!
//! `cachestat(2)`, since Linux 6.5, counts the cached pages of a range; ranges that are cached in part are halved. Older
//! kernels have `mincore(2)` over a mapping. Both tell only of a file that the process owns or may write; `mincore` else
//! says that all is cached.

use crate::page_size::page_size;
use crate::second_descriptor::SecondDescriptor;
use crate::transfer::cached_pages::cached;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, PosixFadviseAdvice, fcntl, posix_fadvise};
use nix::libc;
use nix::sys::stat::fstat;
use std::ops::Range;
use std::os::fd::{AsRawFd, BorrowedFd};

/// The pages of a part of a file that were not cached when they were looked for.
#[derive(Debug, Default)]
pub(super) struct Absent {
    /// Where it was looked, in bytes.
    looked_at: Range<u64>,
    /// In bytes, whole pages.
    runs: Vec<Range<u64>>,
}

impl Absent {
    /// Looks at the pages that `range` touches.
    ///
    /// # Errors
    /// `EPERM`: the kernel does not tell of this file; `ENOSYS`.
    pub(super) fn of(file: BorrowedFd<'_>, range: Range<u64>) -> nix::Result<Absent> {
        let page = page_size() as u64;
        let looked_at = range.start / page * page..range.end.next_multiple_of(page);
        let mut runs = Vec::new();
        if range.is_empty() {
            return Ok(Absent::default());
        }
        match add(file, looked_at.clone(), &mut runs) {
            Err(Errno::ENOSYS | Errno::EPERM) => runs = by_mincore(file, looked_at.clone())?,
            result => result?,
        }
        Ok(Absent { looked_at, runs })
    }

    /// Whether it was looked at all of a range.
    pub(super) fn knows(&self, range: &Range<u64>) -> bool {
        self.looked_at.start <= range.start && range.end <= self.looked_at.end
    }

    /// Whether a range has pages that were not cached.
    pub(super) fn is_any_of(&self, range: &Range<u64>) -> bool {
        self.runs
            .iter()
            .any(|run| run.start < range.end && range.start < run.end)
    }

    /// Whether no page of a range was cached.
    pub(super) fn is_all_of(&self, range: &Range<u64>) -> bool {
        let page = page_size() as u64;
        let (start, end) = (range.start / page * page, range.end.next_multiple_of(page));
        self.runs
            .iter()
            .any(|run| run.start <= start && end <= run.end)
    }

    /// Drops the pages from `start` to `end` that were not cached, as far as they are clean and nobody uses them.
    /// `called` is called for each system call.
    pub(super) fn drop_between(
        &self,
        file: BorrowedFd<'_>,
        start: u64,
        end: u64,
        mut called: impl FnMut(),
    ) {
        let page = page_size() as u64;
        // A page that lies in the range in part is dropped as well.
        let (start, end) = (
            start / page * page,
            end.checked_next_multiple_of(page).unwrap_or(end),
        );
        for run in &self.runs {
            let (from, to) = (run.start.max(start), run.end.min(end));
            if from < to {
                called();
                advise(file, from, to, PosixFadviseAdvice::POSIX_FADV_DONTNEED);
            }
        }
    }

    /// Where it was looked last, in bytes.
    pub(super) fn end(&self) -> u64 {
        self.looked_at.end
    }
}

/// Advice that the kernel may refuse, for a range that is not empty.
pub(super) fn advise(file: BorrowedFd<'_>, from: u64, to: u64, advice: PosixFadviseAdvice) {
    if let (Ok(from), Ok(length)) = (i64::try_from(from), i64::try_from(to - from)) {
        let _ = posix_fadvise(file, from, length, advice);
    }
}

fn add(file: BorrowedFd<'_>, range: Range<u64>, runs: &mut Vec<Range<u64>>) -> nix::Result<()> {
    let page = page_size() as u64;
    let pages = (range.end - range.start) / page;
    match cached(file, &range)? {
        0 => match runs.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => runs.push(range),
        },
        all if all >= pages => {}
        _ => {
            let middle = range.start + pages / 2 * page;
            add(file, range.start..middle, runs)?;
            add(file, middle..range.end, runs)?;
        }
    }
    Ok(())
}

/// For kernels before Linux 6.5, and profiles that do not know `cachestat`.
fn by_mincore(file: BorrowedFd<'_>, range: Range<u64>) -> nix::Result<Vec<Range<u64>>> {
    let is_told = {
        let flags = OFlag::from_bits_retain(fcntl(file, FcntlArg::F_GETFL)?);
        // SAFETY: the call takes nothing and cannot fail.
        let user = unsafe { libc::geteuid() };
        user == 0 || fstat(file)?.st_uid == user || (flags & OFlag::O_ACCMODE) != OFlag::O_RDONLY
    };
    if !is_told {
        return Err(Errno::EPERM);
    }
    match mapped(file, range.clone()) {
        // A file that is open for writing only is not mapped.
        Err(Errno::EACCES) => {
            SecondDescriptor::briefly(file, OFlag::O_RDONLY, |fd| mapped(fd, range))
                .map_err(|error| error.errno)?
        }
        told => told,
    }
}

/// What `mincore(2)` tells, by a mapping that nothing touches.
fn mapped(file: BorrowedFd<'_>, range: Range<u64>) -> nix::Result<Vec<Range<u64>>> {
    let page = page_size();
    let (Ok(offset), Ok(length)) = (
        i64::try_from(range.start),
        usize::try_from(range.end - range.start),
    ) else {
        return Err(Errno::EOVERFLOW);
    };
    let mut states = vec![0_u8; length / page];
    // SAFETY: the kernel chooses the place of a new mapping of a borrowed, hence open descriptor.
    let at = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            length,
            libc::PROT_READ,
            libc::MAP_SHARED,
            file.as_raw_fd(),
            offset,
        )
    };
    if at == libc::MAP_FAILED {
        return Err(Errno::last());
    }
    // SAFETY: the pages are those of the mapping, which nothing touches, and `states` has a byte for each of them.
    let asked = Errno::result(unsafe { libc::mincore(at, length, states.as_mut_ptr()) });
    // SAFETY: the mapping was made above, and nothing refers to it.
    unsafe { libc::munmap(at, length) };
    asked?;
    let mut runs: Vec<Range<u64>> = Vec::new();
    let page = page as u64;
    for (index, state) in states.iter().enumerate() {
        let at = range.start + index as u64 * page;
        match runs.last_mut() {
            _ if state & 1 != 0 => {}
            Some(last) if last.end == at => last.end += page,
            _ => runs.push(at..at + page),
        }
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        reason = "a test that cannot set itself up has failed"
    )]

    use super::*;
    use std::io::Write;
    use std::os::fd::AsFd;

    #[test]
    fn both_calls_tell_the_pages_that_were_dropped() {
        let page = page_size() as u64;
        let mut file = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        file.write_all(&vec![1; 64 * page_size()]).unwrap();
        file.sync_all().unwrap();
        let fd = file.as_fd();
        let all = Absent::of(fd, 0..64 * page);
        if all.is_err() {
            eprintln!("skipped: the kernel does not tell what is in the page cache");
            return;
        }
        assert_eq!(all.unwrap().runs, []);
        for gone in [3 * page..7 * page, 20 * page..21 * page] {
            advise(
                fd,
                gone.start,
                gone.end,
                PosixFadviseAdvice::POSIX_FADV_DONTNEED,
            );
        }
        let told = Absent::of(fd, 1..64 * page - 1).unwrap();
        if told.runs.is_empty() {
            eprintln!("skipped: the file system keeps its pages");
            return;
        }
        assert_eq!(told.runs, by_mincore(fd, 0..64 * page).unwrap());
        assert!(told.is_any_of(&(6 * page..8 * page)) && !told.is_any_of(&(0..3 * page)));
        assert!(
            told.is_all_of(&(3 * page + 1..5 * page)) && !told.is_all_of(&(6 * page..8 * page))
        );
        let mut calls = 0;
        told.drop_between(fd, 0, 30 * page, || calls += 1);
        assert_eq!(calls, told.runs.len());
    }
}
