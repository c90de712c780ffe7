//! A file onto itself: bytes arrive as by `memmove`, or the mechanism refuses and nothing has changed.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod block_device;
mod mapping;
mod mechanisms;
mod support;
