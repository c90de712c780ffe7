//! Closing a mapping under everybody who may still use its addresses.
//!
//! An empty file in memory, which can never grow, is put over the pages (`MAP_FIXED`). Whatever was mapped there is released;
//! whoever comes late meets SIGBUS, of which HotSpot makes an `InternalError`, and the addresses belong to nobody else. The
//! mapping of that file begins at a file offset that equals the address, so that the kernel merges retired neighbours: ten
//! thousand of them are one. Huge pages are replaced as a whole: the kernel splits none.

use super::Mapping;
use crate::error::{Call, Error, Naming};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::mman::{MapFlags, ProtFlags, mmap};
use std::num::NonZeroUsize;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

static NOTHING: Mutex<Option<Arc<OwnedFd>>> = Mutex::new(None);

fn kept() -> MutexGuard<'static, Option<Arc<OwnedFd>>> {
    NOTHING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Closes the file. What is retired stays so: a mapping holds its file by itself.
pub(crate) fn release() {
    kept().take();
}

fn nothing() -> Result<Arc<OwnedFd>, Error> {
    let mut kept = kept();
    if let Some(nothing) = kept.as_ref() {
        return Ok(Arc::clone(nothing));
    }
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING;
    let new = memfd_create("sluice-retired", flags).naming(Call::MemfdCreate)?;
    let seals = SealFlag::F_SEAL_GROW | SealFlag::F_SEAL_SEAL;
    fcntl(&new, FcntlArg::F_ADD_SEALS(seals)).naming(Call::Fcntl)?;
    Ok(Arc::clone(kept.insert(Arc::new(new))))
}

impl Mapping {
    /// Releases the file, its pages and its locks. From then on every access is SIGBUS, and every call of this type but
    /// this one fails or does nothing. It may be called again, and while others use the addresses.
    ///
    /// # Errors
    /// `ENOMEM`, `ENFILE`, `EMFILE`: the kernel is out of resources, and the mapping is what it was. Source: `mmap(2)`,
    /// `memfd_create(2)`.
    pub fn retire(&self) -> Result<(), Error> {
        let nothing = nothing()?;
        let pages = self.pages(0, self.length()).naming(Call::Mmap)?;
        let start = NonZeroUsize::new(pages.start);
        let length = NonZeroUsize::new(pages.length).ok_or(super::refused(Errno::EINVAL))?;
        // Writable as well: a late write is to be a SIGBUS, not a SIGSEGV.
        let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        let flags = MapFlags::MAP_SHARED | MapFlags::MAP_FIXED | MapFlags::MAP_NORESERVE;
        let offset = i64::try_from(pages.start).map_err(|_| super::refused(Errno::EOVERFLOW))?;
        // SAFETY: it replaces the pages of this very mapping and no others; no reference to their bytes exists.
        unsafe { mmap(start, length, protection, flags, &nothing, offset) }.naming(Call::Mmap)?;
        Ok(())
    }
}
