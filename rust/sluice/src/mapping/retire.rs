//! Closing a mapping under everybody who may still use its addresses.
//!
//! Something harmless is put over the pages in one call (`MAP_FIXED`), which releases whatever was mapped there or, where it
//! fails, nothing. The addresses belong to nobody else meanwhile. What is put there is one of two:
//!
//! * [`After::Zeros`]: pages of zeros that are nobody's, for those who look after each access whether the mapping is retired.
//!   Nothing faults there, by whatever code the access is made; no descriptor is needed, and neighbours are one to the kernel.
//! * [`After::Fault`]: an empty file in memory, which can never grow, for those who do not look. Whoever comes late meets
//!   SIGBUS, of which HotSpot makes an `InternalError`. The mapping of that file begins at a file offset that equals the
//!   address, so that the kernel merges retired neighbours: ten thousand of them are one. Where a profile forbids
//!   `memfd_create`, the end of the file that this process runs serves, privately.
//!
//! Each has a second way for what the kernel may refuse of the first. Huge pages are replaced as a whole: the kernel splits none.

use super::cover::{self, OVER, READ_WRITE, holes, nothing};
use super::map::Mapping;
use super::pages::Pages;
use super::reserve::{self, with_reserve};
use crate::error::{Error, Naming};
use crate::numbered::numbered;
use crate::page_size::page_size;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::libc;
use nix::sys::mman::{MapFlags, MmapAdvise, madvise, mmap_anonymous, munlock, munmap};
use std::num::NonZeroUsize;

numbered! {
    /// What is at the addresses of a mapping that is retired.
    pub enum After {
        /// Zeros. What is written is seen by nobody but those who come late as well.
        1 "ZEROS" Zeros,
        /// Nothing: every access is SIGBUS. [`prepare`] has found out before that this can be had.
        0 "FAULT" Fault,
    }
}

/// Past so many bytes it is found out first whether the kernel would fill the pages of zeros at once (`MCL_FUTURE`).
const LARGE: usize = 1 << 20;

/// Gives back what is kept. What is retired stays so: a mapping holds its file by itself.
pub(crate) fn release() {
    cover::release();
    reserve::release();
}

/// Opens what [`After::Fault`] needs, while there are descriptors.
///
/// # Errors
/// `EMFILE`, `ENFILE`: no descriptor is left; `ENOSYS`, `EPERM`: a profile forbids `memfd_create(2)`, and the file that this
/// process runs cannot be opened either.
pub fn prepare() -> Result<(), Error> {
    nothing().map(drop)
}

/// Pages of zeros, none of which has memory before it is touched.
fn zeros_over(pages: Pages) -> Result<(), Error> {
    if pages.length <= LARGE || !fills_new_pages()? {
        return fresh_over(pages);
    }
    // In parts, each of which gives its memory back before the next one takes some.
    let mut at = 0;
    while at < pages.length {
        let length = LARGE.min(pages.length - at);
        let start = pages.start + at;
        fresh_over(Pages { start, length })?;
        at += length;
    }
    Ok(())
}

fn fresh_over(pages: Pages) -> Result<(), Error> {
    let length =
        NonZeroUsize::new(pages.length).ok_or(Error::new(SystemCall::Mmap, Errno::EINVAL))?;
    let start = NonZeroUsize::new(pages.start);
    let flags = MapFlags::MAP_PRIVATE | OVER;
    // SAFETY: as above.
    unsafe { mmap_anonymous(start, length, READ_WRITE, flags) }.naming(SystemCall::Mmap)?;
    if is_filled(pages) {
        // SAFETY: the pages are those of the retired mapping, and hold nothing.
        let _ = unsafe { munlock(pages.pointer(), pages.length) };
        // SAFETY: as above.
        let _ = unsafe { madvise(pages.pointer(), pages.length, MmapAdvise::MADV_DONTNEED) };
    }
    Ok(())
}

/// Whether the first page has memory: all have it then, by `mlockall(MCL_FUTURE)`.
fn is_filled(pages: Pages) -> bool {
    let mut state = 0;
    let start = pages.pointer().as_ptr();
    // SAFETY: the page is mapped, and `state` has a byte for it.
    let answer = unsafe { libc::mincore(start, page_size(), &raw mut state) };
    answer == 0 && state & 1 != 0
}

/// Whether the kernel gives memory to new pages before they are touched.
fn fills_new_pages() -> Result<bool, Error> {
    let length =
        NonZeroUsize::new(page_size()).ok_or(Error::new(SystemCall::Mmap, Errno::EINVAL))?;
    let flags = MapFlags::MAP_PRIVATE | MapFlags::MAP_NORESERVE;
    // SAFETY: the kernel chooses an address at which nothing is mapped.
    let page =
        unsafe { mmap_anonymous(None, length, READ_WRITE, flags) }.naming(SystemCall::Mmap)?;
    let is_filled = is_filled(Pages {
        start: page.as_ptr().expose_provenance(),
        length: length.get(),
    });
    // SAFETY: it is the page that was mapped above.
    let _ = unsafe { munmap(page, length.get()) };
    Ok(is_filled)
}

impl Mapping {
    /// Releases the file, its pages and its locks. From then on whoever uses an address finds what `after` says, and every
    /// call of this type but this one fails or does nothing. It may be called again, and while others use the addresses.
    ///
    /// # Errors
    /// `ENOMEM`: as many mappings as `vm.max_map_count` allows, or no memory that may be promised; `EAGAIN`: new pages are
    /// locked, and `RLIMIT_MEMLOCK` is reached; of [`After::Fault`] those of [`prepare`]. The mapping is what it was.
    /// Source: `mmap(2)`.
    pub fn retire(&self, after: After) -> Result<(), Error> {
        let pages = self.pages(0, self.length()).naming(SystemCall::Mmap)?;
        let over = || match after {
            After::Zeros => zeros_over(pages).or_else(|error| {
                // Memory that must be promised, as by `vm.overcommit_memory=2` or `RLIMIT_DATA`, a file of holes does not need.
                holes()
                    .and_then(|holes| holes.put_over(pages))
                    .map_err(|_| error)
            }),
            After::Fault => nothing()?.put_over(pages),
        };
        match with_reserve(over) {
            Err(Error {
                errno: Errno::EAGAIN,
                ..
            }) => {
                // What is locked counts until it is replaced.
                // SAFETY: the pages are those of this mapping.
                unsafe { munlock(pages.pointer(), pages.length) }.naming(SystemCall::Mlock)?;
                with_reserve(over)
            }
            answer => answer,
        }
    }
}
