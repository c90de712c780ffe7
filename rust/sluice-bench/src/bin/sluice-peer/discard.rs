//! Receives bytes and throws them away as cheaply as the kernel can.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

const CHUNK: usize = 1024 * 1024;

/// Takes `bytes` bytes off the connection. On TCP, `MSG_TRUNC` frees the bytes in the kernel without copying them
/// (`tcp(7)`), because the receiver's cost must not hide the sender's. A unix socket copies the bytes all the same.
///
/// # Errors
/// Those of `recv(2)`, and an unexpected end if the other end closes early.
pub fn discard(stream: &File, bytes: u64) -> io::Result<()> {
    let mut unused = vec![0_u8; CHUNK];
    let mut left = bytes;
    while left > 0 {
        let length = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
        // SAFETY: the buffer has room for `length` bytes, should the kernel write any.
        let got = unsafe {
            libc::recv(
                stream.as_raw_fd(),
                unused.as_mut_ptr().cast(),
                length,
                libc::MSG_TRUNC,
            )
        };
        match u64::try_from(got) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(got) => left -= got,
            Err(_) => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
        }
    }
    Ok(())
}
