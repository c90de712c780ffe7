//! `msync(2)` and `mlock(2)`.

use super::map::Mapping;
use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::sys::mman::{MsFlags, mlock, msync, munlock};

impl Mapping {
    /// Writes what was changed in the pages of a part to the device, and waits for that (`MS_SYNC`).
    ///
    /// # Errors
    /// `EIO`, `ENOSPC`: the device takes no more; `EINVAL`: the part is not within the mapping. Source: `msync(2)`.
    pub fn sync(&self, offset: usize, length: usize) -> Result<(), Error> {
        let pages = self.pages(offset, length).naming(SystemCall::Msync)?;
        // SAFETY: the pages lie in this mapping, which stays until `self` is dropped; only the kernel reads them.
        unsafe { msync(pages.pointer(), pages.length, MsFlags::MS_SYNC) }.naming(SystemCall::Msync)
    }

    /// Reads the pages of a part in and keeps them in memory.
    ///
    /// # Errors
    /// `ENOMEM`, `EPERM`: more than `RLIMIT_MEMLOCK` allows; `EAGAIN`: not all could be locked. Source: `mlock(2)`.
    pub fn lock(&self, offset: usize, length: usize) -> Result<(), Error> {
        let pages = self.pages(offset, length).naming(SystemCall::Mlock)?;
        // SAFETY: the pages lie in this mapping, which stays until `self` is dropped.
        unsafe { mlock(pages.pointer(), pages.length) }.naming(SystemCall::Mlock)
    }

    /// Undoes [`Mapping::lock`].
    ///
    /// # Errors
    /// `ENOMEM`: the mapping would be split into more than `vm.max_map_count` allows. Source: `munlock(2)`.
    pub fn unlock(&self, offset: usize, length: usize) -> Result<(), Error> {
        let pages = self.pages(offset, length).naming(SystemCall::Mlock)?;
        // SAFETY: as above.
        unsafe { munlock(pages.pointer(), pages.length) }.naming(SystemCall::Mlock)
    }
}
