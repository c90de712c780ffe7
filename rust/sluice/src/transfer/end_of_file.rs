//! Whether "no bytes" from an exact mechanism is the end of the file: the one place that decides it.
//!
//! Most mechanisms ask for the size of a file before they read it, as the kernel does for `copy_file_range(2)` and
//! `mmap(2)`. But files of procfs and many of sysfs have a size of 0, and a FUSE server may tell any size, and all of
//! these have bytes. Only `read(2)` knows their end, so `read(2)` is asked for one byte. A mechanism that sees no byte
//! where `read(2)` sees one is refused with `ENODATA`, which the kernel answers to none of these calls.
//!
//! A device is not asked: reading a byte of it may take that byte away. `mmap` and `ioctl(FICLONERANGE)`, which go by
//! the size, serve regular files only. The other calls answer what the device itself says.

use super::file_position::position_of;
use super::file_size::regular_size;
use super::in_flight::InFlight;
use super::progress::{Ending, Progress};
use super::request::Request;
use super::steps::Steps;
use crate::endpoint::Kind;
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::sys::uio::pread;

impl Request<'_> {
    /// Serves this request by `serve`, which does what the exact `mechanism` does, and makes sure that an end of the
    /// file is a true one.
    pub(super) fn run_to_a_true_end(
        &self,
        mechanism: Mechanism,
        steps: &mut Steps,
        in_flight: &mut InFlight,
        serve: impl Fn(&mut Steps, &mut InFlight) -> Progress,
    ) -> Progress {
        let first = serve(steps, in_flight);
        if !self.is_in_doubt(mechanism, &first) {
            return first;
        }
        match self.has_a_byte(mechanism, steps) {
            Ok(false) => return first,
            Ok(true) => {}
            Err(error) => return Progress::failed(0, error),
        }
        // The file may have grown between the two calls, as a log does. The mechanism then sees the byte as well.
        let second = serve(steps, in_flight);
        if !self.is_in_doubt(mechanism, &second) {
            return second;
        }
        let error = Error::new(mechanism.call(), Errno::ENODATA);
        steps.refused(mechanism, error);
        Progress::failed(0, error)
    }

    fn is_in_doubt(&self, mechanism: Mechanism, progress: &Progress) -> bool {
        progress.bytes == 0
            && progress.ending == Ending::EndOfFile
            && self.source.kind == Kind::File
            && mechanism != Mechanism::ReadWrite
    }

    fn has_a_byte(&self, mechanism: Mechanism, steps: &mut Steps) -> Result<bool, Error> {
        steps.called(mechanism);
        if regular_size(self.source.fd)
            .naming(SystemCall::Statx)?
            .is_none()
        {
            return Ok(false);
        }
        let at = position_of(&self.source, mechanism, steps)?;
        let at = i64::try_from(at)
            .map_err(|_| Errno::EOVERFLOW)
            .naming(SystemCall::Read)?;
        steps.called(mechanism);
        let read = pread(self.source.fd, &mut [0], at).naming(SystemCall::Read)?;
        Ok(read > 0)
    }
}
