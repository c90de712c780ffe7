//! How a transfer's progress fits into one `long`.
//!
//! | bits | meaning |
//! |---|---|
//! | 0 to 47 | bytes moved |
//! | 48 to 55 | the errno of the call that failed, or 0 |
//! | 56 to 58 | the ending |
//! | 59 to 60 | the side that failed: 0 not known, 1 the source, 2 the target |
//!
//! The sign is that of [`PANICKED`](crate::panic::PANICKED) alone. One native call moves at most `2^48 - 1` bytes; Java asks
//! again for what is left.

use nix::errno::Errno;
use sluice::{Ending, Error, Progress, Side, SystemCall};

const ERRNO_SHIFT: u32 = 48;
const ENDING_SHIFT: u32 = 56;
const SIDE_SHIFT: u32 = 59;

/// Where the parts of an answer lie, by the names that Java has for them.
pub(crate) const SHIFTS: &[(&str, u32)] = &[
    ("ERRNO_SHIFT", ERRNO_SHIFT),
    ("ENDING_SHIFT", ENDING_SHIFT),
    ("SIDE_SHIFT", SIDE_SHIFT),
];

/// The most bytes that one native call is asked to move.
pub(crate) const MOST_BYTES: u64 = (1 << ERRNO_SHIFT) - 1;

/// Whether an answer is a pause before any byte.
pub(crate) fn is_nothing_yet(answer: i64) -> bool {
    answer == i64::from(Ending::Paused.number()) << ENDING_SHIFT
}

/// Answers what a transfer has done, and whose failure it was.
pub(crate) fn encode(progress: Progress, side: Option<Side>) -> i64 {
    let errno = match progress.ending {
        Ending::Failed(error) => error.number(),
        _ => 0,
    };
    let bytes = i64::try_from(progress.bytes.min(MOST_BYTES)).unwrap_or(0);
    bytes | end(progress.ending, errno, side)
}

/// Answers that nothing was moved, and why.
pub(crate) fn failed(errno: Errno) -> i64 {
    let call = SystemCall::Read;
    let error = Error { call, errno };
    end(Ending::Failed(error), error.number(), None)
}

fn end(ending: Ending, errno: i32, side: Option<Side>) -> i64 {
    let ending = i64::from(ending.number());
    let side = side.map_or(0, |side| i64::from(side.number()));
    ((i64::from(errno) & 0xff) << ERRNO_SHIFT) | (ending << ENDING_SHIFT) | (side << SIDE_SHIFT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_ending_errno_and_side_share_one_long() {
        let complete = Progress {
            bytes: 5 << 30,
            ending: Ending::Complete,
        };
        assert_eq!(encode(complete, None), 5 << 30);
        let failed = Progress {
            bytes: MOST_BYTES,
            ending: Ending::Failed(Error {
                call: SystemCall::Sendfile,
                errno: Errno::EHWPOISON,
            }),
        };
        let answer = encode(failed, Some(Side::Target));
        assert!(answer > 0);
        assert_eq!(answer & ((1 << 48) - 1), (1 << 48) - 1);
        assert_eq!((answer >> 48) & 0xff, 133);
        assert_eq!((answer >> 56) & 7, 7);
        assert_eq!(answer >> 59, 2);
        // One that no name is known of is never told as an end.
        assert_eq!((super::failed(Errno::UnknownErrno) >> 48) & 0xff, 5);
    }
}
