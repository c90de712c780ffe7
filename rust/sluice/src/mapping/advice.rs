//! `madvise(2)`: what a mapping will be used for.

use super::Mapping;
use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::sys::mman::{MmapAdvise, madvise};

/// What is to be expected, or done, of a part of a mapping.
///
/// The numbers are part of the boundary with other languages and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Advice {
    /// Nothing special.
    Normal = 0,
    /// It is read from its beginning to its end: the kernel reads far ahead.
    Sequential = 1,
    /// It is read here and there: the kernel reads nothing ahead.
    Random = 2,
    /// It is needed soon: the kernel begins to read it.
    WillNeed = 3,
    /// It is not needed soon: its pages are given up. Those of a private mapping lose what was written.
    DontNeed = 4,
    /// Large pages are wanted.
    HugePage = 5,
    /// Large pages are not wanted.
    NoHugePage = 6,
    /// It is not needed soon, and its pages may be the first to go.
    Cold = 7,
    /// Its pages are reclaimed now.
    PageOut = 8,
    /// Its pages are read in now, and mapped for reading.
    PopulateRead = 9,
    /// Its pages are read in now, and mapped for writing.
    PopulateWrite = 10,
}

/// By their numbers.
const ALL: [(Advice, MmapAdvise); 11] = [
    (Advice::Normal, MmapAdvise::MADV_NORMAL),
    (Advice::Sequential, MmapAdvise::MADV_SEQUENTIAL),
    (Advice::Random, MmapAdvise::MADV_RANDOM),
    (Advice::WillNeed, MmapAdvise::MADV_WILLNEED),
    (Advice::DontNeed, MmapAdvise::MADV_DONTNEED),
    (Advice::HugePage, MmapAdvise::MADV_HUGEPAGE),
    (Advice::NoHugePage, MmapAdvise::MADV_NOHUGEPAGE),
    (Advice::Cold, MmapAdvise::MADV_COLD),
    (Advice::PageOut, MmapAdvise::MADV_PAGEOUT),
    (Advice::PopulateRead, MmapAdvise::MADV_POPULATE_READ),
    (Advice::PopulateWrite, MmapAdvise::MADV_POPULATE_WRITE),
];

impl Advice {
    /// The advice with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Advice> {
        ALL.get(usize::from(number)).map(|(advice, _)| *advice)
    }
}

impl Mapping {
    /// Advises the kernel on the pages of a part.
    ///
    /// # Errors
    /// `EINVAL`: the kernel does not know this advice, or not for such a file (large pages), or the part is not within the
    /// mapping; `EFAULT` of the two that populate: the file has been truncated; `EACCES` or `EPERM`: the mapping cannot be
    /// written, or the file's owner is another (`PageOut`). Source: `madvise(2)`.
    pub fn advise(&self, advice: Advice, offset: usize, length: usize) -> Result<(), Error> {
        let pages = self.pages(offset, length).naming(SystemCall::Madvise)?;
        let (_, advice) = ALL[advice as usize];
        // SAFETY: the pages lie in this mapping, which stays until `self` is dropped. What the kernel may do to their
        // bytes no reference of ours sees: there is none.
        unsafe { madvise(pages.pointer(), pages.length, advice) }.naming(SystemCall::Madvise)
    }
}
