//! What FUSE servers answer is met: every errno, to every call that a transfer makes of a file.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod errnos;
mod sizes;
mod support;
