//! What happened in a transfer: bytes, system calls and refusals by mechanism.

use crate::error::Error;
use crate::mechanism::Mechanism;
use std::mem::offset_of;

/// What one mechanism did in a transfer.
///
/// ```
/// use sluice::{Mechanism, Step, Steps};
///
/// let steps = Steps::default();
/// assert_eq!(steps.of(Mechanism::Sendfile), &Step::default());
/// assert_eq!(Step::LAYOUT[1], ("calls", 8));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Step {
    /// Bytes that reached the target.
    pub bytes: u64,
    /// System calls that were made, the refused ones included.
    pub calls: u64,
    /// The errno of its last refusal, or 0.
    pub refused_errno: u32,
    /// The number of the refused [`SystemCall`](crate::SystemCall), or 0.
    pub refused_call: u32,
}

/// What happened in a transfer. The layout is part of the boundary with other languages.
///
/// ```
/// use sluice::{Endpoint, Mechanism, Pace, Request, Steps};
/// use std::io::Write;
/// use std::os::fd::AsFd;
///
/// let (mut source, target) = (tempfile::tempfile()?, tempfile::tempfile()?);
/// source.write_all(b"some bytes")?;
/// let request = Request {
///     source: Endpoint::file_at(source.as_fd(), 0),
///     target: Endpoint::file_at(target.as_fd(), 0),
///     count: 10,
///     pace: Pace::Throughout,
/// };
/// let mut steps = Steps::default();
/// // It writes at the target's own offset only.
/// request.run(Mechanism::Sendfile, &mut steps);
/// let step = steps.of(Mechanism::Sendfile);
/// assert_eq!((step.bytes, step.refused_errno), (0, nix::libc::EINVAL as u32));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Steps {
    /// By the mechanism's number.
    pub by_mechanism: [Step; Mechanism::COUNT],
    /// Bytes that were taken from a source which cannot be read twice, and that the target then did not take. They are
    /// lost, so that the transfer did not go well: a caller has to report a value above 0.
    pub stranded: u64,
}

impl Step {
    /// Where its fields lie, in bytes from its beginning, and how long it is: what other languages have to know.
    pub const LAYOUT: &[(&str, usize)] = &[
        ("bytes", offset_of!(Step, bytes)),
        ("calls", offset_of!(Step, calls)),
        ("refused_errno", offset_of!(Step, refused_errno)),
        ("refused_call", offset_of!(Step, refused_call)),
        ("size", size_of::<Step>()),
    ];
}

impl Steps {
    /// Where its fields lie, in bytes from its beginning, and how long it is: what other languages have to know.
    pub const LAYOUT: &[(&str, usize)] = &[
        ("by_mechanism", offset_of!(Steps, by_mechanism)),
        ("stranded", offset_of!(Steps, stranded)),
        ("size", size_of::<Steps>()),
    ];

    /// What `mechanism` did.
    #[must_use]
    pub fn of(&self, mechanism: Mechanism) -> &Step {
        &self.by_mechanism[mechanism as usize]
    }

    /// All system calls.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.by_mechanism.iter().map(|step| step.calls).sum()
    }

    /// Adds what happened elsewhere. Of two refusals of one mechanism the other's is the later one.
    pub fn add(&mut self, other: &Steps) {
        for (step, other) in self.by_mechanism.iter_mut().zip(&other.by_mechanism) {
            step.bytes = step.bytes.wrapping_add(other.bytes);
            step.calls += other.calls;
            if other.refused_call != 0 {
                (step.refused_errno, step.refused_call) = (other.refused_errno, other.refused_call);
            }
        }
        self.stranded += other.stranded;
    }

    pub(crate) fn called(&mut self, mechanism: Mechanism) {
        self.by_mechanism[mechanism as usize].calls += 1;
    }

    pub(crate) fn moved(&mut self, mechanism: Mechanism, bytes: u64) {
        let step = &mut self.by_mechanism[mechanism as usize];
        step.bytes = step.bytes.wrapping_add(bytes);
    }

    /// Counts bytes that `by` moved within a call of `of`: they are bytes of `by`.
    pub(crate) fn moved_instead(&mut self, of: Mechanism, by: Mechanism, bytes: u64) {
        self.by_mechanism[by as usize].bytes += bytes;
        // When `of` is done, all bytes of the call are added to it.
        let step = &mut self.by_mechanism[of as usize];
        step.bytes = step.bytes.wrapping_sub(bytes);
    }

    pub(crate) fn refused(&mut self, mechanism: Mechanism, error: Error) {
        let step = &mut self.by_mechanism[mechanism as usize];
        step.refused_errno = error.number().unsigned_abs();
        step.refused_call = error.call as u32;
    }
}
