//! Promises of a copy whose source is changed meanwhile.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod between_steps;
mod by_a_thread;
mod support;
