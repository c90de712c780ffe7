//! Pooled pipes, through which bytes are spliced. A pipe that may hold bytes is never given back to the pool.

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

/// The capacities that are asked for in turn, in bytes. A pipe gets the widest that the budget and the user's limit
/// allow. The last is that of a usual pipe: with less, splicing is slower than `read` + `write`. Bytes of a socket take a
/// page of the pipe for each fragment, however few they are. So where pages are larger, a pipe of as many bytes would
/// take fewer fragments, and no capacity is below that of a usual pipe.
pub(super) fn capacities(page: usize) -> [u32; 3] {
    let usual = u32::try_from(usual_pipe(page)).unwrap_or(1 << 20);
    [1 << 20, 1 << 18, 1 << 16].map(|capacity: u32| capacity.max(usual))
}

/// The capacity of a pipe that nobody has resized, in bytes: 16 pages (`PIPE_DEF_BUFFERS`, see `pipe(7)`).
pub(super) fn usual_pipe(page: usize) -> usize {
    16 * page
}

/// How many pipes are kept. Idle pipes count in the user's quota as well.
const KEPT: usize = 4;

/// One pool for the process's descriptor table and one for the second table, see [`crate::second_descriptor`].
static POOLS: [Pool<Pipe>; 2] = [const { Pool::new(KEPT) }; 2];

fn pool() -> &'static Pool<Pipe> {
    &POOLS[usize::from(is_second())]
}

/// An empty pipe. Only threads of the descriptor table that it was made in use it.
#[derive(Debug)]
pub(crate) struct Pipe {
    reader: ManuallyDrop<OwnedFd>,
    writer: ManuallyDrop<OwnedFd>,
    is_second: bool,
    capacity: usize,
    /// `None` for a pipe of one page.
    reserved: Option<Reserved>,
}

impl Pipe {
    /// A pooled pipe, or a new one within the budget. Its capacity is at least that of a usual pipe.
    ///
    /// # Errors
    /// `EMFILE`, `ENFILE`: no descriptors are left; `EDQUOT`: no pages are left, an errno that `pipe2(2)` itself never
    /// answers.
    pub(crate) fn take() -> Result<Pipe, Error> {
        if let Some(pipe) = pool().take() {
            return Ok(pipe);
        }
        let refused = Error::new(SystemCall::Pipe, Errno::EDQUOT);
        let capacities = capacities(page_size());
        let (wanted, mut reserved) = Reserved::take(&capacities).ok_or(refused)?;
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC).naming(SystemCall::Pipe)?;
        let capacity = capacities
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

    /// As [`Pipe::take`], but where no pages are left the pipe holds a single page. For callers that have no other way.
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

    /// Gives a pipe back that the caller has emptied, to the pool of the pipe's own descriptor table: a thread of the
    /// process may give up a transfer that used a second descriptor. A pipe that is dropped instead is closed, with the
    /// bytes in it.
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

    /// How many bytes fit, if each page is full.
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
            // A thread of the process gives up a transfer that used a second descriptor.
            let _ = close_there(self.reader.as_raw_fd());
            let _ = close_there(self.writer.as_raw_fd());
        }
        // Otherwise the numbers belong to the process's table, and this thread has the second one. That does not
        // happen: no transfer that began in the process's table goes on in the second one.
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
        let usual = usual_pipe(page_size());
        assert!(taken.iter().all(|pipe| pipe.capacity() >= usual));
        let narrow = Pipe::take_any().expect("a pipe");
        assert_eq!(narrow.capacity(), page_size());
        // A pipe of one page is not kept for callers that want a wide one.
        narrow.give_back_empty();
        drop(taken);
        assert!(Pipe::take().expect("room again").capacity() >= usual);
    }

    #[test]
    fn a_pipe_is_at_least_as_wide_as_a_usual_one_whatever_the_size_of_a_page() {
        assert_eq!(capacities(4 << 10), [1 << 20, 1 << 18, 1 << 16]);
        assert_eq!(capacities(16 << 10), [1 << 20, 1 << 18, 1 << 18]);
        assert_eq!(capacities(64 << 10), [1 << 20; 3]);
        let (_reader, writer) = pipe2(OFlag::O_CLOEXEC).expect("a pipe");
        let usual = fcntl(&writer, FcntlArg::F_GETPIPE_SZ).expect("its capacity");
        // Less for a user whose pipes hold more pages than the quota.
        assert!(usize::try_from(usual).expect("bytes") <= usual_pipe(page_size()));
    }
}
