//! Where in a file the bytes lie, and what becomes of the descriptor's own offset.

use super::progress::Progress;
use super::request::Request;
use super::steps::Steps;
use crate::endpoint::{Endpoint, Offset};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::unistd::{Whence, lseek};

impl Request<'_> {
    /// Runs `at_offset` with a source file at a given offset. A source at its descriptor's own offset is read from
    /// there on; the offset then moves by the bytes that were transferred, not by those that were read.
    pub(super) fn positioned(
        &self,
        mechanism: Mechanism,
        steps: &mut Steps,
        at_offset: impl FnOnce(&Request<'_>, &mut Steps) -> Progress,
    ) -> Progress {
        if let Offset::At(_) = self.source.offset {
            return at_offset(self, steps);
        }
        let start = match position_of(&self.source, mechanism, steps) {
            Ok(start) => start,
            Err(error) => return Progress::failed(0, error),
        };
        let source = Endpoint {
            offset: Offset::At(start),
            ..self.source
        };
        let progress = at_offset(&Request { source, ..*self }, steps);
        match advance_position(&self.source, start, progress.bytes, mechanism, steps) {
            Ok(()) => progress,
            Err(error) => Progress::failed(progress.bytes, error),
        }
    }
}

/// Where in a file the bytes begin.
pub(super) fn position_of(
    endpoint: &Endpoint<'_>,
    mechanism: Mechanism,
    steps: &mut Steps,
) -> Result<u64, Error> {
    match endpoint.offset {
        Offset::At(at) => Ok(at),
        Offset::Own => {
            steps.called(mechanism);
            let at = lseek(endpoint.fd, 0, Whence::SeekCur).naming(SystemCall::Lseek)?;
            Ok(u64::try_from(at).unwrap_or(0))
        }
    }
}

/// Moves a descriptor's own offset on by the `bytes` that were moved from `start` on, if the end is one at its own
/// offset.
pub(super) fn advance_position(
    endpoint: &Endpoint<'_>,
    start: u64,
    bytes: u64,
    mechanism: Mechanism,
    steps: &mut Steps,
) -> Result<(), Error> {
    if endpoint.offset != Offset::Own || bytes == 0 {
        return Ok(());
    }
    steps.called(mechanism);
    let to = i64::try_from(start + bytes).map_err(|_| Errno::EOVERFLOW);
    to.and_then(|to| lseek(endpoint.fd, to, Whence::SeekSet))
        .naming(SystemCall::Lseek)?;
    Ok(())
}
