//! The natives of the comparison (`dev.sluice.bench.Native`), for what Java alone cannot do or
//! measure.
//!
//! - [`baseline`]: the same system calls from a C loop, the floor under every figure;
//! - [`own`]: the buffer or the pipe that such a loop uses;
//! - [`descriptor`]: the number of a JDK channel's descriptor, which such a loop needs;
//! - [`congestion`]: how a socket paces what it sends;
//! - [`pipe_end`]: the far end of a pipe, which has to be in this process;
//! - [`clock`]: CPU time of the calling thread;
//! - [`system_calls`]: which system calls a thread makes, and what they answer;
//! - [`usage`]: page faults, context switches, and what else `getrusage` tells;
//! - [`page_cache`]: a file dropped from the page cache;
//! - [`terminal`]: whether a standard stream is a terminal;
//! - [`error`]: the words for an errno.
//!
//! Natives answer a value, or `-errno`. The crate shares nothing with the library that is measured.

mod baseline;
mod clock;
pub mod congestion;
mod descriptor;
mod error;
mod own;
mod page_cache;
mod pipe_end;
mod system_calls;
mod terminal;
mod usage;
