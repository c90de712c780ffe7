//! `sluice-refuse CALL=ERRNO[,CALL=ERRNO ...] -- COMMAND [ARGUMENT ...]`: runs a command under a seccomp profile
//! that refuses these system calls, as a container's profile does. Processes that the command starts are under the
//! profile too.
//!
//! `ficlonerange` and `ficlone` stand for those requests of `ioctl(2)`. Every other request is let through.

mod filter;
mod names;

use std::env::args_os;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

const USAGE: &str = "usage: sluice-refuse CALL=ERRNO[,CALL=ERRNO ...] -- COMMAND [ARGUMENT ...]";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = args_os().skip(1).collect();
    let [refusals, dashes, command, rest @ ..] = arguments.as_slice() else {
        return failed(USAGE);
    };
    if dashes != "--" {
        return failed(USAGE);
    }
    let refusals = match names::parse(&refusals.to_string_lossy()) {
        Ok(refusals) => refusals,
        Err(unknown) => return failed(&unknown),
    };
    if let Err(error) = filter::install(&refusals) {
        return failed(&format!("seccomp: {error}"));
    }
    let error = Command::new(command).args(rest).exec();
    failed(&format!("{}: {error}", command.to_string_lossy()))
}

fn failed(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(125)
}
