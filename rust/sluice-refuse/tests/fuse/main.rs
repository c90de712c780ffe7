//! Transfers from and to files of FUSE servers, which answer every errno to every call that a transfer makes.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod errnos;
mod sizes;
mod support;
