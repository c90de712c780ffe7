//! Sends a file's bytes: from user memory, or as pages of the page cache.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;

use nix::sys::sendfile::sendfile64;

/// What one call asks for in user memory.
const BUFFER_BYTES: usize = 256 * 1024;

/// What one `sendfile` asks for.
const CHUNK: u64 = 1024 * 1024;

/// The beginning of the file in user memory. It is read once, before the first round is timed.
#[derive(Default)]
pub struct Memory(Vec<u8>);

impl Memory {
    /// Sends the first `region` bytes of `file`, `passes` times over, by `write` from user memory.
    ///
    /// # Errors
    /// Those of `read(2)` and `write(2)`, and an unexpected end if the file is shorter than `region`.
    pub fn supply(
        &mut self,
        file: &File,
        mut stream: &File,
        region: u64,
        passes: u64,
    ) -> io::Result<()> {
        let region = usize::try_from(region).map_err(io::Error::other)?;
        let had = self.0.len();
        if had < region {
            self.0.resize(region, 0);
            file.read_exact_at(&mut self.0[had..], had as u64)?;
        }
        for _ in 0..passes {
            for piece in self.0[..region].chunks(BUFFER_BYTES) {
                stream.write_all(piece)?;
            }
        }
        Ok(())
    }
}

/// Sends the first `region` bytes of `file`, `passes` times over, by `sendfile`: without a copy in this process.
///
/// # Errors
/// Those of `sendfile(2)`, and an unexpected end if the file is shorter than `region`.
pub fn supply_pages(file: &File, stream: &File, region: u64, passes: u64) -> io::Result<()> {
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
