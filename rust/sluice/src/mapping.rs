//! A file mapped into memory.
//!
//! The pages of a user's file are never touched here but by `exchange.rs`, with a guard of its own: a file that is truncated
//! meanwhile would be a SIGBUS, which kills the process. Bytes are copied by the kernel, which answers `EFAULT` instead.
//!
//! A mapping is closed in two steps. [`Mapping::retire`] releases the file, its pages and its locks at once, and leaves the
//! addresses to something harmless; they go back when the mapping is dropped, which is for the caller to do when nobody
//! can use one of them any more. Nothing but `retire` and [`Mapping::take_pages`] is ever mapped over addresses that are
//! mapped (`MAP_FIXED`), and both over those of a living mapping of this type alone.

mod address_range;
mod advice;
mod cover;
pub(crate) mod exchange;
mod kernel_copy;
mod map;
mod map_request;
mod move_pages;
mod pages;
mod reserve;
mod residency;
pub(crate) mod retire;
mod send;
mod sync;

pub use advice::Advice;
pub use exchange::{Exchanged, exchange_4, exchange_8};
pub use map::Mapping;
pub use map_request::{MapRequest, Protection};
pub use retire::{After, prepare as prepare_retirement};
