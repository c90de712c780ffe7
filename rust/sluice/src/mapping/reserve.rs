//! One mapping in reserve.
//!
//! When the process has as many mappings as it may have (`vm.max_map_count`), the kernel refuses even one that replaces
//! another. So one mapping is kept in reserve: it is given up for such a replacement, and taken again after.

use super::address_range::AddressRange;
use crate::error::Error;
use nix::errno::Errno;
use std::sync::{Mutex, MutexGuard, PoisonError};

static RESERVE: Mutex<Option<AddressRange>> = Mutex::new(None);

fn reserve() -> MutexGuard<'static, Option<AddressRange>> {
    RESERVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps a mapping in reserve, if there is none.
pub(super) fn keep() {
    let mut reserve = reserve();
    if reserve.is_none() {
        *reserve = AddressRange::single();
    }
}

/// Runs `over`, which maps over addresses that are mapped. If there are too many mappings, the reserve is given up and
/// `over` runs once more.
pub(super) fn with_reserve(over: impl Fn() -> Result<(), Error>) -> Result<(), Error> {
    match over() {
        Err(Error {
            errno: Errno::ENOMEM,
            call,
        }) => {
            let mut reserve = reserve();
            if reserve.take().is_none() {
                let errno = Errno::ENOMEM;
                return Err(Error { call, errno });
            }
            let answer = over();
            *reserve = AddressRange::single();
            answer
        }
        answer => answer,
    }
}

/// Gives the reserve back.
pub(super) fn release() {
    reserve().take();
}
