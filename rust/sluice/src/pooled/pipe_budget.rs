//! How much of the user's pipe quota this process takes by this crate.
//!
//! All pipes of a user, in all processes, share the `pipe-user-pages-soft` pages of `pipe(7)`. Once they are used up,
//! the kernel gives every new pipe of that user two pages, in unrelated programs as well. So this crate takes pages
//! within a budget, a sixteenth of that limit: sixteen such processes of one user fit. Root has no limit and keeps the
//! same budget.
//!
//! The budget counts the pages of our own pipes and those by which pipes of the caller were widened. The kernel does
//! not tell when a caller closes a widened pipe. So when the budget does not suffice, the pipes that this process has
//! open are looked up, and those that are gone are no longer counted.

use crate::page_size::page_size;
use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, mem};

const QUOTA: &str = "/proc/sys/fs/pipe-user-pages-soft";

/// The kernel's own default. It stands in where a system has no limit, or the limit cannot be read.
const USUAL_QUOTA: u64 = 16 * 1024;

/// The part of the quota that one process takes.
const SHARE: u64 = 16;

/// For how long a quota that was read is believed.
const REREAD: Duration = Duration::from_secs(10);

/// The least time between two looks at which pipes are still open.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// For how long no page is asked for after the kernel has refused one: other processes of the user have taken the
/// quota.
const EXHAUSTED_FOR: Duration = Duration::from_secs(1);

static BUDGET: Mutex<Budget> = Mutex::new(Budget::new());

fn budget() -> MutexGuard<'static, Budget> {
    // A panic elsewhere cannot leave the numbers half changed.
    BUDGET.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Budget {
    limit: u64,
    read: Option<Instant>,
    /// Pages of our own pipes.
    own: u64,
    widened: Vec<Widened>,
    looked: Option<Instant>,
    exhausted: Option<Instant>,
}

/// A pipe of the caller.
struct Widened {
    inode: u64,
    pages: u64,
    since: Instant,
}

/// The pages that one pipe of ours holds, until this value is dropped.
#[derive(Debug)]
pub(super) struct Reserved(u64);

impl Reserved {
    /// Takes pages for a pipe of ours. `capacities` are in bytes and fall. The pipe gets the first that is at most a
    /// quarter of the pages left, or else the last, as long as that fits at all. So the first pipes are wide, and many
    /// more find room.
    pub(super) fn take(capacities: &[u32]) -> Option<(u32, Reserved)> {
        budget().current().reserve(capacities, page_size())
    }

    /// Corrects the count: the kernel gave another capacity than was asked for.
    pub(super) fn becomes(&mut self, capacity: usize) {
        let mut budget = budget();
        let before = mem::replace(&mut self.0, pages(capacity, page_size()));
        budget.own = budget.own - before + self.0;
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        budget().own -= self.0;
    }
}

/// Notes that the kernel refused pages within the budget.
pub(super) fn was_refused() {
    budget().exhausted = Some(Instant::now());
}

/// Counts a pipe of the caller that is to be widened by `bytes`. The answer is whether the budget has room for that.
pub(super) fn widens(inode: u64, bytes: usize) -> bool {
    let pages = pages(bytes, page_size());
    if budget().current().widen(inode, pages) {
        return true;
    }
    if !budget().is_time_to_look() {
        return false;
    }
    let begun = Instant::now();
    let Some(open) = open_pipes() else {
        return false;
    };
    let mut budget = budget();
    budget.forget_closed(&open, begun);
    budget.widen(inode, pages)
}

/// Takes back what [`widens`] counted: the pipe was not widened.
pub(super) fn widens_not(inode: u64) {
    budget().forget(inode);
}

fn pages(bytes: usize, page: usize) -> u64 {
    bytes.div_ceil(page) as u64
}

/// The inodes of the pipes that this process has open.
fn open_pipes() -> Option<HashSet<u64>> {
    let links = fs::read_dir("/proc/self/fd").ok()?;
    let open = links.filter_map(|entry| {
        let what = fs::read_link(entry.ok()?.path()).ok()?;
        let inode = what.to_str()?.strip_prefix("pipe:[")?.strip_suffix(']')?;
        inode.parse().ok()
    });
    Some(open.collect())
}

impl Budget {
    const fn new() -> Budget {
        Budget {
            limit: USUAL_QUOTA / SHARE,
            read: None,
            own: 0,
            widened: Vec::new(),
            looked: None,
            exhausted: None,
        }
    }

    fn current(&mut self) -> &mut Budget {
        if self.read.is_none_or(|read| read.elapsed() > REREAD) {
            self.limit = limit(quota().as_deref());
            self.read = Some(Instant::now());
        }
        self
    }

    fn is_exhausted(&self) -> bool {
        self.exhausted
            .is_some_and(|since| since.elapsed() < EXHAUSTED_FOR)
    }

    fn left(&self) -> u64 {
        let widened: u64 = self.widened.iter().map(|pipe| pipe.pages).sum();
        self.limit.saturating_sub(self.own + widened)
    }

    fn reserve(&mut self, capacities: &[u32], page: usize) -> Option<(u32, Reserved)> {
        if self.is_exhausted() {
            return None;
        }
        let left = self.left();
        let (smallest, wider) = capacities.split_last()?;
        let wide = wider
            .iter()
            .find(|capacity| pages(**capacity as usize, page) <= left / 4);
        let capacity = *wide.unwrap_or(smallest);
        let pages = pages(capacity as usize, page);
        if pages > left {
            return None;
        }
        self.own += pages;
        Some((capacity, Reserved(pages)))
    }

