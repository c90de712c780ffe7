//! Sends a file's bytes as cheaply as the kernel can: `sendfile`, without a copy in this process.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use nix::sys::sendfile::sendfile64;

const CHUNK: u64 = 1024 * 1024;

/// Sends the first `region` bytes of `file`, `passes` times over.
///
/// # Errors
/// Those of `sendfile(2)`, and an unexpected end if the file is shorter than `region`.
pub fn supply(file: &File, stream: &File, region: u64, passes: u64) -> io::Result<()> {
    for _ in 0..passes {
        let mut left = region;
        let mut offset = 0_i64;
        while left > 0 {
            let length = usize::try_from(left.min(CHUNK)).map_err(io::Error::other)?;
            match sendfile64(stream.as_fd(), file.as_fd(), Some(&mut offset), length) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(sent) => left -= sent as u64,
                Err(nix::errno::Errno::EINTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
    }
    Ok(())
}
