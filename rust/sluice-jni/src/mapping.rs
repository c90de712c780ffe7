//! The natives of a mapping. A handle is the address of a `Mapping`, which Java frees once, when nobody can reach an address
//! of it any more.
//!
//! An error is answered as `-(call << 16 | errno)`, with the number of the system call that failed.

mod bytes;
pub(crate) mod life;
mod pages;

use crate::answer;
use jni::sys::jlong;
use nix::errno::Errno;
use sluice::{Error, Mapping, SystemCall};

fn at(mapping: jlong) -> *mut Mapping {
    std::ptr::with_exposed_provenance_mut(usize::try_from(mapping).unwrap_or(0))
}

fn invalid(call: SystemCall) -> Error {
    let errno = Errno::EINVAL;
    Error { call, errno }
}

fn number(call: SystemCall, value: jlong) -> Result<usize, Error> {
    usize::try_from(value).map_err(|_| invalid(call))
}

/// A part of a mapping, whose place and length Java passes to `call`.
fn part(call: SystemCall, offset: jlong, length: jlong) -> Result<(usize, usize), Error> {
    Ok((number(call, offset)?, number(call, length)?))
}

fn existing<'mapping>(mapping: jlong) -> Result<&'mapping Mapping, Error> {
    // SAFETY: the address comes from `map0` and is not freed yet: Java frees it when the object that calls this and all
    // buffers are unreachable.
    unsafe { at(mapping).as_ref() }.ok_or(invalid(SystemCall::Mmap))
}

fn handle(mapping: Mapping) -> i64 {
    Box::into_raw(Box::new(mapping)).expose_provenance() as i64
}

fn with(mapping: jlong, does: impl FnOnce(&Mapping) -> Result<i64, Error>) -> i64 {
    answer::of(existing(mapping).and_then(does))
}
