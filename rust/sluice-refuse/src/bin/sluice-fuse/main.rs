//! `sluice-fuse DIRECTORY`: mounts a file system whose files refuse what their names say, until standard input ends.
//!
//! Every name is the name of a file, which is empty at first. The parts of the name, between dots, say what the
//! file does:
//!
//! | part | the file |
//! |---|---|
//! | `CALL=ERRNO` | answers this number to `open`, `read`, `write`, `fallocate` or, as a target, `copy_file_range` |
//! | `CALL=ERRNO:N` | answers this number the first N times |
//! | `direct` | bypasses the page cache, as servers of remote files do (`FOPEN_DIRECT_IO`) |
//! | `slow=MILLIS` | takes this long for each read; all other requests wait meanwhile |
//! | `told=SIZE` | has this size according to its attributes, whatever it holds |
//! | any other | does nothing else; such parts tell files apart |
//!
//! The program prints `ready` once the file system is mounted. It needs root. It needs no library, because it
//! speaks the protocol over `/dev/fuse` itself. Source: `fuse(4)`, the kernel's `include/uapi/linux/fuse.h`.

mod file;
mod mount;
mod server;
mod wire;

use std::env::args_os;
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;
use std::thread;

const USAGE: &str = "usage: sluice-fuse DIRECTORY";

fn main() -> ExitCode {
    let arguments: Vec<_> = args_os().skip(1).collect();
    let [directory] = arguments.as_slice() else {
        eprintln!("{USAGE}");
        return ExitCode::from(125);
    };
    match serve(directory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", Path::new(directory).display());
            ExitCode::from(125)
        }
    }
}

fn serve(directory: &OsStr) -> io::Result<()> {
    let device = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/fuse")?;
    let mount = mount::Mount::of(Path::new(directory), &device)?;
    let server = thread::spawn(move || server::serve(&device));
    println!("ready");
    io::stdin().read_to_end(&mut Vec::new())?;
    drop(mount);
    server
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the server panicked")))
}
