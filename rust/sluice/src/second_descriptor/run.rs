//! Runs work with second descriptors, on a thread of their table.

use super::descriptor_table::is_second;
use super::workers::{give_back, take, workers};
use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::libc::pthread_t;
use nix::unistd::close;
use std::any::Any;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// A descriptor that [`run`] lends to its work.
///
/// ```
/// use sluice::{Descriptor, SecondDescriptor};
/// use std::io::Write;
/// use std::os::fd::AsFd;
///
/// let mut file = tempfile::tempfile()?;
/// file.write_all(b"three")?;
/// let second = SecondDescriptor::of(file.as_fd())?;
/// let [lent, again] = sluice::run_with(
///     [Descriptor::Lent(file.as_fd()), Descriptor::Second(&second)],
///     &|_| {},
///     |fds| fds.map(|fd| nix::sys::stat::fstat(fd).map(|stat| stat.st_size)),
/// )?;
/// assert_eq!((lent?, again?), (5, 5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Descriptor<'fd> {
    /// A descriptor of the process. The second table has a copy of it meanwhile.
    Lent(BorrowedFd<'fd>),
    /// A descriptor that lies in the second table.
    Second(&'fd SecondDescriptor),
}

/// Runs `work` on a thread of the second table, and waits for it. When a signal ends the wait, `interrupted` is called
/// with the thread that works: a system call that waits there has to be woken too.
///
/// # Errors
/// See `second_descriptor.rs`. `work` has not begun then.
pub fn run<const N: usize, R: Send>(
    descriptors: [Descriptor<'_>; N],
    interrupted: &dyn Fn(pthread_t),
    work: impl FnOnce([BorrowedFd<'_>; N]) -> R + Send,
) -> Result<R, Error> {
    if is_second() {
        return Ok(work(descriptors.map(|descriptor| match descriptor {
            Descriptor::Lent(fd) => fd,
            Descriptor::Second(second) => second.here(),
        })));
    }
    let (worker, socket) = take()?;
    let sent = descriptors
        .iter()
        .filter_map(|descriptor| match descriptor {
            Descriptor::Lent(fd) => Some(socket.send(fd.as_raw_fd())),
            Descriptor::Second(_) => None,
        });
    let tickets: Vec<nix::Result<u64>> = sent.collect();
    let mut work = Some(work);
    let mut answer = Err(Errno::ECHILD);
    let mut task = || {
        // Every descriptor that was sent has to be received, or it would stay in the socket.
        let received: Vec<nix::Result<OwnedFd>> = tickets
            .iter()
            .map(|ticket| ticket.and_then(|ticket| socket.receive(ticket)))
            .collect();
        let (received, failed): (Vec<_>, Vec<_>) = received.into_iter().partition(Result::is_ok);
        let received: Vec<OwnedFd> = received.into_iter().flatten().collect();
        match (failed.into_iter().find_map(Result::err), work.take()) {
            (Some(errno), _) => answer = Err(errno),
            (None, Some(work)) => {
                answer = Ok(caught(|| work(numbers(descriptors, &received))));
            }
            (None, None) => {}
        }
        received
    };
    worker.run(&mut task, interrupted);
    give_back(worker);
    match answer.naming(SystemCall::Unshare)? {
        Ok(answer) => Ok(answer),
        Err(panic) => resume_unwind(panic),
    }
}

fn caught<R>(work: impl FnOnce() -> R) -> Result<R, Box<dyn Any + Send>> {
    // The panic is resumed in the thread that waits.
    catch_unwind(AssertUnwindSafe(work))
}

fn numbers<'a, const N: usize>(
    descriptors: [Descriptor<'a>; N],
    received: &'a [OwnedFd],
) -> [BorrowedFd<'a>; N] {
    let mut received = received.iter();
    descriptors.map(|descriptor| match descriptor {
        // As many descriptors were received as are lent, so that the default is never used.
        Descriptor::Lent(fd) => received.next().map_or(fd, OwnedFd::as_fd),
        Descriptor::Second(second) => second.here(),
    })
}

/// A descriptor in the second table.
///
/// ```
/// use sluice::SecondDescriptor;
/// use std::os::fd::AsFd;
///
/// let file = tempfile::tempfile()?;
/// let second = SecondDescriptor::of(file.as_fd())?;
/// // Releases no POSIX lock that this process has on the file.
/// second.close()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SecondDescriptor(pub(super) RawFd);

impl SecondDescriptor {
    /// Closes the descriptor.
    ///
    /// # Errors
    /// Those of `close(2)`, by which some file systems tell that they could not write.
    pub fn close(self) -> Result<(), Error> {
        let number = self.into_number();
        close_there(number).naming(SystemCall::Write)
    }

    /// Gives up the ownership of its number in the second table, which the caller passes to
    /// [`SecondDescriptor::from_number`] later.
    #[must_use]
    pub fn into_number(self) -> RawFd {
        let number = self.0;
        std::mem::forget(self);
        number
    }

    /// The descriptor whose number [`SecondDescriptor::into_number`] gave.
    ///
    /// # Safety
    /// The number comes from [`SecondDescriptor::into_number`], and no other value owns it.
    #[must_use]
    pub unsafe fn from_number(number: RawFd) -> SecondDescriptor {
        SecondDescriptor(number)
    }

    /// The descriptor itself, for threads of the second table only.
    fn here(&self) -> BorrowedFd<'_> {
        // SAFETY: this owns the number in that table.
        unsafe { BorrowedFd::borrow_raw(self.0) }
    }
}

impl Drop for SecondDescriptor {
    fn drop(&mut self) {
        // A caller that wants to know whether the close failed calls `close`.
        let _ = close_there(self.0);
    }
}

/// Closes a number of the second table that the caller owned.
pub(crate) fn close_there(number: RawFd) -> nix::Result<()> {
    let close = || {
        // SAFETY: the caller gives up the number, and this runs on a thread of the second table.
        close(unsafe { OwnedFd::from_raw_fd(number) })
    };
    if let Ok(closed) = run([], &|_| {}, |[]| close()) {
        return closed;
    }
    // No more threads can be started, but the first one lives as long as the table.
    let mut closed = Ok(());
    if let Some(workers) = workers().as_ref() {
        workers.first.run(
            &mut || {
                closed = close();
                Vec::new()
            },
            &|_| {},
        );
    }
    closed
}
