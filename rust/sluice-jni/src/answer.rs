//! How a transfer's outcome fits into one `long`.
//!
//! | answer | meaning |
//! |---|---|
//! | negative | `-errno`: nothing moved, and this is why |
//! | bits 0 to 47 | bytes moved |
//! | bits 48 to 62 | the errno that ended the transfer after those bytes, or 0: complete, short, or end of file |
//!
//! One native call moves at most `2^48 - 1` bytes; Java asks again for what is left.

use sluice::{Ending, Progress};

const ERRNO_SHIFT: u32 = 48;

/// The most bytes that one native call is asked to move.
pub(crate) const MOST_BYTES: u64 = (1 << ERRNO_SHIFT) - 1;

pub(crate) fn encode(progress: Progress) -> i64 {
    let errno = match progress.ending {
        Ending::Failed(error) => i64::from(error.number()),
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
        // One that no name is known of is never told as an end.
        assert_eq!(encode(failed(0, Errno::UnknownErrno)), -5);
    }
}
