//! `sluice-peer FILE [SOCKET]`: the other end of a measured connection. It is a process of its own, so that its
//! work is not counted as the transferring thread's.
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
//!
//! The answer to a line that fails is `error TEXT`, and the connection is dropped so that the other end
//! does not wait. The process ends when its standard input does, or with its parent. It never waits
//! longer than [`listener::PATIENCE`].

mod digest;
mod discard;
mod listener;
mod supply;

use std::env;
use std::fs::File;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use listener::Listener;

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
    let path = env::args_os()
        .nth(1)
        .ok_or_else(|| invalid("usage: sluice-peer FILE [SOCKET]"))?;
    let file = File::open(path)?;
    let listener = Listener::bind(env::args_os().nth(2))?;
    say(&format!("listening {}", listener.address()?))?;

    let mut connection = None;
    for line in io::stdin().lock().lines() {
        match answer(&line?, &listener, &file, &mut connection) {
            Ok(text) => say(&text)?,
            Err(error) => {
                connection = None;
                say(&format!("error {error}"))?;
            }
        }
    }
    Ok(())
}

fn answer(
    line: &str,
    listener: &Listener,
    file: &File,
    connection: &mut Option<File>,
) -> io::Result<String> {
    let mut words = line.split_ascii_whitespace();
    let command = words.next().unwrap_or_default();
    if command == "accept" {
        *connection = Some(listener.accept()?);
        return Ok("accepted".into());
    }
    let stream = connection
        .as_ref()
        .ok_or_else(|| io::Error::from(io::ErrorKind::NotConnected))?;
    match command {
        "discard" => discard::discard(stream, number(words.next())?).map(|()| "done".into()),
        "digest" => {
            digest::digest(stream, number(words.next())?).map(|hex| format!("sha256 {hex}"))
        }
        "supply" => supply::supply(file, stream, number(words.next())?, number(words.next())?)
            .map(|()| "done".into()),
        _ => Err(invalid("no such command")),
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
