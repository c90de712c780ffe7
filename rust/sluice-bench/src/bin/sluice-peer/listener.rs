//! The address of the peer: a port of the loopback interface, or a unix socket.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::time::Duration;

use sluice_bench::congestion::use_reno;

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
    /// Listens at the path, or on a port of the loopback interface if no path is given.
    ///
    /// # Errors
    /// Those of `bind(2)`.
    pub fn bind(path: Option<OsString>) -> io::Result<Self> {
        match path.map(PathBuf::from) {
            Some(path) => Ok(Self::Unix(UnixListener::bind(&path)?, path)),
            None => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map(Self::Tcp),
        }
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
    pub fn accept(&self) -> io::Result<File> {
        let descriptor: OwnedFd = match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept()?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
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

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            // One that is gone already does no harm, and Drop has no answer.
            let _ = fs::remove_file(path);
        }
    }
}
