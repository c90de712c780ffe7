//! Pooled buffers that begin at a page, as direct I/O wants them.

use crate::error::{Call, Error};
use crate::pool::Pool;
use memmap2::MmapMut;
use nix::errno::Errno;

/// Bytes in one buffer. A device is asked for all of them at once: at 1 MiB the time of a request is that of its bytes.
pub(crate) const SIZE: usize = 1 << 20;

static POOL: Pool<MmapMut> = Pool::new();

/// A buffer that goes back to the pool when it is dropped: anonymous memory, which no file can take away.
pub(crate) struct Aligned(Option<MmapMut>);

impl Aligned {
    /// # Errors
    /// `ENOMEM`: no address space.
    pub(crate) fn take() -> Result<Aligned, Error> {
        let memory = match POOL.take() {
            Some(memory) => memory,
            None => MmapMut::map_anon(SIZE).map_err(|e| Error {
                call: Call::Mmap,
                errno: e.raw_os_error().map_or(Errno::ENOMEM, Errno::from_raw),
            })?,
        };
        Ok(Aligned(Some(memory)))
    }

    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        self.0.as_deref_mut().unwrap_or_default()
    }
}

impl Drop for Aligned {
    fn drop(&mut self) {
        if let Some(memory) = self.0.take() {
            POOL.give(memory);
        }
    }
}
