//! Whether a receiver is given the pages of a file, or a copy of them.
//!
//! A mechanism that "copies nothing" hands the pages of the file to the socket: what is written to the file before the
//! receiver reads reaches the receiver. No documentation says which kernel does so. So it is tried: a page of a file in
//! memory is sent into a pair of unix sockets, the file is changed, and what the receiver reads is looked at. The tests
//! make the same trial with other file systems and with TCP, which here answer alike. A pair has no port that another
//! process could connect to, and a file in memory needs no directory.
//!
//! The page fits into the buffer of the socket, and the sockets are non-blocking. The receiver is waited for 100 ms at most.

use crate::endpoint::Endpoint;
use crate::mechanism::Mechanism;
use crate::memory_file::memfd_create;
use crate::numbered::numbered;
use crate::transfer::request::{Pace, Request};
use crate::transfer::steps::Steps;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::memfd::MFdFlags;
use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockType, recv, socketpair};
use nix::sys::uio::pwrite;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

numbered! {
    /// Whether a receiver is given the pages of a file.
    ///
    /// ```
    /// use sluice::{Mechanism, PageSharing};
    ///
    /// assert_eq!(PageSharing::of(Mechanism::ReadWrite), PageSharing::Copied);
    /// assert_eq!(PageSharing::of(Mechanism::CopyFileRange), PageSharing::Unknown);
    /// ```
    pub enum PageSharing {
        /// The trial could not be made, or the mechanism sends nothing to a socket.
        0 "UNKNOWN" Unknown,
        /// The receiver is given the pages: a change of the file reaches it until it has read them.
        1 "SHARED" Shared,
        /// The receiver is given a copy.
        2 "COPIED" Copied,
    }
}

const BYTES: usize = 4096;
/// In milliseconds. What one process sends to itself arrives at once.
const LONGEST: u8 = 100;

const BEFORE: [u8; BYTES] = [b'a'; BYTES];
const AFTER: [u8; BYTES] = [b'b'; BYTES];

impl PageSharing {
    /// Tries what this kernel does where `mechanism` sends a file to a socket. Whatever fails is
    /// [`PageSharing::Unknown`].
    #[must_use]
    pub fn of(mechanism: Mechanism) -> PageSharing {
        trial(mechanism).unwrap_or(PageSharing::Unknown)
    }

    /// The same for an empty file that is open for reading and writing, and a pair of connected stream sockets.
    ///
    /// # Errors
    /// Those of `pwrite(2)`, `poll(2)` and `recv(2)`; `ETIMEDOUT` if the bytes do not arrive within 100 ms.
    pub fn between(
        mechanism: Mechanism,
        file: BorrowedFd<'_>,
        [sender, receiver]: [BorrowedFd<'_>; 2],
    ) -> nix::Result<PageSharing> {
        if pwrite(file, &BEFORE, 0)? != BYTES {
            return Err(Errno::ENOSPC);
        }
        let request = Request {
            source: Endpoint::file_at(file, 0),
            target: Endpoint::socket(sender),
            count: BYTES as u64,
            pace: Pace::AtOnce,
        };
        let sent = request.run(mechanism, &mut Steps::default()).bytes;
        if sent != BYTES as u64 || pwrite(file, &AFTER, 0)? != BYTES {
            return Ok(PageSharing::Unknown);
        }
        let mut arrived = [0; BYTES];
        let mut read = 0;
        while read < BYTES {
            let mut wanted = [PollFd::new(receiver, PollFlags::POLLIN)];
            if poll(&mut wanted, LONGEST)? == 0 {
                return Err(Errno::ETIMEDOUT);
            }
            match recv(
                receiver.as_raw_fd(),
                &mut arrived[read..],
                MsgFlags::MSG_DONTWAIT,
            )? {
                0 => return Err(Errno::EPIPE),
                more => read += more,
            }
        }
        // A pattern would become a comparison of each byte by code of its own, a tenth of the library.
        Ok(if arrived == AFTER {
            PageSharing::Shared
        } else if arrived == BEFORE {
            PageSharing::Copied
        } else {
            PageSharing::Unknown
        })
    }
}

fn trial(mechanism: Mechanism) -> nix::Result<PageSharing> {
    let file = memfd_create(c"sluice-trial", MFdFlags::MFD_CLOEXEC)?;
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let (sender, receiver) = socketpair(AddressFamily::Unix, SockType::Stream, None, flags)?;
    PageSharing::between(mechanism, file.as_fd(), [sender.as_fd(), receiver.as_fd()])
}
