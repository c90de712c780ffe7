//! What a transfer has done, and what ended it.

use crate::error::Error;
use crate::numbered::numbered;
use crate::system_call::SystemCall;
use nix::errno::Errno;

numbered! {
    /// One of the two ends of a transfer.
    ///
    /// ```
    /// use sluice::{Ending, Side};
    ///
    /// let ending = Ending::WouldBlock(Side::Target);
    /// assert_eq!(ending.name(), "TARGET_WOULD_BLOCK");
    /// ```
    pub enum Side {
        /// Where the bytes come from.
        1 "SOURCE" Source,
        /// Where they go.
        2 "TARGET" Target,
    }
}

/// Why a transfer moved no more bytes.
///
/// ```
/// use sluice::Ending;
///
/// assert_eq!(Ending::ALL[3], Ending::EndOfFile);
/// assert_eq!(Ending::EndOfFile.number(), 3);
/// assert_eq!(Ending::EndOfFile.name(), "END_OF_FILE");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The count was reached.
    Complete,
    /// A call moved fewer bytes than it was asked to: the file ends there, or the target is full. Only with
    /// [`Pace::AtOnce`](super::Pace::AtOnce): with the others it is found out which of the two.
    Short,
    /// The turn was over, or a signal came. The caller may look at its own state, and asks again.
    Paused,
    /// The source has no more bytes: the end of a file, or a peer that has finished.
    EndOfFile,
    /// This side is not ready. The caller may wait for it, and asks again.
    WouldBlock(Side),
    /// A socket has a pending error, which the next call on it will get. It was left there, because bytes had been
    /// moved before it.
    ErrorPending,
    /// A call failed.
    Failed(Error),
}

/// Gives the endings their numbers and names, by one table.
macro_rules! endings {
    ($($number:literal $name:literal $ending:pat => $one:expr,)+) => {
        impl Ending {
            /// One of each, in the order of their numbers. The error of the last is an example.
            pub const ALL: &'static [Ending] = &[$($one,)+];

            /// The number by which other languages know the ending. It never changes.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self {
                    $($ending => $number,)+
                }
            }

            /// The name by which other languages know the ending.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($ending => $name,)+
                }
            }
        }
    };
}

endings! {
    0 "COMPLETE" Ending::Complete => Ending::Complete,
    1 "SHORT" Ending::Short => Ending::Short,
    2 "PAUSED" Ending::Paused => Ending::Paused,
    3 "END_OF_FILE" Ending::EndOfFile => Ending::EndOfFile,
    4 "SOURCE_WOULD_BLOCK" Ending::WouldBlock(Side::Source) => Ending::WouldBlock(Side::Source),
    5 "TARGET_WOULD_BLOCK" Ending::WouldBlock(Side::Target) => Ending::WouldBlock(Side::Target),
    6 "ERROR_PENDING" Ending::ErrorPending => Ending::ErrorPending,
    7 "FAILED" Ending::Failed(_) => Ending::Failed(Error::new(SystemCall::Read, Errno::EIO)),
}

impl Ending {
    /// What a failed call means. `blocked` tells which side the call would have had to wait for.
    pub(crate) fn of_failed_call(error: Error, blocked: impl FnOnce() -> Option<Side>) -> Ending {
        match error.errno {
            // A caller that wakes its threads by signals looks at its own state.
            Errno::EINTR => Ending::Paused,
            Errno::EAGAIN if error.call.may_wait() => {
                blocked().map_or(Ending::Failed(error), Ending::WouldBlock)
            }
            _ => Ending::Failed(error),
        }
    }
}

/// What a transfer has done.
///
/// ```
/// use sluice::{Ending, Endpoint, Mechanism, Pace, Progress, Request, Steps};
/// use std::os::fd::AsFd;
///
/// let (empty, target) = (tempfile::tempfile()?, tempfile::tempfile()?);
/// let request = Request {
///     source: Endpoint::file_at(empty.as_fd(), 0),
///     target: Endpoint::file_at(target.as_fd(), 0),
///     count: 10,
///     pace: Pace::Throughout,
/// };
/// let progress = request.run(Mechanism::Auto, &mut Steps::default());
/// assert_eq!(progress, Progress { bytes: 0, ending: Ending::EndOfFile });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that reached the target, at most the count.
    pub bytes: u64,
    /// Why there are no more.
    pub ending: Ending,
}

impl Progress {
    pub(super) fn failed(bytes: u64, error: Error) -> Progress {
        Progress {
            bytes,
            ending: Ending::Failed(error),
        }
    }

    /// Nothing moved: `call` does not serve such a pair, which is known without making the call.
    pub(super) fn refused(call: SystemCall, errno: Errno) -> Progress {
        Progress::failed(0, Error { call, errno })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_in_the_order_of_their_numbers_and_have_a_name_each() {
        for (number, ending) in Ending::ALL.iter().enumerate() {
            assert_eq!(usize::from(ending.number()), number);
            let same_name = Ending::ALL
                .iter()
                .filter(|other| other.name() == ending.name());
            assert_eq!(same_name.count(), 1, "{}", ending.name());
        }
    }
}
