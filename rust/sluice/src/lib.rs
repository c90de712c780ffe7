#![doc = include_str!("../README.md")]
//!
//! # The types
//!
//! A [`Request`] names a source, a target and a count of bytes. [`Request::run`] serves it by exactly one
//! [`Mechanism`], or, with [`Mechanism::Auto`], by the first rung of the ladder that the kernel does not refuse. The
//! [`Progress`] says how many bytes moved and what ended the transfer; [`Steps`] says which mechanism moved them, by
//! how many system calls, and which was refused with which errno.
//!
//! A [`Mapping`] is a part of a file in memory, which can be closed while other threads use it. A [`FileCopy`] copies
//! one file to another with its holes. A [`SecondDescriptor`] is a descriptor whose close releases no POSIX lock.

mod copy;
mod endpoint;
mod error;
mod mapping;
mod mechanism;
mod memory_file;
mod numbered;
mod page_sharing;
mod page_size;
mod pooled;
mod second_descriptor;
mod statx;
mod system_call;
mod transfer;

pub use copy::{
    AtOnce, Attributes, Begun, Done, FileCopy, Holes, Made, Sharing, copy_attributes,
    keeps_all_names, permissions_of_new, replace, snapshot,
};
pub use endpoint::{Endpoint, Kind, Offset};
pub use error::Error;
pub use mapping::{
    Advice, After, Exchanged, MapRequest, Mapping, Protection, exchange_4, exchange_8,
    prepare_retirement,
};
pub use mechanism::Mechanism;
pub use page_sharing::PageSharing;
pub use second_descriptor::{
    Descriptor, SecondDescriptor, prepare as prepare_second_descriptors, run as run_with,
};
pub use system_call::SystemCall;
pub use transfer::{
    Ending, InFlight, Pace, Progress, Request, Side, Step, Steps, cork, read_ahead, uncork,
};

/// Gives back what is kept for the next transfers and mappings: pipes, buffers, a file in memory, threads. For a
/// library that is about to be unloaded: no thread may be in a call of this crate. A later call makes new ones.
pub fn release() {
    pooled::pipe::release();
    pooled::buffer::release();
    mapping::retire::release();
    mapping::exchange::release();
    transfer::refusals::forget();
    second_descriptor::release();
}
