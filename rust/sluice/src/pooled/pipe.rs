//! Pooled pipes: what bytes are spliced through. A pipe that may hold bytes is never given back.

use super::pipe_budget::{self, Reserved};
use super::pool::Pool;
use crate::error::{Error, Naming};
use crate::page_size::page_size;
use crate::second_descriptor::{close_there, is_second};
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::unistd::pipe2;
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

/// The capacities that are asked for, in bytes, the widest that the budget and the user's limits let us have. The last is
/// that of a usual pipe: with less, splicing is slower than `read` + `write`.
const CAPACITIES: [u32; 3] = [1 << 20, 1 << 18, 1 << 16];

/// How many are kept: idle ones count in the user's quota as well.
const KEPT: usize = 4;

/// One for the process's descriptor table and one for the second, see [`crate::second_descriptor`].
static POOLS: [Pool<Pipe>; 2] = [const { Pool::new(KEPT) }; 2];

fn pool() -> &'static Pool<Pipe> {
    &POOLS[usize::from(is_second())]
}

/// An empty pipe. It is used by threads of the descriptor table that it was made in.
#[derive(Debug)]
pub(crate) struct Pipe {
    reader: ManuallyDrop<OwnedFd>,
    writer: ManuallyDrop<OwnedFd>,
    is_second: bool,
    capacity: usize,
    /// None of a pipe of one page.
    reserved: Option<Reserved>,
}

impl Pipe {
    /// A pooled pipe, or a new one within the budget, of 64 KiB at least.
    ///
    /// # Errors
    /// `EMFILE`, `ENFILE`: no descriptors are left; `EDQUOT`, which `pipe2(2)` itself never answers: no pages are.
    pub(crate) fn take() -> Result<Pipe, Error> {
        if let Some(pipe) = pool().take() {
            return Ok(pipe);
        }
        let refused = Error {
            call: SystemCall::Pipe,
            errno: Errno::EDQUOT,
        };
        let (wanted, mut reserved) = Reserved::take(&CAPACITIES).ok_or(refused)?;
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC).naming(SystemCall::Pipe)?;
        let capacity = CAPACITIES
            .iter()
            .filter(|capacity| **capacity <= wanted)
            .find_map(|capacity| resize(&writer, *capacity).ok());
        let Some(capacity) = capacity else {
            pipe_budget::was_refused();
            return Err(refused);
        };
        reserved.becomes(capacity);
        Ok(Pipe::of(reader, writer, capacity, Some(reserved)))
    }

    fn of(reader: OwnedFd, writer: OwnedFd, capacity: usize, reserved: Option<Reserved>) -> Pipe {
        Pipe {
            reader: ManuallyDrop::new(reader),
            writer: ManuallyDrop::new(writer),
            is_second: is_second(),
            capacity,
            reserved,
        }
    }

    /// As [`Pipe::take`], and where no pages are left one that holds a single page: for what has no other way.
    ///
    /// # Errors
    /// `EMFILE`, `ENFILE`: no descriptors are left.
    pub(crate) fn take_any() -> Result<Pipe, Error> {
        match Pipe::take() {
            Err(error) if error.errno == Errno::EDQUOT => {}
            answer => return answer,
        }
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC).naming(SystemCall::Pipe)?;
        // Making a pipe smaller is never refused.
        let capacity = resize(&writer, 1).unwrap_or(page_size());
        Ok(Pipe::of(reader, writer, capacity, None))
    }

    /// Gives a pipe back that the caller has emptied, to those of its own descriptor table: a transfer that used a second
    /// descriptor may be given up by a thread of the process. A pipe that is dropped instead is closed, with what it holds.
    pub(crate) fn give_back_empty(self) {
        if self.reserved.is_some() {
            POOLS[usize::from(self.is_second)].give(self);
        }
    }

    pub(crate) fn reader(&self) -> BorrowedFd<'_> {
        self.reader.as_fd()
    }

    pub(crate) fn writer(&self) -> BorrowedFd<'_> {
        self.writer.as_fd()
    }

    /// How many bytes fit, if its pages are full.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        if self.is_second == is_second() {
            // SAFETY: nobody uses them after this.
            unsafe {
                ManuallyDrop::drop(&mut self.reader);
                ManuallyDrop::drop(&mut self.writer);
            }
        } else if self.is_second {
            // A thread of the process gives a transfer up that used a second descriptor.
            let _ = close_there(self.reader.as_raw_fd());
            let _ = close_there(self.writer.as_raw_fd());
        }
        // Else these are numbers of another table than this thread's: no transfer goes on in the second one that has begun
        // in the process's.
    }
}

/// Closes the pipes that are kept.
pub(crate) fn release() {
    POOLS.iter().for_each(Pool::drain);
}

pub(super) fn resize(pipe: impl AsFd, capacity: u32) -> nix::Result<usize> {
    let capacity = i32::try_from(capacity).map_err(|_| Errno::EINVAL)?;
    let answer = fcntl(pipe, FcntlArg::F_SETPIPE_SZ(capacity))?;
    usize::try_from(answer).map_err(|_| Errno::EINVAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_budget_there_are_pipes_of_one_page_only() {
        let mut taken = Vec::new();
        let refused = loop {
            match Pipe::take() {
                Ok(pipe) => taken.push(pipe),
                Err(error) => break error,
            }
        };
        assert_eq!(
            (refused.call, refused.errno),
            (SystemCall::Pipe, Errno::EDQUOT)
        );
        assert!(refused.is_refusal());
        assert!(taken.iter().all(|pipe| pipe.capacity() >= 64 << 10));
        let narrow = Pipe::take_any().expect("a pipe");
        assert_eq!(narrow.capacity(), page_size());
        // It is not kept for those who want a wide one.
        narrow.give_back_empty();
        drop(taken);
        assert!(Pipe::take().expect("room again").capacity() >= 64 << 10);
    }
}
