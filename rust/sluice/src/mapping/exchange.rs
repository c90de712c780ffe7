//! Compare and exchange in a mapping whose file may be truncated meanwhile.
//!
//! HotSpot makes an `InternalError` of a page that is not there, in compiled code and in most of its own natives. The
//! natives by which its interpreter compares and exchanges are an exception: there the SIGBUS ends the JVM. No system
//! call exchanges values. So this is the one place where code of this crate touches the pages of a user's file: a few
//! instructions of assembly. A handler of SIGBUS lets them answer "fault", and passes any other SIGBUS, with all its
//! arguments, to the handler that was there before.

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod instructions;
mod sigbus_handler;

use crate::numbered::numbered;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use instructions::{sluice_exchange_4, sluice_exchange_8};
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use nix::libc::c_int;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use sigbus_handler::is_guarded;
pub(crate) use sigbus_handler::release;

numbered! {
    /// What became of an exchange.
    ///
    /// ```
    /// use sluice::{Exchanged, MapRequest, Mapping, Protection, exchange_4};
    /// use std::os::fd::AsFd;
    ///
    /// let file = tempfile::tempfile()?;
    /// file.set_len(4)?;
    /// let request = MapRequest {
    ///     offset: 0,
    ///     length: 4,
    ///     protection: Protection::ReadWrite,
    ///     populate: false,
    ///     no_reserve: false,
    ///     synchronous: false,
    /// };
    /// let mapping = Mapping::map(file.as_fd(), request)?;
    /// // SAFETY: the address is that of the mapping, which stays mapped.
    /// let exchanged = unsafe { exchange_4(mapping.address(), 0, 7) };
    /// assert!(matches!(exchanged, Some(Exchanged::Done) | None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub enum Exchanged {
        /// Another value is there.
        0 "OTHER_VALUE" OtherValue,
        /// It is done.
        1 "EXCHANGED" Done,
        /// The page is not there.
        2 "PAGE_GONE" PageGone,
    }
}

/// Exchanges four bytes at an aligned address, with sequential consistency. `None` if there is no guard: on another
/// processor, or where the handler cannot be set.
///
/// # Safety
/// The address lies in a mapping that stays mapped during the call. The file may be truncated.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[must_use]
pub unsafe fn exchange_4(address: usize, expected: u32, value: u32) -> Option<Exchanged> {
    // SAFETY: by the caller; a page that is not there is answered by the handler.
    is_guarded().then(|| exchanged(unsafe { sluice_exchange_4(address, expected, value) }))
}

/// Exchanges eight bytes, as [`exchange_4`] four.
///
/// # Safety
/// As of [`exchange_4`].
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[must_use]
pub unsafe fn exchange_8(address: usize, expected: u64, value: u64) -> Option<Exchanged> {
    // SAFETY: by the caller; a page that is not there is answered by the handler.
    is_guarded().then(|| exchanged(unsafe { sluice_exchange_8(address, expected, value) }))
}

/// There is no assembly for this processor.
///
/// # Safety
/// Nothing is done.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[must_use]
pub unsafe fn exchange_4(_address: usize, _expected: u32, _value: u32) -> Option<Exchanged> {
    None
}

/// There is no assembly for this processor.
///
/// # Safety
/// Nothing is done.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[must_use]
pub unsafe fn exchange_8(_address: usize, _expected: u64, _value: u64) -> Option<Exchanged> {
    None
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn exchanged(answer: c_int) -> Exchanged {
    match answer {
        0 => Exchanged::OtherValue,
        1 => Exchanged::Done,
        _ => Exchanged::PageGone,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MapRequest, Mapping, Protection};
    use super::*;
    use crate::page_size::page_size;
    use std::os::fd::AsFd;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn values_are_exchanged_and_a_truncated_file_is_a_fault() {
        let file = tempfile::tempfile().expect("a file");
        let page = page_size();
        let set_pages = |pages: usize| file.set_len((pages * page) as u64).expect("resized");
        set_pages(2);
        let how = MapRequest {
            offset: 0,
            length: 2 * page,
            protection: Protection::ReadWrite,
            populate: false,
            no_reserve: false,
            synchronous: false,
        };
        let mapping = Mapping::map(file.as_fd(), how).expect("mapped");
        let at = mapping.address();
        // SAFETY: both lie in the mapping.
        let four = |offset, old, new| unsafe { exchange_4(at + offset, old, new) };
        // SAFETY: as above.
        let eight = |offset, old, new| unsafe { exchange_8(at + offset, old, new) };
        if four(0, 0, 7).is_none() {
            return;
        }
        assert_eq!(four(0, 7, 8), Some(Exchanged::Done));
        assert_eq!(four(0, 7, 9), Some(Exchanged::OtherValue));
        assert_eq!(eight(page, 0, u64::MAX), Some(Exchanged::Done));
        assert_eq!(eight(page, 0, 1), Some(Exchanged::OtherValue));
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..300 {
                    set_pages(1);
                    set_pages(2);
                }
                is_over.store(true, Ordering::Relaxed);
            });
            let mut value = 0;
            while !is_over.load(Ordering::Relaxed) {
                match eight(page, value, value + 1) {
                    Some(Exchanged::Done) => value += 1,
                    _ => value = 0,
                }
            }
        });
        set_pages(1);
        assert_eq!(eight(page, 0, 1), Some(Exchanged::PageGone));
        assert_eq!(four(page + 4, 0, 1), Some(Exchanged::PageGone));
        assert_eq!(four(0, 8, 9), Some(Exchanged::Done));
    }
}
