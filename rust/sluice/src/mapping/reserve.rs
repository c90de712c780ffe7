//! One mapping in reserve.
//!
//! Where the process has as many mappings as it may have (`vm.max_map_count`), the kernel refuses even one that replaces
//! another. A mapping is kept in reserve for that moment, given up, and taken again.

use super::address_range::AddressRange;
use crate::error::Error;
use nix::errno::Errno;
use std::sync::{Mutex, MutexGuard, PoisonError};

static RESERVE: Mutex<Option<AddressRange>> = Mutex::new(None);

fn reserve() -> MutexGuard<'static, Option<AddressRange>> {
    RESERVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets a mapping aside, where there is none.
pub(super) fn keep() {
    let mut reserve = reserve();
    if reserve.is_none() {
        *reserve = AddressRange::single();
    }
}

/// Runs `over`, which maps over addresses that are mapped; once more without the reserve where there are too many mappings.
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

/// Gives it back.
pub(super) fn release() {
    reserve().take();
}
