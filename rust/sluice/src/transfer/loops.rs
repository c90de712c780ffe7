//! The loops of the mechanisms whose source or target is a file: by one call from end to end, or piece by piece.

use super::full_target;
use super::progress::{Ending, Progress};
use super::request::{KERNEL_CAP, Request};
use super::steps::Steps;
use super::whole_blocks;
use crate::error::Error;
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use nix::errno::Errno;

impl Request<'_> {
    /// Calls `once` with the bytes moved so far and the bytes to ask for, until the request is done, a call is short or
    /// the turn is over. A stream that is waited for gives or takes less than was asked for at every call. Such a short
    /// call does not end the loop.
    ///
    /// For mechanisms whose one system call moves bytes from the source to the target. A call that fails has moved
    /// none.
    pub(super) fn repeat(
        &self,
        mechanism: Mechanism,
        call: SystemCall,
        has_moved: bool,
        steps: &mut Steps,
        mut once: impl FnMut(u64, usize) -> nix::Result<usize>,
    ) -> Progress {
        let waits = self.waits_for_source() || self.waits_for_pipe();
        let mut budget = self.budget();
        let mut bytes = 0;
        let ending = loop {
            let asked = budget.piece_of(self.count - bytes).min(KERNEL_CAP);
            if let Some(ending) = self.before_taking(has_moved || bytes > 0) {
                break ending;
            }
            steps.called(mechanism);
            let moved = match once(bytes, usize::try_from(asked).unwrap_or(usize::MAX)) {
                Ok(0) => break Ending::EndOfFile,
                Ok(moved) => moved as u64,
                Err(Errno::EAGAIN) if full_target::has_room_soon(self) => 0,
                Err(errno) => break Ending::Failed(Error { call, errno }),
            };
            bytes += moved;
            if bytes == self.count {
                break Ending::Complete;
            }
            if 0 < moved && moved < asked && !waits && !full_target::has_room_soon(self) {
                break Ending::Short;
            }
            if budget.is_spent(moved) {
                break Ending::Paused;
            }
        };
        Progress { bytes, ending }
    }

    /// Reads `count` bytes of a source file piece by piece, and writes each piece to the target. `read` is given the
    /// bytes moved so far and the room there is; it answers how many bytes it asked for and how many it got. Bytes that
    /// the target does not take are still in the file.
    pub(super) fn by_pieces(
        &self,
        count: u64,
        buffer: &mut [u8],
        mechanism: Mechanism,
        steps: &mut Steps,
        mut read: impl FnMut(u64, &mut [u8], &mut Steps) -> Result<(usize, usize), Error>,
    ) -> Progress {
        let mut budget = self.budget();
        let mut bytes = 0;
        let ending = loop {
            if bytes == count {
                break self.ending_at(bytes);
            }
            let room = usize::try_from(count - bytes).unwrap_or(usize::MAX);
            let room = room.min(buffer.len());
            steps.called(mechanism);
            let (asked, filled) = match read(bytes, &mut buffer[..room], steps) {
                Ok((_, 0)) => break Ending::EndOfFile,
                Ok(piece) => piece,
                Err(error) => break Ending::Failed(error),
            };
            steps.called(mechanism);
            let stored =
                match whole_blocks::write(&self.target.advanced(bytes), &buffer[..filled], steps) {
                    Ok(stored) => stored,
                    Err(error) => break Ending::Failed(error),
                };
            bytes += stored as u64;
            // The file ends here for now, or the target is full.
            if stored < asked {
                break self.ending_at(bytes);
            }
            if bytes < count && budget.is_spent(stored as u64) {
                break Ending::Paused;
            }
        };
        Progress { bytes, ending }
    }
}
