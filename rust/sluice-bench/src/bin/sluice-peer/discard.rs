//! Receives bytes and throws them away.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsRawFd;

/// What one call asks for in user memory.
const BUFFER_BYTES: usize = 256 * 1024;

/// What one call asks for that copies nothing.
const CHUNK: usize = 1024 * 1024;

/// Takes `bytes` bytes off the connection into user memory, as a receiver does that reads them.
///
/// # Errors
/// Those of `read(2)`, and an unexpected end if the other end closes early.
pub fn read(mut stream: &File, bytes: u64) -> io::Result<()> {
    let mut buffer = vec![0_u8; BUFFER_BYTES];
    repeat(bytes, BUFFER_BYTES, |length| {
        stream.read(&mut buffer[..length])
    })
}

/// Takes `bytes` bytes off the connection. On TCP, `MSG_TRUNC` frees the bytes in the kernel without copying them
/// (`tcp(7)`), as if a network card had taken them. A unix socket copies the bytes all the same.
///
/// # Errors
/// Those of `recv(2)`, and an unexpected end if the other end closes early.
pub fn free(stream: &File, bytes: u64) -> io::Result<()> {
    let mut unused = vec![0_u8; CHUNK];
    repeat(bytes, CHUNK, |length| {
        // SAFETY: the buffer has room for `length` bytes, should the kernel write any.
        let got = unsafe {
            libc::recv(
                stream.as_raw_fd(),
                unused.as_mut_ptr().cast(),
                length,
                libc::MSG_TRUNC,
            )
        };
        usize::try_from(got).map_err(|_| io::Error::last_os_error())
    })
}

fn repeat(
    bytes: u64,
    most: usize,
    mut call: impl FnMut(usize) -> io::Result<usize>,
) -> io::Result<()> {
    let mut left = bytes;
    while left > 0 {
        match call(usize::try_from(left).map_or(most, |left| left.min(most))) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(got) => left -= got as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
