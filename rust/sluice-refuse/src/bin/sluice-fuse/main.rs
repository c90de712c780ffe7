//! `sluice-fuse DIRECTORY`: mounts a file system whose files refuse what their names say, until standard input ends.
//!
//! Every name names a file, which is empty at first. The parts of a name, between dots, say what its file does:
//!
//! | part | the file |
//! |---|---|
//! | `CALL=ERRNO` | answers this number to `open`, `read`, `write`, `fallocate` or, as a target, `copy_file_range` |
//! | `CALL=ERRNO:N` | answers it the first N times |
//! | `direct` | passes the page cache by, as servers of remote files have it (`FOPEN_DIRECT_IO`) |
//! | `told=SIZE` | tells this size, whatever it holds |
//! | any other | does nothing by it: such parts tell files apart |
//!
//! `ready` is printed once the file system is mounted. It needs root, and no library: the protocol is spoken here, over
//! `/dev/fuse`. Source: `fuse(4)`, the kernel's `include/uapi/linux/fuse.h`.

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
