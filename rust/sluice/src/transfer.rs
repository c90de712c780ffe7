//! A request, its outcome, and the ladder that [`Mechanism::Auto`] walks.

mod read_write;
mod sendfile;

use crate::endpoint::{Endpoint, Kind};
use crate::error::{Call, Error};
use crate::mechanism::Mechanism;
use crate::tally::Tally;

/// The most bytes that one `read`, `write`, `sendfile` or `copy_file_range` moves (`MAX_RW_COUNT`, see `read(2)`).
const KERNEL_CAP: u64 = 0x7fff_f000;

/// Whether bytes of a stream are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Goes on until the count is reached or the stream ends: what a blocking channel wants.
    Throughout,
    /// Returns after the first call that gave less than was asked for: what a channel in non-blocking mode wants. It
    /// saves the call that would only say `EAGAIN`.
    AtOnce,
}

/// Bytes to be moved from a source to a target.
#[derive(Debug, Clone, Copy)]
pub struct Request<'fd> {
    /// Where the bytes come from.
    pub source: Endpoint<'fd>,
    /// Where they go.
    pub target: Endpoint<'fd>,
    /// How many, in bytes.
    pub count: u64,
    /// Whether more bytes of a stream are waited for.
    pub pace: Pace,
}

/// Why a transfer moved no more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The count was reached.
    Complete,
    /// A call moved fewer bytes than it was asked to: the file ends there, or the target is full, or a signal came. The
    /// next request for the rest tells which; whoever sends signals to wake its threads first looks at its own state.
    Short,
    /// The source has no more bytes: the end of a file, or a peer that has finished.
    EndOfFile,
    /// A call failed. `EAGAIN`: it would have to wait. `EINTR`: a signal came while it waited, before any byte of that
    /// call had moved; whoever sends signals to wake its threads looks at its own state and asks again.
    Failed(Error),
}

/// What a transfer has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that reached the target, at most the count.
    pub bytes: u64,
    /// Why they are not more.
    pub ending: Ending,
}

/// The order in which [`Mechanism::Auto`] tries, by the kinds of source and target.
///
/// | source | target | first | why |
/// |---|---|---|---|
/// | file | anything | sendfile | one call, no copy through user space; a socket gets references to the pages |
/// | socket, pipe | anything | read + write | through 256 KiB: 2.3 GB/s into a file where 8 KiB reach 0.75 |
const LADDER: &[(Kind, &[Mechanism])] = &[
    (Kind::File, &[Mechanism::Sendfile, Mechanism::ReadWrite]),
    (Kind::Socket, &[Mechanism::ReadWrite]),
    (Kind::Pipe, &[Mechanism::ReadWrite]),
];

impl Request<'_> {
    /// Moves the bytes by `mechanism` and adds what happened to `tally`.
    ///
    /// An exact mechanism does its own system calls and no other; its refusal is the [`Ending::Failed`] it returns.
    /// [`Mechanism::Auto`] goes one rung down at a refusal, for the bytes that have not been moved yet.
    pub fn run(&self, mechanism: Mechanism, tally: &mut Tally) -> Progress {
        if self.count == 0 {
            return Progress {
                bytes: 0,
                ending: Ending::Complete,
            };
        }
        match mechanism {
            Mechanism::Auto => self.walk(tally),
            exact => self.run_exact(exact, tally),
        }
    }

    fn walk(&self, tally: &mut Tally) -> Progress {
        let rungs = LADDER
            .iter()
            .find(|(source, _)| *source == self.source.kind)
            .map_or(&[Mechanism::ReadWrite][..], |(_, rungs)| rungs);
        let mut bytes = 0;
        let mut rest = *self;
        for (index, rung) in rungs.iter().enumerate() {
            let progress = rest.run_exact(*rung, tally);
            bytes += progress.bytes;
            let is_last = index + 1 == rungs.len();
            match progress.ending {
                Ending::Failed(error) if error.is_refusal() && !is_last => {
                    rest = rest.after(progress.bytes);
                }
                ending => return Progress { bytes, ending },
            }
        }
        Progress {
            bytes,
            ending: Ending::Complete,
        }
    }

    fn run_exact(&self, mechanism: Mechanism, tally: &mut Tally) -> Progress {
        let progress = match mechanism {
            Mechanism::Auto | Mechanism::ReadWrite => read_write::run(self, tally),
            Mechanism::Sendfile => sendfile::run(self, tally),
        };
        tally.moved(mechanism, progress.bytes);
        match progress.ending {
            Ending::Failed(error) if error.is_refusal() => tally.refused(mechanism, error),
            _ => {}
        }
        progress
    }

    /// Calls `once` with the bytes moved so far and the bytes to ask for, until the request is done or a call is short.
    ///
    /// For the mechanisms whose one system call moves bytes from end to end, so that a call that fails has moved none.
    fn repeat(
        &self,
        mechanism: Mechanism,
        call: Call,
        tally: &mut Tally,
        mut once: impl FnMut(u64, usize) -> nix::Result<usize>,
    ) -> Progress {
        let mut bytes = 0;
        let ending = loop {
            let asked = (self.count - bytes).min(KERNEL_CAP);
            tally.called(mechanism);
            let moved = match once(bytes, usize::try_from(asked).unwrap_or(usize::MAX)) {
                Ok(0) => break Ending::EndOfFile,
                Ok(moved) => moved as u64,
                Err(errno) => break Ending::Failed(Error { call, errno }),
            };
            bytes += moved;
            if bytes == self.count {
                break Ending::Complete;
            }
            if moved < asked {
                break Ending::Short;
            }
        };
        Progress { bytes, ending }
    }

    /// The request that is left when `bytes` of this one are done.
    fn after(&self, bytes: u64) -> Self {
        Request {
            source: Endpoint {
                offset: self.source.offset.advanced(bytes),
                ..self.source
            },
            target: Endpoint {
                offset: self.target.offset.advanced(bytes),
                ..self.target
            },
            count: self.count - bytes,
            pace: self.pace,
        }
    }
}
