//! Closing a mapping while other threads may still use its addresses.
//!
//! Something harmless is put over the pages by one call (`MAP_FIXED`), which releases what was mapped there or, if it
//! fails, nothing. The addresses are never free in between. One of two things is put there:
//!
//! * [`After::Zeros`]: anonymous pages of zeros, for callers that look after each access whether the mapping is
//!   retired. No access faults there, by whatever code it is made. No descriptor is needed, and the kernel merges
//!   neighbours.
//! * [`After::Fault`]: an empty file in memory, which can never grow, for callers that do not look. A late access is a
//!   SIGBUS, of which HotSpot makes an `InternalError`. The file offset of the mapping equals the address, so that the
//!   kernel merges retired neighbours: ten thousand of them are one mapping. Where a profile forbids `memfd_create`,
//!   the pages behind the end of the running program's file serve, privately.
//!
//! Each has a second way, for what the kernel may refuse of the first. Huge pages are replaced as a whole: the kernel
//! splits none.

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
    ///
    /// ```
    /// use sluice::After;
    ///
    /// assert_eq!(After::from_number(0), Some(After::Fault));
    /// assert_eq!(After::Fault.name(), "FAULT");
    /// ```
    pub enum After {
        /// Nothing: every access is a SIGBUS. [`prepare`] tells before whether that can be had.
        0 "FAULT" Fault,
        /// Zeros. Only other late accesses see what is written there.
        1 "ZEROS" Zeros,
    }
}

/// For more bytes than this it is first found out whether the kernel gives memory to new pages at once (`MCL_FUTURE`).
const LARGE: usize = 1 << 20;

/// Gives back what is kept. Retired mappings stay as they are: a mapping holds its file by itself.
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
    // Part by part: each part gives its memory back before the next takes some.
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
    // SAFETY: the pages are those of the retired mapping, which nobody else can have mapped meanwhile: the addresses are
    // given back later.
    unsafe { mmap_anonymous(start, length, READ_WRITE, flags) }.naming(SystemCall::Mmap)?;
    if is_filled(pages) {
        // SAFETY: the pages are those of the retired mapping, and hold nothing.
        let _ = unsafe { munlock(pages.pointer(), pages.length) };
        // SAFETY: as above.
        let _ = unsafe { madvise(pages.pointer(), pages.length, MmapAdvise::MADV_DONTNEED) };
    }
    Ok(())
}

/// Whether the first page has memory. If it has, all have, by `mlockall(MCL_FUTURE)`.
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
    let page = unsafe { mmap_anonymous(None, length, READ_WRITE, flags) };
    let page = page.naming(SystemCall::Mmap)?;
    let is_filled = is_filled(Pages {
        start: page.as_ptr().expose_provenance(),
        length: length.get(),
    });
    // SAFETY: it is the page that was mapped above.
    let _ = unsafe { munmap(page, length.get()) };
    Ok(is_filled)
}

impl Mapping {
    /// Releases the file, its pages and its locks. From then on an access to an address finds what `after` says, and
    /// every method but this one fails or does nothing. It may be called again, and while other threads use the
    /// addresses.
    ///
    /// # Errors
    /// `ENOMEM`: as many mappings as `vm.max_map_count` allows, or no memory that may be promised; `EAGAIN`: new pages
    /// are locked, and `RLIMIT_MEMLOCK` is reached; with [`After::Fault`] those of [`prepare`]. After an error the
    /// mapping is what it was. Source: `mmap(2)`.
    pub fn retire(&self, after: After) -> Result<(), Error> {
        let pages = self.pages(0, self.length()).naming(SystemCall::Mmap)?;
        let over = || match after {
            After::Zeros => zeros_over(pages).or_else(|error| {
                // Anonymous pages need memory that the kernel promises, which `vm.overcommit_memory=2` or `RLIMIT_DATA`
                // may refuse. A file of holes needs none.
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
