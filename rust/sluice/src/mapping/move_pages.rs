//! `mremap(2)`: pages move from one mapping to a larger or smaller one of the same part of a file.

use super::map::Mapping;
use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::sys::mman::{MRemapFlags, mremap};

impl Mapping {
    /// Moves pages of `other`, a mapping of the same file from the same offset on, to this mapping, as many as fit.
    /// What was written to private pages moves with them. The addresses of `other` stay mapped and show the file.
    ///
    /// # Errors
    /// `EINVAL`: the kernel is older than 5.13 (the pages are where they were); `ENOMEM`: as many mappings as
    /// `vm.max_map_count` allows. Source: `mremap(2)`.
    pub fn take_pages(&self, other: &Mapping) -> Result<(), Error> {
        let length = self.length().min(other.length());
        let from = other.pages(0, length).naming(SystemCall::Mremap)?;
        let to = self.pages(0, length).naming(SystemCall::Mremap)?;
        let flags =
            MRemapFlags::MREMAP_MAYMOVE | MRemapFlags::MREMAP_FIXED | MRemapFlags::MREMAP_DONTUNMAP;
        let target = Some(to.pointer());
        // SAFETY: both ranges are whole pages of these two mappings, of the same length; what is replaced is a part of
        // `self`, what is moved away stays mapped; no reference to the bytes of either exists.
        unsafe { mremap(from.pointer(), from.length, to.length, flags, target) }
            .naming(SystemCall::Mremap)?;
        Ok(())
    }
}
