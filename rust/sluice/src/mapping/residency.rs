//! `mincore(2)`: how much is in memory.

use super::map::Mapping;
use crate::error::{Error, Naming};
use crate::page_size::page_size;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::libc;

/// Pages that are asked for at a time.
const AT_A_TIME: usize = 16 << 10;

impl Mapping {
    /// Whether all pages of a part are in memory now.
    ///
    /// # Errors
    /// Those of [`Mapping::resident`].
    pub fn is_resident(&self, offset: usize, length: usize) -> Result<bool, Error> {
        let pages = self.pages(offset, length).naming(SystemCall::Mincore)?;
        Ok(self.resident(offset, length)? == pages.length as u64)
    }

    /// How many bytes of a part are in memory now, in whole pages. The number may change at once.
    ///
    /// # Errors
    /// `EINVAL`: the part is not within the mapping; `EAGAIN`: the kernel is out of resources. Source: `mincore(2)`.
    pub fn resident(&self, offset: usize, length: usize) -> Result<u64, Error> {
        let pages = self.pages(offset, length).naming(SystemCall::Mincore)?;
        let mut states = vec![0_u8; (pages.length / page_size()).min(AT_A_TIME)];
        let mut resident = 0;
        let mut at = 0;
        while at < pages.length {
            let length = (pages.length - at).min(states.len() * page_size());
            let start = std::ptr::with_exposed_provenance_mut(pages.start + at);
            // SAFETY: the pages lie in this mapping, and `states` has a byte for each of them.
            let answer = unsafe { libc::mincore(start, length, states.as_mut_ptr()) };
            Errno::result(answer).naming(SystemCall::Mincore)?;
            let asked = &states[..length / page_size()];
            resident += asked.iter().filter(|state| *state & 1 != 0).count() as u64;
            at += length;
        }
        Ok(resident * page_size() as u64)
    }
}
