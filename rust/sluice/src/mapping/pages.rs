//! Whole pages around a range of addresses.

use nix::libc::c_void;
use nix::unistd::{SysconfVar, sysconf};
use std::ptr::NonNull;
use std::sync::OnceLock;

/// The size of a page in bytes.
pub(crate) fn page_size() -> usize {
    static SIZE: OnceLock<usize> = OnceLock::new();
    *SIZE.get_or_init(|| {
        let size = sysconf(SysconfVar::PAGE_SIZE).ok().flatten();
        size.and_then(|size| usize::try_from(size).ok())
            .unwrap_or(4096)
    })
}

/// Pages that are mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pages {
    /// The address of the first.
    pub(super) start: usize,
    /// How many bytes they have together.
    pub(super) length: usize,
}

impl Pages {
    pub(super) fn of(address: usize, length: usize) -> Pages {
        let start = address & !(page_size() - 1);
        let end = (address + length).next_multiple_of(page_size());
        Pages {
            start,
            length: end - start,
        }
    }

    /// As the system calls want it; no mapping begins at 0.
    pub(super) fn pointer(self) -> NonNull<c_void> {
        let pointer = std::ptr::with_exposed_provenance_mut(self.start);
        NonNull::new(pointer).unwrap_or(NonNull::dangling())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_lies_in_the_pages_from_its_first_to_its_last_byte() {
        let page = page_size();
        let pages = |start, length| Pages { start, length };
        assert_eq!(Pages::of(page, page), pages(page, page));
        assert_eq!(Pages::of(page + 1, page), pages(page, 2 * page));
        assert_eq!(Pages::of(2 * page - 1, 1), pages(page, page));
        assert_eq!(Pages::of(page + 5, 0), pages(page, page));
    }
}
