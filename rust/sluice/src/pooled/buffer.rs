//! Pooled buffers for the mechanisms that copy: anonymous memory, which no file can take away. It begins at a page, as
//! files that are open with `O_DIRECT` want it.

use super::pool::Pool;
use crate::error::Error;
use crate::system_call::SystemCall;
use memmap2::MmapMut;
use nix::errno::Errno;

/// Bytes in one buffer: what a device is asked for at once. Pages that are never used take no memory.
pub(crate) const WHOLE: usize = 1 << 20;

/// What a copy through the page cache uses of them. Measured from a socket into a file: 8 KiB 0.75 GB/s, 64 KiB 1.8,
/// 256 KiB 2.3, and no more beyond.
pub(crate) const SIZE: usize = 256 * 1024;

/// How many are kept.
const KEPT: usize = 16;

static POOL: Pool<MmapMut> = Pool::new(KEPT);

/// Unmaps the buffers that are kept.
pub(crate) fn release() {
    POOL.drain();
}

/// A buffer that goes back to the pool when it is dropped. Its content is whatever was there before.
pub(crate) struct Buffer(Option<MmapMut>);

impl Buffer {
    /// # Errors
    /// `ENOMEM`: no address space.
    pub(crate) fn take() -> Result<Buffer, Error> {
        let memory = match POOL.take() {
            Some(memory) => memory,
            None => MmapMut::map_anon(WHOLE).map_err(|e| Error {
                call: SystemCall::Mmap,
                errno: e.raw_os_error().map_or(Errno::ENOMEM, Errno::from_raw),
            })?,
        };
        Ok(Buffer(Some(memory)))
    }

    /// The first `len` bytes, at most [`SIZE`].
    pub(crate) fn first(&mut self, len: u64) -> &mut [u8] {
        let len = usize::try_from(len).map_or(SIZE, |len| len.min(SIZE));
        &mut self.whole()[..len]
    }

    /// All of it.
    pub(crate) fn whole(&mut self) -> &mut [u8] {
        self.0.as_deref_mut().unwrap_or_default()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(buffer) = self.0.take() {
            POOL.give(buffer);
        }
    }
}
