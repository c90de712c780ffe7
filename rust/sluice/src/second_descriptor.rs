//! Second descriptors of files, in a descriptor table of their own.
//!
//! Closing any descriptor of a file releases all POSIX locks that the process holds on that file, by whichever descriptor
//! they were taken (`fcntl(2)`): those of the JVM, and those of a database that lives in the same process, of which a
//! library cannot know. To close later, when no lock is held, would leave a moment between the look and the close, and the
//! file open until then. But what the kernel calls the owner of such a lock is the descriptor table: `filp_close` releases
//! the locks that the table has in which the descriptor is closed (`locks_remove_posix(file, files)` in `fs/locks.c`). So
//! second descriptors never lie in the table of the process. They lie in a second one, which a few threads of this crate
//! share and which has no lock, and all that is done with them is done on those threads.
//!
//! The second table has numbers of its own as well: where the process has reached its `RLIMIT_NOFILE`, it has room.
//!
//! A thread leaves the table of the process by `close_range(2)` with `CLOSE_RANGE_UNSHARE`, or by `unshare(2)` before Linux
//! 5.9. A descriptor of the process comes over a socket (`SCM_RIGHTS` of `unix(7)`).
//!
//! # Errors
//! Those of [`SystemCall::Unshare`]: `EPERM`, `ENOSYS`: a seccomp profile forbids to leave the table; `EAGAIN`: no more threads;
//! `EMFILE`, `ENFILE`: no descriptors for the socket, of which the process needs one for good.

mod descriptor_socket;
mod descriptor_table;
mod worker;

use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use descriptor_socket::DescriptorSocket;
use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::libc::pthread_t;
use nix::sys::stat::Mode;
use nix::unistd::{close, gettid};
use std::any::Any;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use worker::Worker;

pub(crate) use descriptor_table::is_second;

/// How many threads are kept for the next call.
const KEPT: usize = 4;

static CREW: Mutex<Option<Crew>> = Mutex::new(None);

fn crew() -> MutexGuard<'static, Option<Crew>> {
    // A panic elsewhere cannot leave it half changed.
    CREW.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The threads that share the second table.
struct Crew {
    socket: Arc<DescriptorSocket>,
    /// Starts the others, which share its table therefore.
    first: Worker,
    idle: Vec<Worker>,
}

impl Crew {
    fn start() -> nix::Result<Crew> {
        let (socket, other_end) = DescriptorSocket::new()?;
        let first = Worker::start()?;
        let mut left = Err(Errno::ECHILD);
        first.run(
            &mut || {
                left = descriptor_table::leave(other_end.as_fd());
                Vec::new()
            },
            &|_| {},
        );
        match left {
            Ok(number) => Ok(Crew {
                socket: Arc::new(socket.with_other_end(number)),
                first,
                idle: Vec::new(),
            }),
            Err(errno) => {
                first.end();
                Err(errno)
            }
        }
    }

    fn take(&mut self) -> nix::Result<Worker> {
        if let Some(worker) = self.idle.pop() {
            return Ok(worker);
        }
        let mut started = Err(Errno::ECHILD);
        self.first.run(
            &mut || {
                started = Worker::start();
                Vec::new()
            },
            &|_| {},
        );
        started
    }
}

/// Starts what second descriptors need, if it has not been started: later there may be no descriptor left for it.
///
/// # Errors
/// See the module. The next call tries again.
pub fn prepare() -> Result<(), Error> {
    started(&mut crew()).map(|_| ())
}

fn started(crew: &mut Option<Crew>) -> Result<&mut Crew, Error> {
    match crew {
        Some(crew) => Ok(crew),
        None => Ok(crew.insert(Crew::start().naming(SystemCall::Unshare)?)),
    }
}

fn take() -> Result<(Worker, Arc<DescriptorSocket>), Error> {
    let mut crew = crew();
    let crew = started(&mut crew)?;
    let worker = crew.take().naming(SystemCall::Unshare)?;
    Ok((worker, Arc::clone(&crew.socket)))
}

fn give_back(worker: Worker) {
    let mut crew = crew();
    match crew.as_mut() {
        Some(crew) if crew.idle.len() < KEPT => crew.idle.push(worker),
        _ => {
            drop(crew);
            worker.end();
        }
    }
}

/// Ends the threads; the table goes with the last of them, and all descriptors in it. Nobody may use one any more.
pub(crate) fn release() {
    let crew = crew().take();
    if let Some(crew) = crew {
        crew.idle.into_iter().for_each(Worker::end);
        crew.first.end();
    }
}

/// What [`run`] is to use.
#[derive(Debug, Clone, Copy)]
pub enum Descriptor<'fd> {
    /// A descriptor of the process, which the second table has meanwhile as well.
    Lent(BorrowedFd<'fd>),
    /// One that lies in the second table.
    Second(&'fd SecondDescriptor),
}

/// Runs `work` on a thread of the second table, and waits for it. A signal that ends the wait is told to `interrupted`, with
/// the thread that works: a system call that waits there has to be woken too.
///
/// # Errors
/// See the module; `work` has not begun then.
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
        // All that were sent have to be received.
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
    // The panic goes on in the thread that waits.
    catch_unwind(AssertUnwindSafe(work))
}

