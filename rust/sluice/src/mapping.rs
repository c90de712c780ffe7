//! A file mapped into memory.
//!
//! Code of this crate never touches the pages of a user's file: if the file is truncated meanwhile, that is a SIGBUS,
//! which kills the process. The kernel copies the bytes, and answers `EFAULT` instead. The exception is `exchange.rs`,
//! which has a guard of its own.
//!
//! A mapping is closed in two steps. [`Mapping::retire`] releases the file, its pages and its locks at once, and puts
//! something harmless at the addresses. The addresses go back when the mapping is dropped: the caller drops it when no
//! thread can use one of them any more. Only `retire` and [`Mapping::take_pages`] map over addresses that are mapped
//! (`MAP_FIXED`), and only over those of a living mapping of this type.

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
