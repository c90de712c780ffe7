//! Promises of the core, over descriptors of every kind.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod endings;
mod files;
mod streams;
mod support;