fn numbers<'a, const N: usize>(
    descriptors: [Descriptor<'a>; N],
    received: &'a [OwnedFd],
) -> [BorrowedFd<'a>; N] {
    let mut received = received.iter();
    descriptors.map(|descriptor| match descriptor {
        // As many were received as are lent.
        Descriptor::Lent(fd) => received.next().map_or(fd, OwnedFd::as_fd),
        Descriptor::Second(second) => second.here(),
    })
}

/// A descriptor in the second table.
#[derive(Debug)]
pub struct SecondDescriptor(RawFd);

impl SecondDescriptor {
    /// One more descriptor of the same open file.
    ///
    /// # Errors
    /// See the module; `EBADF`.
    pub fn of(fd: BorrowedFd<'_>) -> Result<SecondDescriptor, Error> {
        run([Descriptor::Lent(fd)], &|_| {}, |[fd]| {
            fd.try_clone_to_owned().map(IntoRawFd::into_raw_fd)
        })?
        .map(SecondDescriptor)
        .map_err(|e| Error {
            call: SystemCall::Fcntl,
            errno: e.raw_os_error().map_or(Errno::EIO, Errno::from_raw),
        })
    }

    /// Opens the same file once more.
    ///
    /// # Errors
    /// See the module; those of `open(2)`; `ENOENT` without procfs.
    pub(crate) fn reopened(fd: BorrowedFd<'_>, how: OFlag) -> Result<SecondDescriptor, Error> {
        let path = link_of(fd);
        run([], &|_| {}, |[]| {
            open(path.as_str(), how | OFlag::O_CLOEXEC, Mode::empty())
                .map(|opened| SecondDescriptor(opened.into_raw_fd()))
        })?
        .naming(SystemCall::Open)
    }

