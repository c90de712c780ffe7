//! Receives bytes and answers their digest.

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

const CHUNK: usize = 256 * 1024;

/// SHA-256 of the next `bytes` bytes of the connection, in lower-case hexadecimal.
///
/// # Errors
/// Those of `read(2)`, and an unexpected end if the other end closes early.
pub fn digest(mut stream: &File, bytes: u64) -> io::Result<String> {
    let mut buffer = vec![0_u8; CHUNK];
    let mut digest = Sha256::new();
    let mut left = bytes;
    while left > 0 {
        let length = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
        let got = stream.read(&mut buffer[..length])?;
        if got == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        digest.update(&buffer[..got]);
        left -= got as u64;
    }
    let mut text = String::new();
    for byte in digest.finalize() {
        text += &format!("{byte:02x}");
    }
    Ok(text)
}
