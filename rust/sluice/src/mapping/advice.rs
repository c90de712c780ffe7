//! `madvise(2)`: what a mapping will be used for.

use super::map::Mapping;
use crate::error::{Error, Naming};
use crate::numbered::numbered;
use crate::system_call::SystemCall;
use nix::sys::mman::{MmapAdvise, madvise};

numbered! {
    /// What will be done with a part of a mapping, or is to be done to it.
    ///
    /// ```
    /// use sluice::Advice;
    ///
    /// assert_eq!(Advice::from_number(3), Some(Advice::WillNeed));
    /// assert_eq!(Advice::WillNeed.name(), "WILL_NEED");
    /// ```
    pub enum Advice {
        /// Nothing special.
        0 "NORMAL" Normal,
        /// It is read from its beginning to its end: the kernel reads far ahead.
        1 "SEQUENTIAL" Sequential,
        /// It is read at random places: the kernel reads nothing ahead.
        2 "RANDOM" Random,
        /// It is needed soon: the kernel begins to read it.
        3 "WILL_NEED" WillNeed,
        /// It is not needed soon: its pages are given up. Pages of a private mapping lose what was written to them.
        4 "DONT_NEED" DontNeed,
        /// Large pages are wanted.
        5 "HUGE_PAGE" HugePage,
        /// Large pages are not wanted.
        6 "NO_HUGE_PAGE" NoHugePage,
        /// It is not needed soon, and its pages may be the first to go.
        7 "COLD" Cold,
        /// Its pages are reclaimed now.
        8 "PAGE_OUT" PageOut,
        /// Its pages are read in now, and mapped for reading.
        9 "POPULATE_READ" PopulateRead,
        /// Its pages are read in now, and mapped for writing.
        10 "POPULATE_WRITE" PopulateWrite,
    }
}

impl Advice {
    fn for_kernel(self) -> MmapAdvise {
        match self {
            Advice::Normal => MmapAdvise::MADV_NORMAL,
            Advice::Sequential => MmapAdvise::MADV_SEQUENTIAL,
            Advice::Random => MmapAdvise::MADV_RANDOM,
            Advice::WillNeed => MmapAdvise::MADV_WILLNEED,
            Advice::DontNeed => MmapAdvise::MADV_DONTNEED,
            Advice::HugePage => MmapAdvise::MADV_HUGEPAGE,
            Advice::NoHugePage => MmapAdvise::MADV_NOHUGEPAGE,
            Advice::Cold => MmapAdvise::MADV_COLD,
            Advice::PageOut => MmapAdvise::MADV_PAGEOUT,
            Advice::PopulateRead => MmapAdvise::MADV_POPULATE_READ,
            Advice::PopulateWrite => MmapAdvise::MADV_POPULATE_WRITE,
        }
    }
}

impl Mapping {
    /// Advises the kernel on the pages of a part.
    ///
    /// # Errors
    /// `EINVAL`: the kernel does not know this advice, or not for such a file (large pages), or the part is not within
    /// the mapping; `EFAULT`: the file has been truncated (`PopulateRead`, `PopulateWrite`); `EACCES` or `EPERM`: the
    /// mapping cannot be written, or the file belongs to another user (`PageOut`). Source: `madvise(2)`.
    pub fn advise(&self, advice: Advice, offset: usize, length: usize) -> Result<(), Error> {
        let pages = self.pages(offset, length).naming(SystemCall::Madvise)?;
        // SAFETY: the pages lie in this mapping, which stays until `self` is dropped. What the kernel may do to their
        // bytes no reference of ours sees: there is none.
        unsafe { madvise(pages.pointer(), pages.length, advice.for_kernel()) }
            .naming(SystemCall::Madvise)
    }
}
