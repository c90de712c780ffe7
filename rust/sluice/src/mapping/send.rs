//! `write(2)` out of a mapping: one copy by the CPU, from the page cache into the target, and no system call to map.
//!
//! Writing out of a mapping into an overlapping range of the same file is no `memmove`. There the bytes go through a
//! buffer, piece by piece in the safe direction.

use super::map::Mapping;
use crate::endpoint::{Endpoint, Kind, Offset};
use crate::error::{Error, Naming};
use crate::pooled::buffer::{Buffer, SIZE};
use crate::system_call::SystemCall;
use crate::transfer::backward_move::{Advance, BackwardMove, Ranges};
use crate::transfer::budget::{Budget, TRANSFER};
use crate::transfer::in_flight::InFlight;
use crate::transfer::same_file::{Files, files_of};
use crate::transfer::{Ending, Pace, Progress, Side};
use nix::errno::Errno;
use nix::libc::{self, c_void};
use nix::unistd::{Whence, lseek};
use std::os::fd::{AsRawFd, BorrowedFd};

impl Mapping {
    /// Writes up to `count` bytes from `offset` on to a target, for one turn. A descriptor that blocks is waited for,
    /// unless `pace` says otherwise. After [`Ending::Paused`] the same call for the rest, with the same `in_flight`,
    /// goes on. If the target is an overlapping range of the mapped file at a later place, no count is told before the
    /// last byte has moved.
    ///
    /// It fails with `EFAULT`: the file has been truncated before `offset`, or the mapping is retired; `EINVAL`: the
    /// bytes are not within the mapping; `EPIPE` and other errnos of the target. Source: `write(2)`.
    pub fn transfer(
        &self,
        offset: usize,
        count: usize,
        target: &Endpoint<'_>,
        pace: Pace,
        in_flight: &mut InFlight,
    ) -> Progress {
        let sent = match self.overlap(offset, count, target, in_flight) {
            Ok(None) => return self.write_pieces(offset, count, target, pace),
            Ok(Some((ranges, size))) => {
                self.send_to_itself(offset, ranges, size, target, in_flight)
            }
            Err(error) => Err(error),
        };
        match sent {
            Ok((bytes, ending)) => Progress { bytes, ending },
            Err(error) => Progress {
                bytes: 0,
                ending: Ending::of_failed_call(error, || None),
            },
        }
    }

    fn write_pieces(
        &self,
        offset: usize,
        count: usize,
        target: &Endpoint<'_>,
        pace: Pace,
    ) -> Progress {
        let mut budget = Budget::of(&TRANSFER);
        let mut bytes = 0;
        let ending = loop {
            if bytes == count {
                break Ending::Complete;
            }
            let piece = budget.piece_of((count - bytes) as u64);
            let length = usize::try_from(piece).unwrap_or(usize::MAX);
            match self.write_out(offset + bytes, length, &target.advanced(bytes as u64)) {
                Ok(0) => break Ending::EndOfFile,
                Ok(written) => {
                    bytes += written;
                    if written < length {
                        // The target is full, or a signal came, or the file was truncated: the next call tells which.
                        break match pace {
                            Pace::AtOnce => Ending::Short,
                            Pace::Throughout | Pace::Polled | Pace::Lingering => Ending::Paused,
                        };
                    }
                }
                Err(error) => {
                    break Ending::of_failed_call(error, || {
                        (target.kind != Kind::File).then_some(Side::Target)
                    });
                }
            }
            if bytes < count && budget.is_spent(piece) {
                break Ending::Paused;
            }
        };
        Progress {
            bytes: bytes as u64,
            ending,
        }
    }

    fn write_out(
        &self,
        offset: usize,
        length: usize,
        target: &Endpoint<'_>,
    ) -> Result<usize, Error> {
        self.pages(offset, length).naming(SystemCall::Write)?;
        let from: *const c_void = std::ptr::with_exposed_provenance(self.address() + offset);
        let fd = target.fd.as_raw_fd();
        let written = match target.offset.for_kernel().naming(SystemCall::Write)? {
            // SAFETY: the bytes lie in this mapping, and only the kernel reads them.
            Some(at) => unsafe { libc::pwrite(fd, from, length, at) },
            // SAFETY: as above.
            None => unsafe { libc::write(fd, from, length) },
        };
        let written = Errno::result(written).naming(SystemCall::Write)?;
        Ok(usize::try_from(written).unwrap_or(0))
    }

    /// The ranges of the mapped file that overlap, and its size.
    fn overlap(
        &self,
        offset: usize,
        length: usize,
        target: &Endpoint<'_>,
        in_flight: &mut InFlight,
    ) -> Result<Option<(Ranges, u64)>, Error> {
        let Some((identity, start)) = self.origin else {
            return Ok(None);
        };
        if target.kind != Kind::File {
            return Ok(None);
        }
        if in_flight.files == Files::Unseen {
            in_flight.files = files_of(identity, target, || {})?;
        }
        let Files::One { size, appends } = in_flight.files else {
            return Ok(None);
        };
        let ranges = Ranges {
            from: start.saturating_add(offset as u64),
            to: match target.offset {
                _ if appends => size,
                Offset::At(at) => at,
                Offset::Own => own_offset(target.fd)?,
            },
            count: length as u64,
        };
        Ok(ranges.overlap().then_some((ranges, size)))
    }

