//! What calls answer: a count, an `int` or an address, each of which is a machine word.

use libc::ssize_t;
use std::ffi::{c_int, c_void};

pub(super) trait Answer {
    fn to_word(self) -> ssize_t;
    fn of_word(word: ssize_t) -> Self;
}

impl Answer for ssize_t {
    fn to_word(self) -> ssize_t {
        self
    }

    fn of_word(word: ssize_t) -> ssize_t {
        word
    }
}

impl Answer for c_int {
    fn to_word(self) -> ssize_t {
        self as ssize_t
    }

    fn of_word(word: ssize_t) -> c_int {
        c_int::try_from(word).unwrap_or(-1)
    }
}

impl Answer for *mut c_void {
    fn to_word(self) -> ssize_t {
        self.expose_provenance() as ssize_t
    }

    fn of_word(word: ssize_t) -> *mut c_void {
        std::ptr::with_exposed_provenance_mut(word as usize)
    }
}
