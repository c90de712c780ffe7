//! From a source to a target: what is asked for, how it is served, and what came of it.
//!
//! The files from the ground up. A file uses those of the rows above it and of its own, and none of the rows below.
//!
//! | files | idea |
//! |---|---|
//! | `progress`, `steps`, `budget` | what was done, by which calls, and for how long |
//! | `request` | what is asked for |
//! | `file_position`, `file_size`, `page_cache`, `cached_pages`, `read_ahead`, `same_file`, `direct_file`, `whole_blocks` | what files have of their own |
//! | `backward_move`, `in_flight` | what is kept between two calls |
//! | `memory`, `cork` | bytes that are in no file, and what TCP is told of those that follow |
//! | `uncached` | how files are read and written that are to leave nothing in the page cache |
//! | `loops`, `streams`, `stream_to_blocks` | the loops that mechanisms share |
//! | `mechanism` | one file for each way to move bytes |
//! | `overlap`, `end_of_file`, `ladder`, `refusals`, `judge` | which mechanism may serve, and what its end means |
//! | `walk` | serves a request by one mechanism or down the ladder |
//! | `warm` | how much of a request needs no wait for a device |

pub(crate) mod backward_move;
pub(crate) mod budget;
mod cached_pages;
mod cork;
mod direct_file;
mod end_of_file;
mod file_position;
mod file_size;
mod full_target;
pub(crate) mod in_flight;
mod judge;
mod ladder;
mod loops;
pub(crate) mod mechanism;
mod memory;
mod overlap;
mod page_cache;
pub(crate) mod progress;
mod read_ahead;
pub(crate) mod refusals;
pub(crate) mod request;
pub(crate) mod same_file;
pub(crate) mod steps;
mod stream_to_blocks;
mod streams;
mod uncached;
mod walk;
pub(crate) mod warm;
mod whole_blocks;

pub use cork::{cork, uncork};
pub use in_flight::InFlight;
pub use progress::{Ending, Progress, Side};
pub use read_ahead::read_ahead;
pub use request::{Pace, Request};
pub use steps::{Step, Steps};