    /// Opens the same file once more, for `work` alone: for the price of one call to another thread.
    ///
    /// # Errors
    /// Those of [`SecondDescriptor::reopened`].
    pub(crate) fn briefly<R: Send>(
        fd: BorrowedFd<'_>,
        how: OFlag,
        work: impl FnOnce(BorrowedFd<'_>) -> R + Send,
    ) -> Result<R, Error> {
        let path = link_of(fd);
        run([], &|_| {}, |[]| {
            open(path.as_str(), how | OFlag::O_CLOEXEC, Mode::empty())
                .map(|opened| work(opened.as_fd()))
        })?
        .naming(SystemCall::Open)
    }

    /// Runs `work` with it.
    ///
    /// # Errors
    /// See the module.
    pub(crate) fn with<R: Send>(
        &self,
        work: impl FnOnce(BorrowedFd<'_>) -> R + Send,
    ) -> Result<R, Error> {
        run([Descriptor::Second(self)], &|_| {}, |[fd]| work(fd))
    }

    /// Closes it.
    ///
    /// # Errors
    /// Those of `close(2)`: what some file systems could not write.
    pub fn close(self) -> Result<(), Error> {
        let number = self.into_number();
        close_there(number).naming(SystemCall::Write)
    }

    /// Its number in the second table, which the caller gives to [`SecondDescriptor::from_number`] later.
    #[must_use]
    pub fn into_number(self) -> RawFd {
        let number = self.0;
        std::mem::forget(self);
        number
    }

    /// The descriptor that [`SecondDescriptor::into_number`] gave this number for.
    ///
    /// # Safety
    /// There is no other owner of the number.
    #[must_use]
    pub unsafe fn from_number(number: RawFd) -> SecondDescriptor {
        SecondDescriptor(number)
    }

    /// For threads of the second table only.
    fn here(&self) -> BorrowedFd<'_> {
        // SAFETY: this owns the number in that table.
        unsafe { BorrowedFd::borrow_raw(self.0) }
    }
}

impl Drop for SecondDescriptor {
    fn drop(&mut self) {
        // Whoever wants to know what became of it calls `close`.
        let _ = close_there(self.0);
    }
}

/// The link by which a file is opened again: of the table of the thread that has the number.
fn link_of(fd: BorrowedFd<'_>) -> String {
    format!("/proc/self/task/{}/fd/{}", gettid(), fd.as_raw_fd())
}

/// Closes a number of the second table, whose owner the caller was.
pub(crate) fn close_there(number: RawFd) -> nix::Result<()> {
    let close = || {
        // SAFETY: the caller gives up the number, and this runs on a thread of the second table.
        close(unsafe { OwnedFd::from_raw_fd(number) })
    };
    if let Ok(closed) = run([], &|_| {}, |[]| close()) {
        return closed;
    }
    // No more threads: the first one is there as long as the table is.
    let mut closed = Ok(());
    if let Some(crew) = crew().as_ref() {
        crew.first.run(
            &mut || {
                closed = close();
                Vec::new()
            },
            &|_| {},
        );
    }
    closed
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc;
    use nix::sys::stat::fstat;
    use std::fs::{self, File};
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    fn lock(file: &File) {
        // SAFETY: all zeros are an empty `flock`.
        let mut whole: libc::flock = unsafe { std::mem::zeroed() };
        whole.l_type = libc::c_short::try_from(libc::F_WRLCK).expect("a small number");
        fcntl(file, FcntlArg::F_SETLK(&whole)).expect("locked");
    }

    /// As the kernel's list of locks has it.
    fn is_locked(file: &File) -> bool {
        let inode = format!(":{} ", fstat(file).expect("its inode").st_ino);
        let process = format!(" {} ", std::process::id());
        let locks = fs::read_to_string("/proc/locks").expect("the list of locks");
        locks
            .lines()
            .any(|line| line.contains(&inode) && line.contains(&process))
    }

    #[test]
    fn closing_one_releases_no_lock() {
        let file = tempfile::tempfile().expect("a file");
        lock(&file);
        drop(SecondDescriptor::of(file.as_fd()).expect("the same open file"));
        assert!(is_locked(&file));
        let opened = SecondDescriptor::reopened(file.as_fd(), OFlag::O_RDONLY);
        opened.expect("opened again").close().expect("closed");
        assert!(is_locked(&file));
        // What it is all about.
        drop(file.try_clone().expect("a duplicate"));
        assert!(!is_locked(&file));
    }

    #[test]
    fn it_is_the_same_file_and_not_in_the_process_s_table() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"abc").expect("written");
        let second = SecondDescriptor::reopened(file.as_fd(), OFlag::O_RDONLY).expect("opened");
        let there = second.with(|fd| fstat(fd).map(|stat| (stat.st_ino, stat.st_size)));
        let here = fstat(&file).map(|stat| (stat.st_ino, stat.st_size));
        assert_eq!(there.expect("run"), here);
    }

    #[test]
    fn standard_output_and_error_are_not_those_of_the_process() {
        let here: Vec<_> = [1, 2]
            .map(|number| fs::read_link(format!("/proc/self/fd/{number}")))
            .into();
        for number in [0, 1, 2] {
            let there = run([], &|_| {}, |[]| {
                fs::read_link(format!("/proc/thread-self/fd/{number}"))
            });
            let there = there.expect("run").expect("open");
            assert_eq!(there.to_str(), Some("anon_inode:[eventpoll]"));
            assert!(here.iter().flatten().all(|here| *here != there));
        }
    }

    #[test]
    fn descriptors_come_over_in_their_order_from_many_threads_at_a_time() {
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let (near, mut far) = UnixStream::pair().expect("a pair");
                        let file = tempfile::tempfile().expect("a file");
                        let second = SecondDescriptor::of(file.as_fd()).expect("a second");
                        let inodes = run(
                            [
                                Descriptor::Lent(near.as_fd()),
                                Descriptor::Second(&second),
                                Descriptor::Lent(file.as_fd()),
                            ],
                            &|_| {},
                            |fds| fds.map(|fd| fstat(fd).map(|stat| stat.st_ino)),
                        );
                        let expected = [fstat(&near), fstat(&file), fstat(&file)];
                        let expected = expected.map(|stat| stat.map(|stat| stat.st_ino));
                        assert_eq!(inodes.expect("run"), expected);
                        drop(near);
                        // What came over is closed again: the peer sees the end.
                        assert_eq!(far.read(&mut [0]).expect("the end"), 0);
                    }
                });
            }
        });
    }

    #[test]
    fn a_panic_goes_on_where_it_is_waited_for() {
        let caught = catch_unwind(|| run([], &|_| {}, |[]| panic!("expected by this test")));
        assert!(caught.is_err());
        assert_eq!(run([], &|_| {}, |[]| 42), Ok(42));
    }

    #[test]
    fn a_signal_is_told_with_the_thread_that_works() {
        extern "C" fn nothing(_: libc::c_int) {}
        // SAFETY: the handler does nothing, and no other test uses the signal.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = nothing as *const () as usize;
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut());
        }
        let (near, _far) = UnixStream::pair().expect("a pair");
        // SAFETY: the call has no preconditions.
        let waiting = unsafe { libc::pthread_self() };
        let signals = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            // SAFETY: the thread waits for this one to end.
            unsafe { libc::pthread_kill(waiting, libc::SIGUSR1) };
        });
        let forward = |working: pthread_t| {
            // SAFETY: the thread works for this one, and cannot end meanwhile.
            unsafe { libc::pthread_kill(working, libc::SIGUSR1) };
        };
        let read = run([Descriptor::Lent(near.as_fd())], &forward, |[fd]| {
            nix::unistd::read(fd, &mut [0])
        });
        assert_eq!(read, Ok(Err(Errno::EINTR)));
        signals.join().expect("no panic");
    }
}
