//! How a number from Java becomes a descriptor: lent for the time of one native call, or one of the second table, whose work is
//! done by a thread of that table.

use crate::answer;
use crate::wait::wake;
use jni::sys::jint;
use nix::errno::Errno;
use sluice::{Descriptor, Error, SecondDescriptor, SystemCall};
use std::mem::ManuallyDrop;
use std::os::fd::BorrowedFd;

/// Set in the number of a descriptor that lies in the second table, see [`SecondDescriptor`]. No process has so many.
pub(crate) const SECOND: jint = 1 << 30;

/// Runs `work` with the descriptors that these numbers stand for: on this thread, or, where one lies in the second table, on
/// a thread of that table, with the JDK's signals passed on.
pub(crate) fn with<const N: usize, R: Send>(
    numbers: [jint; N],
    work: impl FnOnce([BorrowedFd<'_>; N]) -> R + Send,
) -> Result<R, Error> {
    if numbers.iter().any(|number| *number < 0) {
        return Err(Error {
            call: SystemCall::Open,
            errno: Errno::EBADF,
        });
    }
    // SAFETY: every native that calls this uses the numbers until it returns and keeps none. Java passes a channel's number
    // under the channel's guards, or between two looks at whether it is open; or a descriptor of its own, which it closes
    // later.
    let lent = numbers.map(|number| unsafe { BorrowedFd::borrow_raw(number) });
    if numbers.iter().all(|number| number & SECOND == 0) {
        return Ok(work(lent));
    }
    // SAFETY: as above; what is made here closes nothing.
    let second = numbers.map(|number| unsafe { second(number) });
    let mut at = 0;
    let descriptors = lent.map(|fd| {
        let second = &second[at];
        at += 1;
        match second {
            Some(second) => Descriptor::Second(second),
            None => Descriptor::Lent(fd),
        }
    });
    sluice::run_with(descriptors, &wake, work)
}

/// # Safety
/// Java owns the number, and keeps it until what this answers is gone.
pub(crate) unsafe fn second(number: jint) -> Option<ManuallyDrop<SecondDescriptor>> {
    // SAFETY: see above.
    let of = |number| ManuallyDrop::new(unsafe { SecondDescriptor::from_number(number) });
    (number & SECOND != 0).then(|| of(number & !SECOND))
}

/// As [`with`] one, for what answers an errno.
pub(crate) fn with_one(
    number: jint,
    work: impl FnOnce(BorrowedFd<'_>) -> nix::Result<i64> + Send,
) -> i64 {
    answer::of_errno(
        with([number], |[fd]| work(fd))
            .map_err(|error| error.errno)
            .and_then(|answer| answer),
    )
}
