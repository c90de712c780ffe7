//! Ranges of one file that overlap: `read` + `write` in the safe direction serves them, and nothing else.
//!
//! Writing to a file out of a mapping of that file, or out of references to its pages (`sendfile`), is no `memmove`:
//! the result depends on the processor's copy instruction and on where the kernel cuts. Two descriptors may name one
//! file by a hard link or through another mount as well, so that only `fstat(2)` tells.
//!
//! Between two files those two calls would be a third of a transfer of 4 KiB. They are spared where the mechanism
//! itself cannot go wrong:
//!
//! | mechanism | why |
//! |---|---|
//! | `copy_file_range` | since Linux 5.3 the kernel refuses a call whose ranges overlap before a byte moves |
//! | `read` + `write` of one buffer | all bytes are read before one is written |
//! | `FICLONERANGE` | one call, which refuses an overlap |
//! | `splice`, and `sendfile` to an offset that is given | serve no two files |
//!
//! Bytes that the transfer appends to its own source are not transferred again: the source ends where it ended at the start.
//!
//! Source: `generic_copy_file_checks` in the kernel's `fs/read_write.c`, `copy_file_range(2)`.

use super::backward_move::{Advance, BackwardMove, Ranges};
use super::file_position::{advance_position, position_of};
use super::in_flight::InFlight;
use super::progress::{Ending, Progress};
use super::request::Request;
use super::same_file::{Files, Identity, files_of};
use super::steps::Steps;
use crate::endpoint::{Endpoint, Kind, Offset};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::SIZE;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::sys::stat::fstat;
use nix::sys::utsname::uname;
use std::sync::OnceLock;

/// Up to this many bytes a transfer between files is one call, so that the kernel sees the whole ranges. Beyond, moving
/// takes a hundred times as long as looking.
const ONE_CALL: u64 = 1 << 20;

