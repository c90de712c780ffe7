//! `msync(2)`, `mlock(2)` and `MAP_SYNC`.

use super::{Mapped, Mapping, Protection};
use crate::error::{Call, Error, Naming};
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, MsFlags, ProtFlags, mlock, mmap, msync, munlock};
use std::num::NonZeroUsize;
use std::os::fd::BorrowedFd;

impl Mapping {
    /// Maps the same again at the same addresses, with `MAP_SYNC`, which memmap2 does not know.
    pub(super) fn make_synchronous(&self, file: BorrowedFd<'_>, how: Mapped) -> Result<(), Error> {
        let invalid = || super::refused(Errno::EINVAL);
        let pages = self.pages(0, self.length()).naming(Call::Mmap)?;
        let protection = match how.protection {
            Protection::ReadOnly => ProtFlags::PROT_READ,
            Protection::ReadWrite => ProtFlags::PROT_READ | ProtFlags::PROT_WRITE,
            Protection::Private => return Err(invalid()),
        };
        let before = u64::try_from(self.address() - pages.start).map_err(|_| invalid())?;
        let offset = i64::try_from(how.offset - before).map_err(|_| invalid())?;
        let start = NonZeroUsize::new(pages.start);
        let length = NonZeroUsize::new(pages.length).ok_or(invalid())?;
        let flags = MapFlags::MAP_SHARED_VALIDATE | MapFlags::MAP_SYNC | MapFlags::MAP_FIXED;
        // SAFETY: it replaces the pages of this very mapping and no others; no reference to their bytes exists.
        unsafe { mmap(start, length, protection, flags, file, offset) }.naming(Call::Mmap)?;
        Ok(())
    }

    /// Writes what was changed in the pages of a part to the device, and waits for that (`MS_SYNC`).
    ///
    /// # Errors
    /// `EIO`, `ENOSPC`: the device takes no more; `EINVAL`: the part is not within the mapping. Source: `msync(2)`.
    pub fn sync(&self, offset: usize, length: usize) -> Result<(), Error> {
        let pages = self.pages(offset, length).naming(Call::Msync)?;
        // SAFETY: the pages lie in this mapping, which stays until `self` is dropped; only the kernel reads them.
        unsafe { msync(pages.pointer(), pages.length, MsFlags::MS_SYNC) }.naming(Call::Msync)
    }

    /// Reads all pages in and keeps them in memory.
    ///
    /// # Errors
    /// `ENOMEM`, `EPERM`: more than `RLIMIT_MEMLOCK` allows; `EAGAIN`: not all could be locked. Source: `mlock(2)`.
    pub fn lock(&self) -> Result<(), Error> {
        let pages = self.pages(0, self.length()).naming(Call::Mlock)?;
        // SAFETY: the pages lie in this mapping, which stays until `self` is dropped.
        unsafe { mlock(pages.pointer(), pages.length) }.naming(Call::Mlock)
    }

    /// Undoes [`Mapping::lock`].
    ///
    /// # Errors
    /// `ENOMEM`: the mapping would be split into more than `vm.max_map_count` allows. Source: `munlock(2)`.
    pub fn unlock(&self) -> Result<(), Error> {
        let pages = self.pages(0, self.length()).naming(Call::Mlock)?;
        // SAFETY: as above.
        unsafe { munlock(pages.pointer(), pages.length) }.naming(Call::Mlock)
    }
}
