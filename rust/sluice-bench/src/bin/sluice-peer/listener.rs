//! The address of the peer: a port of the loopback interface, or a unix socket.

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::time::Duration;

use nix::sys::socket::setsockopt;
use nix::sys::socket::sockopt::{RcvBuf, SndBuf};
use sluice_bench::congestion::use_reno;

use crate::options::Options;

/// How long the peer waits. A measured round lasts well under a second, so that a peer that waits this long has been
/// forgotten.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A listening socket. An accepted connection is a descriptor that is read and written like a file.
pub enum Listener {
    /// On a port that the system chose.
    Tcp(TcpListener),
    /// At a path, which is removed when the peer ends.
    Unix(UnixListener, PathBuf),
}

impl Listener {
    /// Listens at the path, or on a port of the loopback interface if no path is given. The connections that are
    /// accepted have the buffers of the listening socket.
    ///
    /// # Errors
    /// Those of `bind(2)` and `setsockopt(2)`.
    pub fn bind(options: &Options) -> io::Result<Self> {
        let listener = match options.socket.clone().map(PathBuf::from) {
            Some(path) => Self::Unix(UnixListener::bind(&path)?, path),
            None => Self::Tcp(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?),
        };
        if let Some(bytes) = options.buffers {
            setsockopt(&listener, SndBuf, &bytes)?;
            setsockopt(&listener, RcvBuf, &bytes)?;
        }
        Ok(listener)
    }

    /// The port or the path.
    ///
    /// # Errors
    /// Those of `getsockname(2)`.
    pub fn address(&self) -> io::Result<String> {
        match self {
            Self::Tcp(listener) => Ok(listener.local_addr()?.port().to_string()),
            Self::Unix(_, path) => Ok(path.display().to_string()),
        }
    }

    /// Accepts a connection. The caller has connected before it asks, so that the connection is in the backlog
    /// already.
    ///
    /// # Errors
    /// Those of `accept(2)` and `setsockopt(2)`.
    pub fn accept(&self, nagle: bool) -> io::Result<File> {
        let descriptor: OwnedFd = match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept()?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                stream.set_nodelay(!nagle)?;
                use_reno(stream.as_fd())?;
                stream.into()
            }
            Self::Unix(listener, _) => {
                let (stream, _) = listener.accept()?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                stream.into()
            }
        };
        Ok(File::from(descriptor))
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Tcp(listener) => listener.as_fd(),
            Self::Unix(listener, _) => listener.as_fd(),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            // One that is gone already does no harm, and Drop has no answer.
            let _ = fs::remove_file(path);
        }
    }
}
