//! One regular file to another by extents: holes kept, extents shared where that is wanted.
//!
//! A copy goes in turns of a few milliseconds, between which the caller can look at its own state. [`FileCopy::share`]
//! serves file systems with copy-on-write extents. [`FileCopy::advance`] serves every other, and the bytes that sharing
//! has left. [`AtOnce`] copies a small file by one call, its names included.
//!
//! | holes | sharing | data moves by |
//! |---|---|---|
//! | [`Holes::Keep`] | allowed | `copy_file_range`, `sendfile`, `read` + `write` |
//! | [`Holes::Keep`] | forbidden | `sendfile`, `read` + `write` |
//! | [`Holes::Fill`] | forbidden | the same |
//! | [`Holes::Make`] | forbidden | `read` + `write` of what is not zero |
//!
//! XFS, btrfs and NFS serve `copy_file_range` by sharing extents, holes included; other file systems copy through the
//! page cache. A mechanism that is refused gives way to the next for the bytes that it has not moved.
//!
//! # A source that changes
//! The copy is a prefix of what the source had, each byte as it was when it was read.
//!
//! | the source | the copy |
//! |---|---|
//! | grows | goes to the size at the beginning; then the size is looked at once more, and the bytes that were appended until then are copied too. Later bytes are not copied: the copy of a log that is written for ever would never end |
//! | shrinks | ends where the source ends by then, or where the copy was already |
//! | is punched | has zeros where the hole was punched before the copy came there, as a hole or as data |
//! | has no size (procfs) | ends where `read(2)` says so |
//!
//! Two system calls see two states of the source. So a hole counts only up to a size that was seen before `SEEK_DATA`
//! and again after it. Data counts only up to the size after it was copied: the kernel zeroes the rest of the last page
//! of a file that shrinks, and a copy that runs at that moment takes the zeros for data. The position grows by every
//! stretch, so that no answer leads into a loop.

mod advance;
mod at_once;
mod attributes;
mod directory;
mod extents;
mod file_copy;
mod permissions;
mod replace;
mod share;
mod snapshot;
mod zeros;

pub use at_once::{AtOnce, Begun, Done, Made};
pub use attributes::{Attributes, copy_attributes};
pub use directory::keeps_all_names;
pub use file_copy::{FileCopy, Holes, Sharing};
pub use permissions::permissions_of_new;
pub use replace::replace;
pub use snapshot::snapshot;
