//! Bytes of the caller's own memory, sent to a socket: the head of a response, before the file that follows it.

use super::progress::{Ending, Progress, Side};
use super::request::Pace;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, send};
use std::os::fd::AsRawFd;

impl Endpoint<'_> {
    /// Sends bytes to a stream socket, for one turn. With `more`, TCP keeps the last segment until it is full, because
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
        let mut sent = 0;
        let ending = loop {
            if sent == bytes.len() {
                break Ending::Complete;
            }
            match send(self.fd.as_raw_fd(), &bytes[sent..], flags) {
                Ok(taken) => {
                    sent += taken;
                    if sent < bytes.len() && pace == Pace::AtOnce {
                        break Ending::Short;
                    }
                    // A call that waits is short because a signal came.
                    if sent < bytes.len() && pace == Pace::Throughout {
                        break Ending::Paused;
                    }
                }
                Err(errno) => {
                    let error = Error::new(SystemCall::Write, errno);
                    break Ending::of_failed_call(error, || {
                        (errno == Errno::EAGAIN).then_some(Side::Target)
                    });
                }
            }
        };
        Progress {
            bytes: sent as u64,
            ending,
        }
    }
}

/// The crate `nix` has no name for it.
const MSG_MORE: MsgFlags = MsgFlags::from_bits_retain(nix::libc::MSG_MORE);
