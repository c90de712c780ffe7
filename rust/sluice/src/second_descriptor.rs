//! Second descriptors of files, in a descriptor table of their own.
//!
//! Closing any descriptor of a file releases all POSIX locks that the process holds on that file, by whichever
//! descriptor they were taken (`fcntl(2)`): those of the JVM, and those of a database in the same process, of which a
//! library cannot know. To close later, when no lock is held, would leave a moment between the look and the close, and
//! would keep the file open until then.
//!
//! But the owner of such a lock is, for the kernel, a descriptor table: `filp_close` releases the locks of the table in
//! which the descriptor is closed (`locks_remove_posix(file, files)` in `fs/locks.c`). So second descriptors never lie
//! in the table of the process. They lie in a second table, which a few threads of this crate share and which owns no
//! lock. Everything that is done with a second descriptor is done on those threads.
//!
//! The second table has numbers of its own as well. It has room when the process has reached its `RLIMIT_NOFILE`.
//!
//! A thread leaves the table of the process by `close_range(2)` with `CLOSE_RANGE_UNSHARE`, or by `unshare(2)` before Linux
//! 5.9. A descriptor of the process comes over a socket (`SCM_RIGHTS` of `unix(7)`).
//!
//! # Errors
//! They name [`SystemCall::Unshare`](crate::SystemCall::Unshare). `EPERM`, `ENOSYS`: a seccomp profile forbids to leave
//! the table; `EAGAIN`: no more threads; `EMFILE`, `ENFILE`: no descriptors for the socket, of which one stays in the
//! table of the process for good.

mod descriptor_socket;
mod descriptor_table;
mod open;
mod run;
mod worker;
mod workers;

pub(crate) use descriptor_table::is_second;
pub(crate) use run::close_there;
pub use run::{Descriptor, SecondDescriptor, run};
pub use workers::prepare;
pub(crate) use workers::release;

#[cfg(test)]
mod tests;
