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
//! Where the process has as many mappings as it may have, the kernel refuses even one that replaces another. A mapping is kept
//! in reserve for that moment, given up, and taken again.
//!
//! Each has a second way for what the kernel may refuse of the first. Huge pages are replaced as a whole: the kernel splits none.

use super::address_range::AddressRange;
use super::map::{Mapping, refused};
use super::pages::{Pages, page_size};
use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::libc;
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::mman::{
    MapFlags, MmapAdvise, ProtFlags, madvise, mmap, mmap_anonymous, munlock, munmap,
};
use nix::unistd::ftruncate;
use std::fs::File;
use std::num::NonZeroUsize;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is at the addresses of a mapping that is retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Zeros. What is written is seen by nobody but those who come late as well.
    Zeros,
    /// Nothing: every access is SIGBUS. [`prepare`] has found out before that this can be had.
    Fault,
}

/// Past so many bytes it is found out first whether the kernel would fill the pages of zeros at once (`MCL_FUTURE`).
const LARGE: usize = 1 << 20;

/// A file that is mapped over retired pages, and where in it.
#[derive(Debug, Clone)]
struct Cover {
    file: Arc<OwnedFd>,
    flags: MapFlags,
    /// The file offset for an address: the address itself, or one that is the same for all.
    offset: Option<i64>,
}

static NOTHING: Mutex<Option<Cover>> = Mutex::new(None);
static HOLES: Mutex<Option<Cover>> = Mutex::new(None);

static RESERVE: Mutex<Option<AddressRange>> = Mutex::new(None);

fn reserve() -> MutexGuard<'static, Option<AddressRange>> {
    RESERVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets a mapping aside, where there is none.
pub(super) fn keep_reserve() {
    let mut reserve = reserve();
    if reserve.is_none() {
        *reserve = AddressRange::single();
    }
}

fn with_reserve(over: impl Fn() -> Result<(), Error>) -> Result<(), Error> {
    match over() {
        Err(Error {
            errno: Errno::ENOMEM,
            call,
        }) => {
            let mut reserve = reserve();
            if reserve.take().is_none() {
                let errno = Errno::ENOMEM;
                return Err(Error { call, errno });
            }
            let answer = over();
            *reserve = AddressRange::single();
            answer
        }
        answer => answer,
    }
}

fn kept(cover: &'static Mutex<Option<Cover>>) -> MutexGuard<'static, Option<Cover>> {
    cover.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives back what is kept. What is retired stays so: a mapping holds its file by itself.
pub(crate) fn release() {
    for cover in [&NOTHING, &HOLES] {
        kept(cover).take();
    }
    reserve().take();
}

/// Opens what [`After::Fault`] needs, while there are descriptors.
///
/// # Errors
/// `EMFILE`, `ENFILE`: no descriptor is left; `ENOSYS`, `EPERM`: a profile forbids `memfd_create(2)`, and the file that this
/// process runs cannot be opened either.
pub fn prepare() -> Result<(), Error> {
    nothing().map(drop)
}

fn nothing() -> Result<Cover, Error> {
    cover(&NOTHING, || {
        empty_in_memory().or_else(|error| end_of_program().map_err(|_| error))
    })
}

fn cover(
    kept_in: &'static Mutex<Option<Cover>>,
    make: impl FnOnce() -> Result<Cover, Error>,
) -> Result<Cover, Error> {
    let mut kept = kept(kept_in);
    if let Some(cover) = kept.as_ref() {
        return Ok(cover.clone());
    }
    Ok(kept.insert(make()?).clone())
}

fn in_memory(name: &str, seals: SealFlag, length: i64) -> Result<Cover, Error> {
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING;
    let new = memfd_create(name, flags).naming(SystemCall::MemfdCreate)?;
    if length > 0 {
        ftruncate(&new, length).naming(SystemCall::Ftruncate)?;
    }
    fcntl(&new, FcntlArg::F_ADD_SEALS(seals | SealFlag::F_SEAL_SEAL)).naming(SystemCall::Fcntl)?;
    Ok(Cover {
        file: Arc::new(new),
        flags: MapFlags::MAP_SHARED,
        offset: None,
    })
}

fn empty_in_memory() -> Result<Cover, Error> {
    in_memory("sluice-retired", SealFlag::F_SEAL_GROW, 0)
}

/// A file that is all hole, as long as there are addresses.
fn holes() -> Result<Cover, Error> {
    let seals = SealFlag::F_SEAL_SHRINK;
    cover(&HOLES, || {
        in_memory("sluice-zeros", seals, i64::MAX & !0xf_ffff)
    })
}

/// Private pages behind the end of a file, which are as little there as shared ones. That of a running program is never
/// written to (`ETXTBSY`).
fn end_of_program() -> Result<Cover, Error> {
    let program = File::open("/proc/self/exe");
    let program = program
        .map_err(|_| Errno::ENOENT)
        .naming(SystemCall::Open)?;
    let length = program
        .metadata()
        .map_err(|_| Errno::EIO)
        .naming(SystemCall::Open)?
        .len();
    let behind = length.next_multiple_of(page_size() as u64);
    Ok(Cover {
        file: Arc::new(OwnedFd::from(program)),
        flags: MapFlags::MAP_PRIVATE,
        offset: Some(i64::try_from(behind).map_err(|_| refused(Errno::EOVERFLOW))?),
    })
}

/// Writable as well: a late write is to find what a late read finds, and no SIGSEGV.
const READ_WRITE: ProtFlags = ProtFlags::PROT_READ.union(ProtFlags::PROT_WRITE);
const OVER: MapFlags = MapFlags::MAP_FIXED.union(MapFlags::MAP_NORESERVE);

impl Cover {
    fn put_over(&self, pages: Pages) -> Result<(), Error> {
        let address = i64::try_from(pages.start).map_err(|_| refused(Errno::EOVERFLOW))?;
        let length = NonZeroUsize::new(pages.length).ok_or(refused(Errno::EINVAL))?;
        let start = NonZeroUsize::new(pages.start);
        let offset = self.offset.unwrap_or(address);
        // SAFETY: it replaces the pages of a mapping that is retired and no others; no reference to their bytes exists.
        unsafe {
            mmap(
                start,
                length,
                READ_WRITE,
                self.flags | OVER,
                self.file.as_fd(),
                offset,
            )
        }
        .naming(SystemCall::Mmap)?;
        Ok(())
    }
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
    let length = NonZeroUsize::new(pages.length).ok_or(refused(Errno::EINVAL))?;
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
    let length = NonZeroUsize::new(page_size()).ok_or(refused(Errno::EINVAL))?;
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
