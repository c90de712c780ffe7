//! The native side of the comparison (`dev.sluice.bench.measure.NativeLibrary`): what Java alone cannot
//! do or measure. Each native belongs to the Java class that its symbol names.
//!
//! - [`baseline`]: the same system calls from a C loop, the floor under every figure;
//! - [`loop_buffer`]: the buffer of such a loop;
//! - [`descriptor`]: the number behind a JDK channel, which such a loop needs;
//! - [`congestion`]: how a socket paces what it sends;
//! - [`tcp_info`]: what TCP has done on a socket;
//! - [`affinity`]: the processors that a thread may run on;
//! - [`pipe_size`]: the size of a pipe;
//! - [`pipe_end`]: the far end of a pipe, which has to be in this process;
//! - [`cpu_time`]: CPU time of the calling thread and of processes;
//! - [`system_calls`]: which system calls a thread makes, and what they answer;
//! - [`usage`]: page faults, context switches, and what else `getrusage` tells;
//! - [`page_cache`]: a file dropped from the page cache;
//! - [`terminal`]: whether standard error is a terminal;
//! - [`error`]: an errno in words.
//!
//! Natives answer a value, or `-errno`. This crate shares nothing with the library that is measured.

pub mod affinity;
mod baseline;
pub mod congestion;
mod cpu_time;
mod descriptor;
mod error;
mod loop_buffer;
mod page_cache;
mod pipe_end;
mod pipe_size;
mod system_calls;
mod tcp_info;
mod terminal;
mod usage;
