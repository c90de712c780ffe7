//! Whole pages around a range of addresses. Pages of a file on a hugetlbfs are larger than usual ones.

use crate::page_size::page_size;
use nix::libc::c_void;
use nix::sys::stat::fstat;
use nix::sys::statfs::{HUGETLBFS_MAGIC, fstatfs};
use std::os::fd::BorrowedFd;
use std::ptr::NonNull;

/// The size in bytes of the pages by which a file is mapped: `mmap` and `munmap` take whole pages of it. Source:
/// `mmap(2)`, "Huge page (Huge TLB) mappings".
pub(super) fn page_size_of(file: BorrowedFd<'_>) -> usize {
    // A file on a hugetlbfs has its pages as blocks. A file with usual blocks is not asked for its file system, which
    // may be on another machine.
    let block = fstat(file).map_or(0, |stat| stat.st_blksize);
    match usize::try_from(block) {
        Ok(block) if block > page_size() && is_on_hugetlbfs(file) => block,
        _ => page_size(),
    }
}

fn is_on_hugetlbfs(file: BorrowedFd<'_>) -> bool {
    fstatfs(file).is_ok_and(|stat| stat.filesystem_type() == HUGETLBFS_MAGIC)
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
    pub(super) fn of(address: usize, length: usize, page: usize) -> Pages {
        let start = address & !(page - 1);
        let end = (address + length).next_multiple_of(page);
        Pages {
            start,
            length: end - start,
        }
    }

    /// The start as system calls take it. No mapping begins at 0.
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
        let pages = |start, length| Pages { start, length };
        for page in [4 << 10, 16 << 10, 64 << 10] {
            assert_eq!(Pages::of(page, page, page), pages(page, page));
            assert_eq!(Pages::of(page + 1, page, page), pages(page, 2 * page));
            assert_eq!(Pages::of(2 * page - 1, 1, page), pages(page, page));
            assert_eq!(Pages::of(page + 5, 0, page), pages(page, page));
            let huge = 512 * page;
            assert_eq!(Pages::of(huge + 5, page, huge), pages(huge, huge));
        }
    }
}
