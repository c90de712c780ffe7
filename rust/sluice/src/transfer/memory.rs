//! Bytes of the caller's own memory, sent to a socket: the head of a response, before the file that follows it.

use super::progress::{Ending, Progress, Side};
use super::request::Pace;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::system_call::SystemCall;
use nix::sys::socket::{MsgFlags, send};
use std::os::fd::AsRawFd;

impl Endpoint<'_> {
    /// Sends bytes to a stream socket by one call. With `more`, TCP keeps the last segment until it is full, because
    /// more bytes follow at once (`MSG_MORE`, see `send(2)`); a unix-domain socket takes no notice.
    ///
    /// ```
    /// use sluice::{Ending, Endpoint, Pace, Progress};
    /// use std::io::Read;
    /// use std::os::fd::AsFd;
    /// use std::os::unix::net::UnixStream;
    ///
    /// let (socket, mut peer) = UnixStream::pair()?;
    /// let sent = Endpoint::socket(socket.as_fd()).send(b"head", true, Pace::Throughout);
    /// assert_eq!(sent, Progress { bytes: 4, ending: Ending::Complete });
    /// let mut arrived = [0; 4];
    /// peer.read_exact(&mut arrived)?;
    /// assert_eq!(&arrived, b"head");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn send(&self, bytes: &[u8], more: bool, pace: Pace) -> Progress {
        let mut flags = MsgFlags::MSG_NOSIGNAL;
        if more {
            flags |= MSG_MORE;
        }
        if pace != Pace::Throughout {
            flags |= MsgFlags::MSG_DONTWAIT;
        }
        let sent = match send(self.fd.as_raw_fd(), bytes, flags) {
            Ok(sent) => sent,
            Err(errno) => {
                let error = Error::new(SystemCall::Write, errno);
                return Progress {
                    bytes: 0,
                    ending: Ending::of_failed_call(error, || Some(Side::Target)),
                };
            }
        };
        Progress {
            bytes: sent as u64,
            ending: match pace {
                _ if sent == bytes.len() => Ending::Complete,
                Pace::AtOnce => Ending::Short,
                Pace::Polled | Pace::Lingering => Ending::WouldBlock(Side::Target),
                // A call that waits is short because a signal came.
                Pace::Throughout => Ending::Paused,
            },
        }
    }
}

/// The crate `nix` has no name for it.
const MSG_MORE: MsgFlags = MsgFlags::from_bits_retain(nix::libc::MSG_MORE);
