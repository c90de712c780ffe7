//! The socket over which descriptors of the process come into the second table, by `SCM_RIGHTS` of `unix(7)`.
//!
//! Many threads send at a time. Each message holds one descriptor and a ticket. A thread that receives the message of
//! another thread keeps it for that thread.

use nix::cmsg_space;
use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, ControlMessage, ControlMessageOwned, MsgFlags, SockFlag, SockType, recvmsg,
    sendmsg, socketpair,
};
use std::collections::HashMap;
use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

pub(super) struct DescriptorSocket {
    /// The end in the table of the process.
    end: OwnedFd,
    /// The number of the other end in the second table. It is closed with that table.
    other_end: RawFd,
    tickets: AtomicU64,
    /// Numbers in the second table, by ticket. `None` of a message whose descriptor found no room there.
    arrived: Mutex<HashMap<u64, Option<RawFd>>>,
}

impl DescriptorSocket {
    /// A socket, and its other end for the second table.
    pub(super) fn new() -> nix::Result<(DescriptorSocket, OwnedFd)> {
        let kind = SockType::SeqPacket;
        let (end, other_end) = socketpair(AddressFamily::Unix, kind, None, SockFlag::SOCK_CLOEXEC)?;
        let socket = DescriptorSocket {
            end,
            other_end: -1,
            tickets: AtomicU64::new(0),
            arrived: Mutex::new(HashMap::new()),
        };
        Ok((socket, other_end))
    }

    pub(super) fn with_other_end(self, number: RawFd) -> DescriptorSocket {
        DescriptorSocket {
            other_end: number,
            ..self
        }
    }

    /// Sends a descriptor of the process. The answer is a ticket, with which [`DescriptorSocket::receive`] has to be
    /// called.
    pub(super) fn send(&self, descriptor: RawFd) -> nix::Result<u64> {
        let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
        let bytes = ticket.to_ne_bytes();
        let descriptors = [descriptor];
        let rights = [ControlMessage::ScmRights(&descriptors)];
        loop {
            let message = [IoSlice::new(&bytes)];
            let flags = MsgFlags::MSG_NOSIGNAL;
            match sendmsg::<()>(self.end.as_raw_fd(), &message, &rights, flags, None) {
                Err(Errno::EINTR) => {}
                answer => return answer.map(|_| ticket),
            }
        }
    }

    /// Receives the descriptor that was sent with a ticket. Only for threads of the second table.
    pub(super) fn receive(&self, ticket: u64) -> nix::Result<OwnedFd> {
        // A ticket is given out after its message was sent, so that this never waits.
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match arrived.remove(&ticket) {
                // SAFETY: the kernel made it for this ticket, which is used once.
                Some(Some(number)) => return Ok(unsafe { OwnedFd::from_raw_fd(number) }),
                // The second table has no more room.
                Some(None) => return Err(Errno::EMFILE),
                None => {}
            }
            match self.next() {
                Ok((ticket, number)) => arrived.insert(ticket, number),
                Err(Errno::EINTR) => None,
                Err(errno) => return Err(errno),
            };
        }
    }

    fn next(&self) -> nix::Result<(u64, Option<RawFd>)> {
        let mut ticket = [0; 8];
        let mut rights = cmsg_space!([RawFd; 1]);
        let mut message = [IoSliceMut::new(&mut ticket)];
        let flags = MsgFlags::MSG_CMSG_CLOEXEC;
        let received = recvmsg::<()>(self.other_end, &mut message, Some(&mut rights), flags)?;
        let number = received.cmsgs().into_iter().flatten().find_map(|part| {
            let ControlMessageOwned::ScmRights(numbers) = part else {
                return None;
            };
            numbers.first().copied()
        });
        Ok((u64::from_ne_bytes(ticket), number))
    }
}
