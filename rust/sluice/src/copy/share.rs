//! The turns that share extents.

use super::file_copy::{FileCopy, Goal, Holes, Sharing, size_of};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use crate::transfer::mechanism::reflink::clone_range;
use nix::errno::Errno;

impl FileCopy<'_> {
    /// Shares further bytes with the target for one turn, holes included. The answer is whether no more can be shared.
    ///
    /// No data is read or written, but each extent takes time.
    ///
    /// # Errors
    /// Those of `ioctl_ficlonerange(2)`: nothing was shared. Refusals are errors only with [`Sharing::Always`], and
    /// then an empty file is refused where other files would be.
    pub fn share(&mut self) -> Result<bool, Error> {
        self.shared.begin_turn();
        loop {
            let most = self.shared.piece_of(u64::MAX);
            if self.share_piece(most)? {
                return Ok(true);
            }
            if self.shared.is_spent(most) {
                return Ok(false);
            }
        }
    }

    /// Shares up to `most` bytes, a multiple of the file system's block size. The answer is whether no more can be
    /// shared.
    fn share_piece(&mut self, most: u64) -> Result<bool, Error> {
        /// The source may shrink between the look at its size and the call, again and again.
        const TRIES: usize = 16;
        if self.sharing == Sharing::Never || self.holes != Holes::Keep {
            return Ok(true);
        }
        let at = self.position;
        let mut tries = 0;
        loop {
            let goal = self.goal()?.unwrap_or(0);
            let size = size_of(self.source)?;
            let left = size.min(goal).saturating_sub(at);
            if left == 0 && at > 0 {
                return Ok(true);
            }
            // A length of 0 asks for all bytes up to the end, wherever that is by then: an end that is no multiple of a
            // block cannot be shared once the source has grown past it. For an empty file it asks whether the file
            // systems share at all.
            let length = if left > most { most } else { 0 };
            self.steps.called(Mechanism::Reflink);
            match clone_range(self.source, at, length, self.target, at)
                .naming(SystemCall::Ficlonerange)
            {
                Ok(()) if length > 0 => {
                    self.position += length;
                    self.steps.moved(Mechanism::Reflink, length);
                    return Ok(false);
                }
                Ok(()) => {
                    self.share_ended_at(size_of(self.target)?);
                    return Ok(true);
                }
                Err(error)
                    if error.errno == Errno::EINVAL
                        && tries < TRIES
                        && size_of(self.source)? < size =>
                {
                    tries += 1;
                }
                Err(error) if error.is_refusal() && self.sharing == Sharing::Auto => {
                    self.steps.refused(Mechanism::Reflink, error);
                    return Ok(true);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn share_ended_at(&mut self, end: u64) {
        if end > self.position {
            self.steps.moved(Mechanism::Reflink, end - self.position);
            self.position = end;
            self.goal = Goal::Last(end);
        }
    }
}
