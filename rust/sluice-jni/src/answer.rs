//! How a transfer's outcome fits into one `long`.
//!
//! | answer | meaning |
//! |---|---|
//! | negative | `-errno`: nothing moved, and this is why |
//! | bits 0 to 47 | bytes moved |
//! | bits 48 to 62 | the errno that ended the transfer after those bytes, or 0: complete, short, or paused; all ones: the source has no more |
//!
//! A pause before any byte is answered as a signal would be (`-EINTR`): the caller looks at its channels and asks again.
//!
//! One native call moves at most `2^48 - 1` bytes; Java asks again for what is left.

use nix::errno::Errno;
use sluice::{Ending, Progress};

const ERRNO_SHIFT: u32 = 48;

/// The most bytes that one native call is asked to move.
pub(crate) const MOST_BYTES: u64 = (1 << ERRNO_SHIFT) - 1;

/// Stands for the end of the source, in the place of an errno.
const END_OF_FILE: i64 = 0x7fff;

pub(crate) fn encode(progress: Progress) -> i64 {
    let errno = match progress.ending {
        Ending::Failed(error) => i64::from(error.errno as i32),
        Ending::EndOfFile if progress.bytes > 0 => END_OF_FILE,
        Ending::Paused if progress.bytes == 0 => Errno::EINTR as i64,
        Ending::Complete | Ending::Short | Ending::Paused | Ending::EndOfFile => 0,
    };
    match i64::try_from(progress.bytes) {
        Ok(0) => -errno,
        Ok(bytes) => bytes | errno << ERRNO_SHIFT,
        Err(_) => i64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::errno::Errno;
    use sluice::{Call, Error};

    fn failed(bytes: u64, errno: Errno) -> Progress {
        Progress {
            bytes,
            ending: Ending::Failed(Error {
                call: Call::Sendfile,
                errno,
            }),
        }
    }

    #[test]
    fn bytes_and_errno_share_one_long() {
        let complete = Progress {
            bytes: 5 << 30,
            ending: Ending::Complete,
        };
        assert_eq!(encode(complete), 5 << 30);
        assert_eq!(encode(failed(0, Errno::EPIPE)), -32);
        let both = encode(failed(MOST_BYTES, Errno::EAGAIN));
        assert_eq!(both & ((1 << 48) - 1), (1 << 48) - 1);
        assert_eq!(both >> 48, 11);
        let told = |bytes, ending| encode(Progress { bytes, ending });
        assert_eq!(told(7, Ending::EndOfFile), 7 | 0x7fff << 48);
        assert_eq!(told(0, Ending::EndOfFile), 0);
        assert_eq!(told(7, Ending::Paused), 7);
        assert_eq!(told(0, Ending::Paused), -4);
    }
}
