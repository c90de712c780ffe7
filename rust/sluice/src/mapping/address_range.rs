//! Addresses that are mapped by calls which memmap2 does not make.

use super::map_request::{MapRequest, Protection};
use super::pages::Pages;
use crate::error::{Error, Naming};
use crate::page_size::page_size;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::libc::c_void;
use nix::sys::mman::{MRemapFlags, MapFlags, ProtFlags, mmap, mmap_anonymous, mremap, munmap};
use std::num::NonZeroUsize;
use std::os::fd::BorrowedFd;
use std::ptr::NonNull;

/// Whole pages, which are given back when this value is dropped.
#[derive(Debug)]
pub(super) struct AddressRange {
    start: NonNull<c_void>,
    length: usize,
}

// SAFETY: an address and a length, at which only the kernel looks.
unsafe impl Send for AddressRange {}
// SAFETY: as above.
unsafe impl Sync for AddressRange {}

impl AddressRange {
    pub(super) fn start(&self) -> usize {
        self.start.as_ptr().expose_provenance()
    }

    /// A part of a file whose bytes are durable once the processor's caches are flushed (`MAP_SYNC`): in one call, which
    /// maps all or nothing.
    pub(super) fn of_durable_memory(
        file: BorrowedFd<'_>,
        how: MapRequest,
        page: usize,
    ) -> Result<AddressRange, Error> {
        let invalid = || Error::new(SystemCall::Mmap, Errno::EINVAL);
        let protection = match how.protection {
            Protection::ReadOnly => ProtFlags::PROT_READ,
            Protection::ReadWrite => ProtFlags::PROT_READ | ProtFlags::PROT_WRITE,
            Protection::Private => return Err(invalid()),
        };
        let mut flags = MapFlags::MAP_SHARED_VALIDATE | MapFlags::MAP_SYNC;
        flags.set(MapFlags::MAP_POPULATE, how.populate);
        flags.set(MapFlags::MAP_NORESERVE, how.no_reserve);
        let before = how.offset % page as u64;
        let offset = i64::try_from(how.offset - before).map_err(|_| invalid())?;
        let length = usize::try_from(before).unwrap_or(0).checked_add(how.length);
        let length = length.and_then(|length| length.checked_next_multiple_of(page));
        let length = length.and_then(NonZeroUsize::new).ok_or(invalid())?;
        // SAFETY: the kernel chooses addresses at which nothing is mapped.
        let start = unsafe { mmap(None, length, protection, flags, file, offset) };
        Ok(AddressRange {
            start: start.naming(SystemCall::Mmap)?,
            length: length.get(),
        })
    }

    /// Shared pages at further addresses (`mremap` of an old size of 0).
    pub(super) fn duplicate_of(pages: Pages) -> Result<AddressRange, Error> {
        let flags = MRemapFlags::MREMAP_MAYMOVE;
        // SAFETY: nothing is moved away, and the kernel chooses addresses at which nothing is mapped.
        let start = unsafe { mremap(pages.pointer(), 0, pages.length, flags, None) };
        Ok(AddressRange {
            start: start.naming(SystemCall::Mremap)?,
            length: pages.length,
        })
    }

    /// Addresses without access, from a multiple of `page` on.
    pub(super) fn reserved(length: usize, page: usize) -> Result<AddressRange, Error> {
        let invalid = || Error::new(SystemCall::Mmap, Errno::EINVAL);
        // The kernel begins at a multiple of a usual page by itself.
        let ahead = page - page_size();
        let whole = length.checked_add(ahead).and_then(NonZeroUsize::new);
        let flags = MapFlags::MAP_PRIVATE | MapFlags::MAP_NORESERVE;
        // SAFETY: the kernel chooses addresses at which nothing is mapped.
        let start =
            unsafe { mmap_anonymous(None, whole.ok_or(invalid())?, ProtFlags::PROT_NONE, flags) };
        let all = AddressRange {
            start: start.naming(SystemCall::Mmap)?,
            length: length + ahead,
        };
        let first = all.start().next_multiple_of(page);
        Ok(all.cut_to(first, length))
    }

    /// A page that is merged with no neighbour, so that it is one mapping of those that `vm.max_map_count` allows.
    pub(super) fn single() -> Option<AddressRange> {
        let length = NonZeroUsize::new(page_size())?;
        let flags = MapFlags::MAP_SHARED | MapFlags::MAP_NORESERVE;
        // SAFETY: the kernel chooses an address at which nothing is mapped.
        let start = unsafe { mmap_anonymous(None, length, ProtFlags::PROT_NONE, flags) };
        Some(AddressRange {
            start: start.ok()?,
            length: length.get(),
        })
    }

    /// A part of it; the rest is given back.
    fn cut_to(self, start: usize, length: usize) -> AddressRange {
        let from = self.start();
        let end = from + self.length;
        std::mem::forget(self);
        for (start, end) in [(from, start), (start + length, end)] {
            if start < end {
                drop(AddressRange::at(start, end - start));
            }
        }
        AddressRange::at(start, length)
    }

    fn at(start: usize, length: usize) -> AddressRange {
        let pointer = std::ptr::with_exposed_provenance_mut(start);
        AddressRange {
            start: NonNull::new(pointer).unwrap_or(NonNull::dangling()),
            length,
        }
    }
}

impl Drop for AddressRange {
    fn drop(&mut self) {
        // SAFETY: this is the only owner of these pages, and no reference to their bytes exists.
        let _ = unsafe { munmap(self.start, self.length) };
    }
}
