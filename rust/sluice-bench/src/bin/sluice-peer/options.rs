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

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> io::Result<Options> {
        Options::parse(line.split_ascii_whitespace().map(OsString::from))
    }

    #[test]
    fn options_come_before_the_paths() -> io::Result<()> {
        let options = parsed("--pages --cpu 3 --buffers 4096 --nagle file socket")?;
        assert!(options.pages && options.nagle);
        assert_eq!(Some(3), options.cpu);
        assert_eq!(Some(4096), options.buffers);
        assert_eq!("file", options.file);
        assert_eq!(Some("socket".into()), options.socket);
        Ok(())
    }

    #[test]
    fn a_file_alone_is_served_from_memory_with_nodelay() -> io::Result<()> {
        let options = parsed("file")?;
        assert!(!options.pages && !options.nagle);
        assert_eq!((None, None), (options.cpu, options.buffers));
        Ok(())
    }

    #[test]
    fn a_missing_file_or_number_is_told() {
        for line in ["", "--pages", "--cpu file", "--buffers"] {
            let told = parsed(line).err().map(|error| error.to_string());
            assert!(
                told.is_some_and(|text| text.starts_with("usage: sluice-peer ")),
                "{line}"
            );
        }
    }
}
