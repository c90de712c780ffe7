//! How a request is served: by one mechanism, or down the ladder.

use super::in_flight::InFlight;
use super::mechanism::{
    copy_file_range, direct_io, mmap_write, read_write, reflink, sendfile, splice,
};
use super::progress::{Ending, Progress, Side};
use super::request::{Pace, Request};
use super::steps::Steps;
use super::{ladder, overlap, refusals};
use crate::endpoint::Kind;
use crate::error::Error;
use crate::mechanism::Mechanism;
use crate::pooled::callers_pipe::{fills_usual_pipe, widen};
use nix::poll::PollFlags;

impl Request<'_> {
    /// Moves the bytes by `mechanism`, and adds what happened to `steps`. It waits for a side that is not ready, unless
    /// the descriptor is non-blocking.
    ///
    /// An exact mechanism makes its own system calls and no other; its refusal is the [`Ending::Failed`] of the answer.
    /// [`Mechanism::Auto`] goes one rung down at a refusal, with the bytes that have not been moved yet. Bytes that
    /// were taken from a stream and that the target did not take are counted in [`Steps::stranded`].
    pub fn run(&self, mechanism: Mechanism, steps: &mut Steps) -> Progress {
        let mut in_flight = InFlight::default();
        self.widen_pipes(mechanism, steps);
        let mut bytes = 0;
        let ending = loop {
            let progress = self.after(bytes).resume(mechanism, steps, &mut in_flight);
            bytes += progress.bytes;
            if bytes > 0 {
                in_flight.continue_transfer();
            }
            match progress.ending {
                Ending::Paused => {}
                Ending::WouldBlock(side) if self.may_await(side) => {
                    // A signal is no reason to stop.
                    _ = match side {
                        Side::Source => self.source.await_ready(PollFlags::POLLIN),
                        Side::Target => self.target.await_ready(PollFlags::POLLOUT),
                    };
                }
                ending => break ending,
            }
        };
        steps.stranded += in_flight.held();
        Progress { bytes, ending }
    }

    fn may_await(&self, side: Side) -> bool {
        let end = match side {
            Side::Source => &self.source,
            Side::Target => &self.target,
        };
        self.pace == Pace::Throughout && !end.is_non_blocking()
    }

    /// As [`Request::run`], but for one turn, and without waiting between calls. Bytes that an earlier call for the
    /// same pair has left in `in_flight` go to the target first, and bytes that this call leaves stay there. The count
    /// is that of the whole transfer, less the bytes that have been moved.
    ///
    /// # Panics
    /// If a mechanism says that it has moved more bytes than the count, which none does.
    pub fn resume(
        &self,
        mechanism: Mechanism,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Progress {
        if self.count == 0 {
            return Progress {
                bytes: 0,
                ending: Ending::Complete,
            };
        }
        let progress = match mechanism {
            // A backward move can tell no count before it is complete, so that no other rung can go on with it.
            _ if in_flight.backward_move.is_some() => {
                self.run_exact(Mechanism::ReadWrite, steps, in_flight)
            }
            Mechanism::Auto => self.walk(steps, in_flight),
            exact => match self.probe(exact, steps, in_flight) {
                Ok(()) => self.run_to_a_true_end(exact, steps, in_flight, |steps, in_flight| {
                    self.run_exact(exact, steps, in_flight)
                }),
                Err(error) => {
                    steps.refused(exact, error);
                    Progress::failed(0, error)
                }
            },
        };
        assert!(progress.bytes <= self.count, "more was moved than asked");
        Progress {
            ending: self.judged(progress, in_flight),
            ..progress
        }
    }

    /// Asks whether a target takes bytes by `exact` at all, where bytes would have left their source before it is known.
    fn probe(
        &self,
        exact: Mechanism,
        steps: &mut Steps,
        in_flight: &InFlight,
    ) -> Result<(), Error> {
        match exact {
            // Bytes in flight have left the socket already: a probe of the file would come too late.
            Mechanism::Splice if !in_flight.is_needed() => splice::probe(self, steps),
            _ => Ok(()),
        }
    }

    /// The mechanism that is tried first.
    pub(super) fn first(&self, mechanism: Mechanism) -> Mechanism {
        match mechanism {
            Mechanism::Auto => ladder::rungs(self)[0],
            exact => exact,
        }
    }

    /// Widens the caller's pipes if the request would fill them. It is called once for each transfer, before the first
    /// [`Request::resume`]. The system calls are added to `steps` as those of the mechanism that is tried first.
    pub fn widen_pipes(&self, mechanism: Mechanism, steps: &mut Steps) {
        if !fills_usual_pipe(self.count) || self.pace == Pace::AtOnce {
            return;
        }
        let first = self.first(mechanism);
        for end in [&self.source, &self.target] {
            if end.kind == Kind::Pipe {
                widen(end.fd, || steps.called(first));
            }
        }
    }

    fn walk(&self, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
        let known = refusals::Known::of(self);
        let mut met = refusals::Met::default();
        let mut bytes = 0;
        let mut rest = *self;
        let mut rungs = ladder::rungs(self)
            .iter()
            .copied()
            .filter(|rung| !known.refuses(*rung))
            .peekable();
        while let Some(rung) = rungs.next() {
            let progress = rest.run_exact(rung, steps, in_flight);
            bytes += progress.bytes;
            met.note(self, &known, rung, &progress);
            let is_last = rungs.peek().is_none();
            match progress.ending {
                Ending::Failed(error) if self.is_refusal(error) && !is_last => {}
                // A first answer of 0 may come from a file whose size the kernel does not know, as in procfs: only
                // `read(2)` knows its end.
                Ending::EndOfFile if bytes == 0 && self.source.kind == Kind::File && !is_last => {
                    while rungs
                        .next_if(|rung| *rung != Mechanism::ReadWrite)
                        .is_some()
                    {}
                }
                ending => return Progress { bytes, ending },
            }
            rest = rest.after(progress.bytes);
            if rest.count == 0 {
                break;
            }
            if bytes > 0 {
                in_flight.continue_transfer();
            }
        }
        Progress {
            bytes,
            ending: Ending::Complete,
        }
    }

    fn run_exact(
        &self,
        mechanism: Mechanism,
        steps: &mut Steps,
        in_flight: &mut InFlight,
    ) -> Progress {
        let serve =
            |request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight| match mechanism {
                Mechanism::Auto | Mechanism::ReadWrite => {
                    read_write::run(request, steps, in_flight)
                }
                Mechanism::MmapWrite => mmap_write::run(request, steps),
                Mechanism::Sendfile => sendfile::run(request, steps),
                Mechanism::Splice => splice::run(request, steps, in_flight),
                Mechanism::CopyFileRange => copy_file_range::run(request, steps),
                Mechanism::Reflink => reflink::run(request, steps),
                Mechanism::DirectIo => direct_io::run(request, in_flight.has_moved(0), steps),
            };
        let progress = overlap::run(self, mechanism, steps, in_flight, serve);
        steps.moved(mechanism, progress.bytes);
        match progress.ending {
            Ending::Failed(error) if self.is_refusal(error) => steps.refused(mechanism, error),
            _ => {}
        }
        progress
    }
}