    /// The caller's pipes get half of the budget at most, so that room is left for our own.
    fn widen(&mut self, inode: u64, pages: u64) -> bool {
        self.forget(inode);
        let widened: u64 = self.widened.iter().map(|pipe| pipe.pages).sum();
        let fits = pages <= self.left() && widened + pages <= self.limit / 2;
        if fits && !self.is_exhausted() {
            self.widened.push(Widened {
                inode,
                pages,
                since: Instant::now(),
            });
            return true;
        }
        false
    }

    fn forget(&mut self, inode: u64) {
        self.widened.retain(|pipe| pipe.inode != inode);
    }

    fn is_time_to_look(&mut self) -> bool {
        let is_time =
            !self.widened.is_empty() && self.looked.is_none_or(|at| at.elapsed() > LOOK_AGAIN);
        if is_time {
            self.looked = Some(Instant::now());
        }
        is_time
    }

    /// A pipe that was widened after the look had begun may have been missed by it, and stays counted.
    fn forget_closed(&mut self, open: &HashSet<u64>, begun: Instant) {
        self.widened
            .retain(|pipe| pipe.since >= begun || open.contains(&pipe.inode));
    }
}

/// By one `read(2)`: a second one, at another offset, reads nothing.
fn quota() -> Option<String> {
    let mut line = [0; 32];
    let len = File::open(QUOTA).ok()?.read(&mut line).ok()?;
    String::from_utf8(line[..len].to_vec()).ok()
}

fn limit(told: Option<&str>) -> u64 {
    let quota = told.and_then(|told| told.trim().parse().ok());
    match quota {
        None | Some(0) => USUAL_QUOTA / SHARE,
        Some(quota) => quota / SHARE,
    }
}

#[cfg(test)]
mod tests {
    use super::super::pipe::capacities;
    use super::*;

    const PAGES: [usize; 3] = [4 << 10, 16 << 10, 64 << 10];

    fn budget_of(pages: u64) -> Budget {
        Budget {
            limit: pages,
            read: Some(Instant::now()),
            ..Budget::new()
        }
    }

    #[test]
    fn the_quota_is_read_and_a_sixteenth_of_it_taken() {
        assert_eq!(limit(Some("32768\n")), 2048);
        assert_eq!(limit(Some("40")), 2);
        assert!(limit(quota().as_deref()) > 0);
        // A system without a limit, and one whose limit cannot be read.
        assert_eq!(limit(Some("0")), 1024);
        assert_eq!(limit(None), 1024);
    }

    #[test]
    fn the_first_pipe_is_wide_and_many_more_find_room() {
        for page in PAGES {
            // As many pages as a process may take of the kernel's own quota, whatever the size of a page.
            let mut budget = budget_of(USUAL_QUOTA / SHARE);
            let mut taken = Vec::new();
            while let Some((capacity, reserved)) = budget.reserve(&capacities(page), page) {
                taken.push(capacity);
                // A drop would give the pages back to the process's own budget.
                mem::forget(reserved);
            }
            assert_eq!(taken.first(), Some(&(1 << 20)));
            assert_eq!(taken.last(), capacities(page).last());
            assert!(taken.len() > 20, "{page}: {taken:?}");
            assert_eq!(budget.own, budget.limit, "{page}");
        }
    }

    #[test]
    fn a_part_of_a_page_is_a_page() {
        assert_eq!(PAGES.map(|page| pages(256 << 10, page)), [64, 16, 4]);
        assert_eq!(PAGES.map(|page| pages((64 << 10) + 1, page)), [17, 5, 2]);
    }

    #[test]
    fn a_small_quota_leaves_no_room() {
        for page in PAGES {
            assert!(budget_of(0).reserve(&capacities(page), page).is_none());
        }
        assert!(!budget_of(0).widen(1, 1));
    }

    #[test]
    fn pipes_of_the_caller_take_half_of_it_until_they_are_closed() {
        let mut budget = budget_of(1000);
        let widened = (0..100).filter(|inode| budget.widen(*inode, 48)).count();
        assert_eq!(widened, 10);
        // The same pipe is not counted twice.
        assert!(budget.widen(3, 48));
        let open = HashSet::from([3, 4]);
        budget.forget_closed(&open, Instant::now());
        assert_eq!(budget.left(), 1000 - 2 * 48);
    }

    #[test]
    fn a_pipe_that_came_during_the_look_is_still_counted() {
        let mut budget = budget_of(1000);
        let begun = Instant::now();
        assert!(budget.widen(7, 48));
        budget.forget_closed(&HashSet::new(), begun);
        assert_eq!(budget.left(), 1000 - 48);
    }

    #[test]
    fn nothing_is_asked_for_just_after_the_kernel_has_refused() {
        let mut budget = budget_of(1000);
        budget.exhausted = Some(Instant::now());
        assert!(budget.reserve(&capacities(PAGES[0]), PAGES[0]).is_none());
        assert!(!budget.widen(1, 48));
    }

    #[test]
    fn an_open_pipe_is_seen() {
        let (reader, _writer) = nix::unistd::pipe().expect("a pipe");
        let inode = nix::sys::stat::fstat(&reader).expect("its inode").st_ino;
        assert!(open_pipes().expect("procfs").contains(&inode));
    }
}
