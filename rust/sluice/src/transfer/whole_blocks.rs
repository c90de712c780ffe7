//! Files whose descriptor has `O_DIRECT`: whole blocks go between the device, at offsets of blocks, and aligned memory.
//!
//! Of such a source the blocks around a range are read, and the part that was asked for is used. Such a target gets
//! whole blocks only: no other descriptor of the file is opened, since closing that would release the locks of this
//! process (`fcntl(2)`). So bytes that fill no block are left in a stream, as far as that can be known before, and are
//! refused with the kernel's `EINVAL`.
//!
//! The kernel is not asked for the flag as long as no call was refused, the range may be whole blocks, and the bytes of
//! a stream are waited for.
//!
//! # Errors
//! `EINVAL`: the target's offset is not that of a block, or less than a block is left; those of `read(2)` and `write(2)`.
//! Source: `open(2)`, `O_DIRECT`.

use super::direct_file::{USUAL_ALIGNMENT, block_of_refused, whole};
use super::steps::Steps;
use crate::endpoint::{Endpoint, Offset};
use crate::error::Error;
use crate::mechanism::Mechanism;
use crate::pooled::buffer::Buffer;

const SELF: Mechanism = Mechanism::ReadWrite;

/// Reads a source file, by whole blocks once a call was refused for want of them.
#[derive(Default)]
pub(super) struct Reader {
    block: Option<u64>,
    around: Option<Buffer>,
}

impl Reader {
    /// Fills `chunk` from the offset of the source on, as far as the source has bytes.
    pub(super) fn read(
        &mut self,
        source: &Endpoint<'_>,
        chunk: &mut [u8],
        steps: &mut Steps,
    ) -> Result<usize, Error> {
        if self.block.is_none() {
            match source.read(chunk) {
                Err(error) => {
                    self.block = block_of_refused(source, error, steps);
                    if self.block.is_none() {
                        return Err(error);
                    }
                }
                filled => return filled,
            }
        }
        let block = self.block.unwrap_or(USUAL_ALIGNMENT);
        let at = match source.offset {
            Offset::At(at) => at,
            Offset::Own => return source.read(chunk),
        };
        if at % block == 0 && chunk.len() as u64 % block == 0 {
            return source.read(chunk);
        }
        self.read_around(source, at, block, chunk, steps)
    }

    fn read_around(
        &mut self,
        source: &Endpoint<'_>,
        at: u64,
        block: u64,
        chunk: &mut [u8],
        steps: &mut Steps,
    ) -> Result<usize, Error> {
        let mut around = self.around.take().map_or_else(Buffer::take, Ok)?;
        let past = at % block;
        let wanted = past
            .saturating_add(chunk.len() as u64)
            .next_multiple_of(block);
        let room = around.whole();
        let length = usize::try_from(whole(wanted.min(room.len() as u64), block)).unwrap_or(0);
        steps.called(SELF);
        let from = Endpoint::file_at(source.fd, at - past);
        let filled = from.read(&mut room[..length])?;
        let past = usize::try_from(past).unwrap_or(filled).min(filled);
        let used = (filled - past).min(chunk.len());
        chunk[..used].copy_from_slice(&room[past..past + used]);
        self.around = Some(around);
        Ok(used)
    }
}

/// Writes to a target. If the target refuses the data as a whole, as many whole blocks are written as there are.
pub(super) fn write(target: &Endpoint<'_>, data: &[u8], steps: &mut Steps) -> Result<usize, Error> {
    let error = match target.write(data) {
        Err(error) => error,
        written => return written,
    };
    let block = block_of_refused(target, error, steps).unwrap_or(u64::MAX);
    match usize::try_from(whole(data.len() as u64, block)) {
        Ok(0) | Err(_) => Err(error),
        Ok(length) => {
            steps.called(SELF);
            target.write(&data[..length])
        }
    }
}