/// Serves a request by `serve`, which does what `mechanism` does. If that would overwrite bytes before they are read,
/// the request is served in the safe direction or refused.
pub(super) fn run(
    request: &Request<'_>,
    mechanism: Mechanism,
    steps: &mut Steps,
    in_flight: &mut InFlight,
    serve: impl FnOnce(&Request<'_>, &mut Steps, &mut InFlight) -> Progress,
) -> Progress {
    if (request.source.kind, request.target.kind) != (Kind::File, Kind::File) {
        return serve(request, steps, in_flight);
    }
    if in_flight.backward_move.is_some() {
        return go_backwards(request, steps, in_flight);
    }
    // The rest of a transfer whose earlier turns have seen one file may be small. But the file has grown by those turns.
    let is_one = matches!(in_flight.files, Files::One { .. });
    if !is_one && cannot_go_wrong(request, mechanism) {
        let progress = serve(request, steps, in_flight);
        return if progress.ending == Ending::Short {
            Progress {
                ending: ending_of_short(request, progress.bytes, mechanism, steps),
                ..progress
            }
        } else {
            progress
        };
    }
    let (ranges, size) = match ranges(request, mechanism, steps, in_flight) {
        Ok(Some(found)) => found,
        Ok(None) => return serve(request, steps, in_flight),
        Err(error) => return Progress::failed(0, error),
    };
    let clipped = Request {
        count: ranges.count,
        ..*request
    };
    let is_forward = ranges.to <= ranges.from;
    let progress = match mechanism {
        _ if !ranges.overlap() => serve(&clipped, steps, in_flight),
        Mechanism::Auto | Mechanism::ReadWrite if is_forward => serve(&clipped, steps, in_flight),
        // The option cannot be kept by the calls of a backward move.
        Mechanism::Auto | Mechanism::ReadWrite if request.is_uncached() => {
            Progress::refused(SystemCall::Write, Errno::EOPNOTSUPP)
        }
        Mechanism::Auto | Mechanism::ReadWrite => match BackwardMove::new(ranges, size) {
            Ok(begun) => {
                in_flight.backward_move = Some(Box::new(begun));
                go_backwards(request, steps, in_flight)
            }
            Err(error) => Progress::failed(0, error),
        },
        exact => Progress::refused(exact.call(), Errno::EINVAL),
    };
    if progress.ending == Ending::Complete && progress.bytes < request.count {
        let ending = Ending::EndOfFile;
        return Progress { ending, ..progress };
    }
    progress
}

/// Whether `mechanism` cannot go wrong: see the table above.
fn cannot_go_wrong(request: &Request<'_>, mechanism: Mechanism) -> bool {
    match mechanism {
        Mechanism::CopyFileRange => request.count <= ONE_CALL && kernel_refuses_overlap(),
        Mechanism::Auto | Mechanism::ReadWrite => request.count <= SIZE as u64,
        Mechanism::Reflink | Mechanism::Splice => true,
        // sendfile refuses a target that is not written at its own offset.
        Mechanism::Sendfile => request.target.offset != Offset::Own,
        // For every other mechanism the two files are looked at first.
        _ => false,
    }
}

/// Whether the kernel is Linux 5.3 or newer. Older kernels copied what `copy_file_range` had just written.
fn kernel_refuses_overlap() -> bool {
    static SINCE_5_3: OnceLock<bool> = OnceLock::new();
    *SINCE_5_3.get_or_init(|| {
        uname().is_ok_and(|name| {
            let release = name.release().to_str().unwrap_or_default();
            let mut numbers = release.split(|c: char| !c.is_ascii_digit());
            let mut next = || numbers.next().and_then(|number| number.parse().ok());
            (next(), next()) >= (Some(5), Some(3))
        })
    })
}

/// The ranges, clipped to the size at the start, and that size. `None` if there are no bytes in them, or the files are
/// two.
fn ranges(
    request: &Request<'_>,
    mechanism: Mechanism,
    steps: &mut Steps,
    in_flight: &mut InFlight,
) -> Result<Option<(Ranges, u64)>, Error> {
    if in_flight.files == Files::Unseen {
        in_flight.files = files(&request.source, &request.target, mechanism, steps)?;
    }
    let Files::One { size, appends } = in_flight.files else {
        return Ok(None);
    };
    let from = position_of(&request.source, mechanism, steps)?;
    let to = if appends {
        size
    } else {
        position_of(&request.target, mechanism, steps)?
    };
    let count = request.count.min(size.saturating_sub(from));
    let ranges = Ranges { from, to, count };
    Ok((count > 0).then_some((ranges, size)))
}

fn files(
    source: &Endpoint<'_>,
    target: &Endpoint<'_>,
    mechanism: Mechanism,
    steps: &mut Steps,
) -> Result<Files, Error> {
    steps.called(mechanism);
    match Identity::of(&fstat(source.fd).naming(SystemCall::Statx)?) {
        Some(identity) => files_of(identity, target, || steps.called(mechanism)),
        None => Ok(Files::Two),
    }
}

/// What a short call means if it is not known whether the two files are one. The source has ended, or all its further
/// bytes may be those that were just appended to it, which are not transferred again.
fn ending_of_short(
    request: &Request<'_>,
    bytes: u64,
    mechanism: Mechanism,
    steps: &mut Steps,
) -> Ending {
    let rest = request.after(bytes);
    let mut ended = || -> Result<bool, Error> {
        steps.called(mechanism);
        let stat = fstat(rest.source.fd).naming(SystemCall::Statx)?;
        let size = u64::try_from(stat.st_size).unwrap_or(0);
        let Some(identity @ Identity::File(..)) = Identity::of(&stat) else {
            return Ok(false);
        };
        if size == 0 {
            return Ok(false);
        }
        let at = position_of(&rest.source, mechanism, steps)?;
        if at >= size {
            return Ok(true);
        }
        let written_to = position_of(&rest.target, mechanism, steps)?;
        if written_to < size || written_to <= at {
            return Ok(false);
        }
        steps.called(mechanism);
        let target = fstat(rest.target.fd).naming(SystemCall::Statx)?;
        Ok(Identity::of(&target) == Some(identity))
    };
    match ended() {
        Ok(true) => Ending::EndOfFile,
        _ => Ending::Short,
    }
}

/// Goes on with the move that `in_flight` holds. No count is told before all has moved.
fn go_backwards(request: &Request<'_>, steps: &mut Steps, in_flight: &mut InFlight) -> Progress {
    const SELF: Mechanism = Mechanism::ReadWrite;
    let Some(backwards) = in_flight.backward_move.as_mut() else {
        return Progress::failed(0, Error::stuck(SystemCall::Write));
    };
    let Ranges { from, to, .. } = backwards.ranges();
    let mut budget = request.budget();
    let mut calls = 0;
    let advance = backwards.advance(
        request.target.fd,
        |at, chunk| Endpoint::file_at(request.source.fd, at).read(chunk),
        || calls += 1,
        || budget.is_spent(SIZE as u64),
    );
    (0..calls).for_each(|_| steps.called(SELF));
    let moved = match advance {
        Ok(Advance::Paused) => {
            return Progress {
                bytes: 0,
                ending: Ending::Paused,
            };
        }
        Ok(Advance::Done(bytes)) => Ok(bytes),
        Err(error) => Err(error),
    };
    in_flight.backward_move = None;
    let done = moved.and_then(|bytes| {
        advance_position(&request.source, from, bytes, SELF, steps)?;
        advance_position(&request.target, to, bytes, SELF, steps)?;
        Ok(bytes)
    });
    match done {
        Ok(bytes) => Progress {
            bytes,
            ending: if bytes == request.count {
                Ending::Complete
            } else {
                Ending::EndOfFile
            },
        },
        Err(error) => Progress::failed(0, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::Pace;
    use std::io::Write;
    use std::os::fd::AsFd;

    /// As after a turn that has appended 1,000 bytes of a file of 1,500 to it.
    #[test]
    fn a_small_rest_ends_where_the_file_ended_before_its_own_bytes_were_appended() {
        for mechanism in [
            Mechanism::Auto,
            Mechanism::CopyFileRange,
            Mechanism::ReadWrite,
        ] {
            let mut file = tempfile::tempfile().expect("a file");
            file.write_all(&[7; 2_500]).expect("written");
            let request = Request {
                source: Endpoint::file_at(file.as_fd(), 1_000),
                target: Endpoint::file_at(file.as_fd(), 2_500),
                count: 600,
                pace: Pace::Throughout,
            };
            let mut in_flight = InFlight::default();
            in_flight.files = Files::One {
                size: 1_500,
                appends: false,
            };
            let progress = request.resume(mechanism, &mut Steps::default(), &mut in_flight);
            assert_eq!(
                (progress.bytes, progress.ending),
                (500, Ending::EndOfFile),
                "{mechanism:?}"
            );
            assert_eq!(file.metadata().expect("its size").len(), 3_000);
        }
    }
}
