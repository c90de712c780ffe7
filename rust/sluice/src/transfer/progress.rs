//! What a transfer has done, and what ended it.

use crate::error::Error;
use crate::system_call::SystemCall;
use nix::errno::Errno;

/// One of the two ends of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Where the bytes come from.
    Source,
    /// Where they go.
    Target,
}

/// Why a transfer moved no more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The count was reached.
    Complete,
    /// A call moved fewer bytes than it was asked to: the file ends there, or the target is full. Only with
    /// [`Pace::AtOnce`]: otherwise it is found out which.
    Short,
    /// Nothing but the time stopped it, or a signal: the caller may want to look at its own state, and asks again.
    Paused,
    /// The source has no more bytes: the end of a file, or a peer that has finished.
    EndOfFile,
    /// A stream is not ready: the caller may wait for it, and asks again.
    WouldBlock(Side),
    /// A socket owes an error to whoever calls next. It was left there, because bytes had been moved before it.
    ErrorPending,
    /// A call failed.
    Failed(Error),
}

impl Ending {
    /// What a failed call means, of which `blocked` is the side that it would have had to wait for.
    pub(crate) fn of_failed_call(error: Error, blocked: impl FnOnce() -> Option<Side>) -> Ending {
        match error.errno {
            // Whoever sends signals to wake its threads looks at its own state.
            Errno::EINTR => Ending::Paused,
            Errno::EAGAIN if error.call.may_wait() => {
                blocked().map_or(Ending::Failed(error), Ending::WouldBlock)
            }
            _ => Ending::Failed(error),
        }
    }
}

/// What a transfer has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that reached the target, at most the count.
    pub bytes: u64,
    /// Why they are not more.
    pub ending: Ending,
}

impl Progress {
    pub(super) fn failed(bytes: u64, error: Error) -> Progress {
        Progress {
            bytes,
            ending: Ending::Failed(error),
        }
    }

    /// Nothing moved: `call` does not serve such a pair, which is known without making it.
    pub(super) fn refused(call: SystemCall, errno: Errno) -> Progress {
        Progress::failed(0, Error { call, errno })
    }
}
