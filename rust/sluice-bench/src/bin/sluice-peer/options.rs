//! What the command line says: how the peer's connections behave.

use std::ffi::OsString;
use std::io;

use crate::invalid;

/// `[--nagle] [--pages] [--cpu N] [--buffers BYTES] FILE [SOCKET]`.
pub struct Options {
    /// Whether small segments wait for the acknowledgement of the one before (`TCP_NODELAY` is off).
    pub nagle: bool,
    /// Whether bytes are moved as a network card moves them, without a copy in this process.
    pub pages: bool,
    /// The processor that the peer runs on.
    pub cpu: Option<usize>,
    /// What each of a connection's two buffers is asked to hold; the kernel sizes them where this is missing.
    pub buffers: Option<usize>,
    /// The file whose bytes are supplied.
    pub file: OsString,
    /// The path of the unix socket to listen on; without it the peer listens on a port.
    pub socket: Option<OsString>,
}

impl Options {
    /// Reads the arguments of the program.
    ///
    /// # Errors
    /// A line that says how the program is called.
    pub fn parse(mut arguments: impl Iterator<Item = OsString>) -> io::Result<Self> {
        let mut options = Self {
            nagle: false,
            pages: false,
            cpu: None,
            buffers: None,
            file: OsString::new(),
            socket: None,
        };
        loop {
            let argument = arguments.next().ok_or_else(usage)?;
            match argument.to_str() {
                Some("--nagle") => options.nagle = true,
                Some("--pages") => options.pages = true,
                Some("--cpu") => options.cpu = Some(number(arguments.next())?),
                Some("--buffers") => options.buffers = Some(number(arguments.next())?),
                _ => {
                    options.file = argument;
                    options.socket = arguments.next();
                    return Ok(options);
                }
            }
        }
    }
}

fn number(argument: Option<OsString>) -> io::Result<usize> {
    argument
        .and_then(|digits| digits.to_str()?.parse().ok())
        .ok_or_else(usage)
}

fn usage() -> io::Error {
    invalid("usage: sluice-peer [--nagle] [--pages] [--cpu N] [--buffers BYTES] FILE [SOCKET]")
}
