//! Fills a buffer from a source and writes it to a file block by block.

use super::reopened::BothDescriptors;
use crate::error::Error;
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::direct_file::USUAL_ALIGNMENT;
use crate::transfer::progress::Ending;
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use crate::transfer::whole_blocks::Reader;
use nix::errno::Errno;

const SELF: Mechanism = Mechanism::DirectIo;

/// Writes a file from `start` on: `bytes` are written, and the buffer holds `held` more.
pub(super) struct BlockWriter<'a> {
    pub(super) both: &'a BothDescriptors<'a>,
    pub(super) start: u64,
    pub(super) bytes: u64,
    pub(super) held: usize,
}

impl BlockWriter<'_> {
    pub(super) fn fill_and_write(
        &mut self,
        request: &Request<'_>,
        has_moved: bool,
        buffer: &mut [u8],
        steps: &mut Steps,
    ) -> Ending {
        let mut budget = request.budget();
        let mut reader = Reader::default();
        loop {
            let left = request.count - self.bytes - self.held as u64;
            let room = buffer.len() - self.held;
            let asked = usize::try_from(left).map_or(room, |left| left.min(room));
            let chunk = &mut buffer[self.held..self.held + asked];
            let ahead = self.bytes + self.held as u64;
            if let Some(ending) = request.before_taking(has_moved || ahead > 0) {
                return match self.write(buffer, 0, steps) {
                    Ok(()) => ending,
                    Err(error) => Ending::Failed(error),
                };
            }
            steps.called(SELF);
            let ended = match reader.read(&request.source.advanced(ahead), chunk, steps) {
                Ok(0) => Some(Ending::EndOfFile),
                Ok(filled) => {
                    self.held += filled;
                    let is_whole = filled as u64 == left;
                    let waits = request.waits_for_source();
                    if is_whole {
                        Some(Ending::Complete)
                    } else if filled < asked && !waits {
                        Some(Ending::Short)
                    } else if budget.is_spent(filled as u64) {
                        Some(Ending::Paused)
                    } else {
                        None
                    }
                }
                Err(error) => Some(Ending::Failed(error)),
            };
            // The last bytes are written as they are. Before that a block waits until it is whole.
            let keep = if ended.is_some() {
                0
            } else {
                self.both.lent_file.alignment
            };
            if let Err(error) = self.write(buffer, keep, steps) {
                return Ending::Failed(error);
            }
            if let Some(ending) = ended {
                return ending;
            }
        }
    }

    /// Writes the bytes that are held. Fewer than `keep` bytes that fill no block stay in the buffer.
    fn write(&mut self, buffer: &mut [u8], keep: u64, steps: &mut Steps) -> Result<(), Error> {
        let mut done = 0;
        let result = loop {
            let held = self.held as u64;
            let at = self.start.saturating_add(self.bytes);
            if held == 0 || held < keep && at % self.both.lent_file.alignment == 0 {
                break Ok(());
            }
            let (chosen, len) = self.both.lent_file.next(at, held);
            // Bytes at an unaligned place of the buffer would be refused: they are moved to its front first.
            if done as u64 % USUAL_ALIGNMENT != 0 {
                buffer.copy_within(done..done + self.held, 0);
                done = 0;
            }
            steps.called(SELF);
            match self.both.write(chosen, &buffer[done..done + len], at) {
                Ok(0) => break Err(Error::stuck(SystemCall::Write)),
                Ok(written) => {
                    done += written;
                    self.bytes += written as u64;
                    self.held -= written;
                }
                Err(Error {
                    errno: Errno::EINTR,
                    ..
                }) => {}
                Err(error) => break Err(error),
            }
        };
        buffer.copy_within(done..done + self.held, 0);
        result
    }
}
