//! `write(2)` out of a mapping: one copy by the CPU, from the page cache into the target, and no system call to map.

use super::Mapping;
use crate::endpoint::{Endpoint, Kind, Offset};
use crate::error::{Call, Error, Naming};
use crate::transfer::budget::{Budget, TRANSFER};
use crate::transfer::{Ending, Pace, Progress, Side};
use nix::errno::Errno;
use nix::libc::{self, c_void, off_t};
use std::os::fd::{AsRawFd, BorrowedFd};

impl Mapping {
    /// Writes up to `count` bytes to `target` for one turn: what has been written, and why it is not more. A descriptor that
    /// blocks is waited for, unless `pace` says otherwise.
    pub fn transfer(
        &self,
        offset: usize,
        count: usize,
        target: &Endpoint<'_>,
        pace: Pace,
    ) -> Progress {
        let mut budget = Budget::of(&TRANSFER);
        let mut bytes = 0;
        let ending = loop {
            let left = (count - bytes) as u64;
            if left == 0 {
                break Ending::Complete;
            }
            let piece = usize::try_from(budget.piece_of(left)).unwrap_or(usize::MAX);
            let to = target.advanced(bytes as u64);
            let position = match to.offset {
                Offset::At(at) => Some(at),
                Offset::Own => None,
            };
            match self.send(offset + bytes, piece, to.fd, position) {
                Ok(0) => break Ending::EndOfFile,
                Ok(sent) => {
                    bytes += sent;
                    if sent < piece {
                        // The target is full, or a signal came, or the file was truncated, which the next call says.
                        break match pace {
                            Pace::AtOnce => Ending::Short,
                            Pace::Throughout | Pace::Polled => Ending::Paused,
                        };
                    }
                }
                Err(error) => {
                    break Ending::of_failed_call(error, || {
                        (to.kind != Kind::File).then_some(Side::Target)
                    });
                }
            }
            if budget.is_spent(piece as u64) {
                break if bytes == count {
                    Ending::Complete
                } else {
                    Ending::Paused
                };
            }
        };
        Progress {
            bytes: bytes as u64,
            ending,
        }
    }

    /// Writes bytes to a descriptor by one call: how many, fewer where the target takes no more or the file has been
    /// truncated behind them.
    ///
    /// `position` is a file offset in the target; without one, its own is used.
    ///
    /// # Errors
    /// `EFAULT`: the file has been truncated before `offset`, or the mapping is retired; `EAGAIN`, `EINTR`, `EPIPE` and
    /// what else a target answers; `EINVAL`: not within the mapping. Source: `write(2)`.
    pub fn send(
        &self,
        offset: usize,
        length: usize,
        target: BorrowedFd<'_>,
        position: Option<u64>,
    ) -> Result<usize, Error> {
        self.pages(offset, length).naming(Call::Write)?;
        let from: *const c_void = std::ptr::with_exposed_provenance(self.address() + offset);
        let fd = target.as_raw_fd();
        let written = match position {
            Some(at) => {
                let at = off_t::try_from(at).map_err(|_| Error {
                    call: Call::Write,
                    errno: Errno::EOVERFLOW,
                })?;
                // SAFETY: the bytes lie in this mapping, and only the kernel reads them.
                unsafe { libc::pwrite(fd, from, length, at) }
            }
            // SAFETY: as above.
            None => unsafe { libc::write(fd, from, length) },
        };
        let written = Errno::result(written).naming(Call::Write)?;
        Ok(usize::try_from(written).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Mapped, Protection};
    use super::*;
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::fd::AsFd;

    fn mapped(file: &File, length: usize) -> Mapping {
        let how = Mapped {
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
        assert_eq!(mapping.send(10, 5_000, target.as_fd(), Some(3)), Ok(5_000));
        assert_eq!(mapping.send(0, 2, target.as_fd(), None), Ok(2));
        let mut now = Vec::new();
        target.read_to_end(&mut now).expect("read");
        assert_eq!(now.len(), 5_001);
        file.set_len(0).expect("truncated");
        let errno = mapping
            .send(0, 10, target.as_fd(), None)
            .map_err(|e| e.errno);
        assert_eq!(errno, Err(Errno::EFAULT));
    }
}