    fn send_to_itself(
        &self,
        offset: usize,
        ranges: Ranges,
        size: u64,
        target: &Endpoint<'_>,
        in_flight: &mut InFlight,
    ) -> Result<(u64, Ending), Error> {
        let end = offset + usize::try_from(ranges.count).unwrap_or(usize::MAX);
        self.pages(offset, end - offset).naming(SystemCall::Write)?;
        let mut budget = Budget::of(&TRANSFER);
        let mut is_due = || budget.is_spent(SIZE as u64);
        if ranges.to <= ranges.from {
            return self.send_forwards(offset..end, target, is_due);
        }
        let mut backwards = match in_flight.backward_move.take() {
            Some(begun) => begun,
            None => Box::new(BackwardMove::new(ranges, size)?),
        };
        let Ranges { from, to, .. } = backwards.ranges();
        let read = |at: u64, chunk: &mut [u8]| {
            let ahead = usize::try_from(at - from).unwrap_or(usize::MAX);
            self.read(offset.saturating_add(ahead), chunk)
        };
        match backwards.advance(target.fd, read, || {}, &mut is_due)? {
            Advance::Paused => {
                in_flight.backward_move = Some(backwards);
                Ok((0, Ending::Paused))
            }
            Advance::Done(bytes) => {
                if target.offset == Offset::Own {
                    let end = i64::try_from(to + bytes).map_err(|_| Errno::EOVERFLOW);
                    end.and_then(|end| lseek(target.fd, end, Whence::SeekSet))
                        .naming(SystemCall::Lseek)?;
                }
                Ok((bytes, Ending::Complete))
            }
        }
    }

    /// To an earlier place, from the beginning: bytes are read before they are overwritten.
    fn send_forwards(
        &self,
        range: std::ops::Range<usize>,
        target: &Endpoint<'_>,
        mut is_due: impl FnMut() -> bool,
    ) -> Result<(u64, Ending), Error> {
        let mut buffer = Buffer::take()?;
        let mut at = range.start;
        loop {
            let moved = (at - range.start) as u64;
            if at == range.end {
                return Ok((moved, Ending::Complete));
            }
            if moved > 0 && is_due() {
                return Ok((moved, Ending::Paused));
            }
            let chunk = buffer.first((range.end - at) as u64);
            let stored = self.read(at, chunk).and_then(|filled| {
                let target = target.advanced(moved);
                target.write(&chunk[..filled])
            });
            match stored {
                Ok(stored) if stored > 0 => at += stored,
                // The next call for the rest tells why.
                _ if moved > 0 => return Ok((moved, Ending::Paused)),
                Ok(_) => return Err(Error::stuck(SystemCall::Write)),
                Err(error) => return Err(error),
            }
        }
    }
}

fn own_offset(file: BorrowedFd<'_>) -> Result<u64, Error> {
    let at = lseek(file, 0, Whence::SeekCur).naming(SystemCall::Lseek)?;
    Ok(u64::try_from(at).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::{MapRequest, Protection};
    use super::*;
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::fd::AsFd;

    fn mapped(file: &File, length: usize) -> Mapping {
        let how = MapRequest {
            offset: 0,
            length,
            protection: Protection::ReadOnly,
            populate: false,
            no_reserve: false,
            synchronous: false,
        };
        Mapping::map(file.as_fd(), how).expect("mapped")
    }

    #[test]
    fn bytes_go_to_a_place_in_a_file_and_those_of_a_truncated_one_are_an_error() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&[7; 10_000]).expect("written");
        let mapping = mapped(&file, 10_000);
        let mut target = tempfile::tempfile().expect("a file");
        let send = |offset, length, to: Endpoint<'_>| {
            mapping.transfer(
                offset,
                length,
                &to,
                Pace::Throughout,
                &mut InFlight::default(),
            )
        };
        let at_3 = Endpoint::file_at(target.as_fd(), 3);
        assert_eq!(send(10, 5_000, at_3).bytes, 5_000);
        assert_eq!(send(0, 2, Endpoint::file(target.as_fd())).bytes, 2);
        let mut now = Vec::new();
        target.read_to_end(&mut now).expect("read");
        assert_eq!(now.len(), 5_001);
        file.set_len(0).expect("truncated");
        let call = SystemCall::Write;
        let errno = Errno::EFAULT;
        let ending = Ending::Failed(Error { call, errno });
        let to = Endpoint::file(target.as_fd());
        let in_flight = &mut InFlight::default();
        assert_eq!(
            mapping
                .transfer(0, 10, &to, Pace::Throughout, in_flight)
                .ending,
            ending
        );
    }
}
