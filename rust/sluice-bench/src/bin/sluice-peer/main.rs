//! `sluice-peer [OPTIONS] FILE [SOCKET]`: the other end of a measured connection. It is a process of its own, so that
//! its work is not counted as the transferring thread's. [`options`] says how its connections behave.
//!
//! The peer listens on a port of the loopback interface, or on the unix socket of that path, says
//! `listening PORT` or `listening PATH`, and does what the lines on its standard input ask. Each gets
//! one line as an answer:
//!
//! | line | does | answers |
//! |---|---|---|
//! | `accept` | takes the next connection, and drops the previous one | `accepted` |
//! | `discard BYTES` | receives that many bytes and throws them away | `done` |
//! | `digest BYTES` | receives that many bytes | `sha256 HEX` |
//! | `supply REGION PASSES` | sends the first REGION bytes of FILE, PASSES times | `done` |
//! | `nodelay` | reads the connection's `TCP_NODELAY` | `nodelay true` or `false` |
//!
//! The answer to a line that fails is `error TEXT`, and the connection is dropped so that the other end
//! does not wait. The process ends when its standard input does, or with its parent. It never waits
//! longer than [`listener::PATIENCE`].

mod digest;
mod discard;
mod listener;
mod options;
mod supply;

use std::env;
use std::fs::File;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use listener::Listener;
use nix::sys::socket::{getsockopt, sockopt::TcpNoDelay};
use options::Options;
use sluice_bench::affinity::run_on;
use supply::Memory;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sluice-peer: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    end_with_parent()?;
    let options = Options::parse(env::args_os().skip(1))?;
    if let Some(cpu) = options.cpu {
        run_on([cpu])?;
    }
    let mut peer = Peer {
        file: File::open(&options.file)?,
        memory: Memory::default(),
        listener: Listener::bind(&options)?,
        options,
        connection: None,
    };
    say(&format!("listening {}", peer.listener.address()?))?;
    for line in io::stdin().lock().lines() {
        match peer.answer(&line?) {
            Ok(text) => say(&text)?,
            Err(error) => {
                peer.connection = None;
                say(&format!("error {error}"))?;
            }
        }
    }
    Ok(())
}

struct Peer {
    options: Options,
    file: File,
    memory: Memory,
    listener: Listener,
    connection: Option<File>,
}

impl Peer {
    fn answer(&mut self, line: &str) -> io::Result<String> {
        let mut words = line.split_ascii_whitespace();
        let command = words.next().unwrap_or_default();
        if command == "accept" {
            self.connection = Some(self.listener.accept(self.options.nagle)?);
            return Ok("accepted".into());
        }
        let stream = self
            .connection
            .as_ref()
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotConnected))?;
        let mut next = || number(words.next());
        match command {
            "discard" if self.options.pages => {
                discard::free(stream, next()?).map(|()| "done".into())
            }
            "discard" => discard::read(stream, next()?).map(|()| "done".into()),
            "digest" => digest::digest(stream, next()?).map(|hex| format!("sha256 {hex}")),
            "supply" if self.options.pages => {
                supply::supply_pages(&self.file, stream, next()?, next()?).map(|()| "done".into())
            }
            "supply" => self
                .memory
                .supply(&self.file, stream, next()?, next()?)
                .map(|()| "done".into()),
            "nodelay" => Ok(format!("nodelay {}", getsockopt(stream, TcpNoDelay)?)),
            _ => Err(invalid("no such command")),
        }
    }
}

fn number(word: Option<&str>) -> io::Result<u64> {
    word.and_then(|digits| digits.parse().ok())
        .ok_or_else(|| invalid("a number is missing"))
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Ends this process when its parent is killed. Standard input then ends as well, but is not read before a round in
/// progress is over.
fn end_with_parent() -> io::Result<()> {
    // SAFETY: PR_SET_PDEATHSIG takes a signal's number, no pointer.
    match unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
