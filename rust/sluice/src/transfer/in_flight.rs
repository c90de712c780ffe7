//! Bytes in flight: taken from a source that cannot be read twice, and not yet taken by the target.
//!
//! A target may stop taking at any byte. The rest then waits here for the next rung of the ladder, or for the next call
//! for the same pair, so that the caller does the waiting. The bytes in the buffer come before those in the pipe.

use super::backward_move::BackwardMove;
use super::same_file::Files;
use super::steps::Steps;
use crate::endpoint::Endpoint;
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::Buffer;
use crate::pooled::pipe::Pipe;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::unistd::read;

/// How many bytes went to a target, and what stopped that.
pub(crate) type Delivered = (u64, Result<(), Error>);

/// What one transfer holds between two calls. If its pipe holds bytes when this is dropped, the pipe is closed with
/// them and never used again.
///
/// ```
/// use sluice::{Ending, Endpoint, InFlight, Mechanism, Pace, Request, Steps};
/// use std::io::Write;
/// use std::os::fd::AsFd;
/// use std::os::unix::net::UnixStream;
///
/// let (source, mut peer) = UnixStream::pair()?;
/// let file = tempfile::tempfile()?;
/// peer.write_all(b"abc")?;
/// drop(peer);
/// let mut request = Request {
///     source: Endpoint::socket(source.as_fd()),
///     target: Endpoint::file(file.as_fd()),
///     count: 100,
///     pace: Pace::Throughout,
/// };
/// let (mut steps, mut in_flight) = (Steps::default(), InFlight::default());
/// loop {
///     let progress = request.resume(Mechanism::Auto, &mut steps, &mut in_flight);
///     request.count -= progress.bytes;
///     if progress.ending != Ending::Paused {
///         assert_eq!(progress.ending, Ending::EndOfFile);
///         break;
///     }
///     // A caller that has other things to do looks at them here.
/// }
/// assert_eq!((request.count, in_flight.held()), (97, 0));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Default)]
pub struct InFlight {
    pub(crate) pipe: Option<Pipe>,
    /// Bytes in the pipe.
    pub(crate) piped: usize,
    buffer: Option<Buffer>,
    /// Where in the buffer the bytes begin.
    start: usize,
    /// Where they end.
    end: usize,
    /// Whether the last `EAGAIN` came from the target, while no bytes were held.
    pub(crate) target_was_full: bool,
    /// Whether source and target are one file.
    pub(crate) files: Files,
    /// A move within one file that is under way.
    pub(crate) backward_move: Option<Box<BackwardMove>>,
    /// Whether the transfer has moved bytes in earlier calls. Its caller will then be told a count and no error.
    has_moved: bool,
    /// Whether other readers may take bytes of the source between two calls. Bytes that were looked at may then be
    /// gone.
    is_source_shared: bool,
}

impl InFlight {
    /// Bytes that were taken from the source and that the target has not taken.
    #[must_use]
    pub fn held(&self) -> u64 {
        (self.piped + self.buffered()) as u64
    }

