//! What a native answers that may fail, as Java's `Answer` reads it: 0 or more, or `-errno`, or, where one of several system
//! calls may fail, `-(call << 16 | errno)` with the number of the call.

use nix::errno::Errno;
use sluice::{Error, SystemCall};

pub(crate) fn of_errno<T: Into<i64>>(result: nix::Result<T>) -> i64 {
    result.map_or_else(|errno| -(errno as i64), Into::into)
}

pub(crate) const CALL_SHIFT: u32 = 16;

pub(crate) fn of(result: Result<i64, Error>) -> i64 {
    result
        .unwrap_or_else(|error| -(((error.call as i64) << CALL_SHIFT) | i64::from(error.number())))
}

pub(crate) fn naming(call: SystemCall) -> impl Fn(Errno) -> Error {
    move |errno| Error { call, errno }
}