    /// Whether the next call for the same pair needs this value: it holds bytes, or a move within one file is under
    /// way.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        self.held() > 0 || matches!(self.files, Files::One { .. })
    }

    /// Notes that the transfer has moved bytes in earlier calls.
    pub fn continue_transfer(&mut self) {
        self.has_moved = true;
    }

    /// Notes that other readers may take bytes of the source between two calls.
    pub fn share_source(&mut self) {
        self.is_source_shared = true;
    }

    pub(crate) fn is_source_shared(&self) -> bool {
        self.is_source_shared
    }

    /// Whether the transfer has moved bytes, in earlier calls or `now` bytes in this one.
    pub(crate) fn has_moved(&self, now: u64) -> bool {
        self.has_moved || now > 0
    }

    /// Whether an `EAGAIN` came from the target, which is then the side to wait for.
    pub(crate) fn waits_for_target(&self) -> bool {
        self.held() > 0 || self.target_was_full
    }

    fn buffered(&self) -> usize {
        self.end - self.start
    }

    /// Fills the empty buffer with at most `most` bytes that `take` takes from a source. The answer is how many.
    pub(crate) fn fill(
        &mut self,
        most: u64,
        take: impl FnOnce(&mut [u8]) -> Result<usize, Error>,
    ) -> Result<usize, Error> {
        let mut buffer = self.buffer.take().map_or_else(Buffer::take, Ok)?;
        let taken = take(buffer.first(most));
        self.buffer = Some(buffer);
        let filled = taken?;
        (self.start, self.end) = (0, filled);
        Ok(filled)
    }

    /// Bytes in the buffer.
    pub(crate) fn held_in_buffer(&self) -> u64 {
        self.buffered() as u64
    }

    /// Adds at most `most` bytes, for which there is room, that `take` takes from a source. The answer is how many.
    pub(crate) fn append(
        &mut self,
        most: u64,
        take: impl FnOnce(&mut [u8]) -> Result<usize, Error>,
    ) -> Result<usize, Error> {
        if self.buffer.is_none() {
            self.buffer = Some(Buffer::take()?);
        }
        self.at_front();
        let (end, length) = (self.end, self.end as u64 + most);
        let taken = self
            .buffer
            .as_mut()
            .map_or(Ok(0), |buffer| take(&mut buffer.first(length)[end..]))?;
        self.end += taken;
        Ok(taken)
    }

    /// The bytes in the buffer, moved to its aligned front.
    pub(crate) fn at_front(&mut self) -> &[u8] {
        let held = self.buffered();
        let Some(buffer) = self.buffer.as_mut() else {
            return &[];
        };
        let room = buffer.whole();
        if self.start > 0 {
            room.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, held);
        }
        &room[..held]
    }

    /// Forgets the first bytes of the buffer, which have arrived.
    pub(crate) fn drop_from_front(&mut self, bytes: usize) {
        self.start += bytes;
    }

    /// Writes the bytes in flight to `target`, from its offset on: first those of the buffer, then those of the pipe,
    /// `most` bytes at the most. The calls count as those of `mechanism`.
    pub(crate) fn write_out(
        &mut self,
        most: u64,
        target: &Endpoint<'_>,
        mechanism: Mechanism,
        steps: &mut Steps,
    ) -> Delivered {
        let mut written = 0;
        loop {
            let to = target.advanced(written);
            let (bytes, result) = self.write_buffered(most - written, &to, mechanism, steps);
            written += bytes;
            if result.is_err() || self.piped == 0 || written == most {
                return (written, result);
            }
            if let Err(error) = self.fill_from_pipe(mechanism, steps) {
                return (written, Err(error));
            }
        }
    }

    /// As [`InFlight::write_out`], for the bytes of the buffer alone.
    pub(crate) fn write_buffered(
        &mut self,
        most: u64,
        target: &Endpoint<'_>,
        mechanism: Mechanism,
        steps: &mut Steps,
    ) -> Delivered {
        let mut written = 0;
        while self.start < self.end && written < most {
            let Some(buffer) = self.buffer.as_mut() else {
                break;
            };
            let data = &buffer.first(self.end as u64)[self.start..];
            let room = usize::try_from(most - written).unwrap_or(usize::MAX);
            let data = &data[..data.len().min(room)];
            steps.called(mechanism);
            match target.advanced(written).write(data) {
                Ok(0) => return (written, Err(Error::stuck(SystemCall::Write))),
                Ok(bytes) => {
                    self.start += bytes;
                    written += bytes as u64;
                    // The target is full, or a signal came. A signal may mean that the source was closed, which this
                    // call does not touch: the caller has to look.
                    if self.start < self.end && written < most && target.may_wait() {
                        return (written, Err(Errno::EINTR).naming(SystemCall::Write));
                    }
                }
                Err(error) => return (written, Err(error)),
            }
        }
        (written, Ok(()))
    }

    fn fill_from_pipe(&mut self, mechanism: Mechanism, steps: &mut Steps) -> Result<(), Error> {
        let Some(pipe) = self.pipe.take() else {
            self.piped = 0;
            return Ok(());
        };
        let result = self.fill(self.piped as u64, |buffer| {
            steps.called(mechanism);
            read(pipe.reader(), buffer).naming(SystemCall::Read)
        });
        self.pipe = Some(pipe);
        self.piped -= result?;
        Ok(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(pipe) = self.pipe.take() {
            if self.piped == 0 {
                pipe.give_back_empty();
            }
        }
    }
}
