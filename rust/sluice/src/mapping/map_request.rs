//! What part of a file is to be mapped, and how.

use crate::numbered::numbered;

numbered! {
    /// What may be done with the bytes, and who sees it.
    ///
    /// ```
    /// use sluice::Protection;
    ///
    /// assert_eq!(Protection::from_number(2), Some(Protection::Private));
    /// assert_eq!(Protection::Private.name(), "PRIVATE");
    /// ```
    pub enum Protection {
        /// They are read.
        0 "READ_ONLY" ReadOnly,
        /// They are read and written; the file and everybody who has mapped it see what is written.
        1 "READ_WRITE" ReadWrite,
        /// They are read and written; what is written is seen through this mapping alone (`MAP_PRIVATE`).
        2 "PRIVATE" Private,
    }
}

/// How a mapping is made.
///
/// ```
/// use sluice::{MapRequest, Mapping, Protection};
/// use std::io::Write;
/// use std::os::fd::AsFd;
///
/// let mut file = tempfile::tempfile()?;
/// file.write_all(b"some bytes")?;
/// let request = MapRequest {
///     offset: 5,
///     length: 5,
///     protection: Protection::ReadOnly,
///     populate: false,
///     no_reserve: false,
///     synchronous: false,
/// };
/// let mapping = Mapping::map(file.as_fd(), request)?;
/// assert_eq!(mapping.length(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MapRequest {
    /// The file offset of its first byte; any, not only that of a page.
    pub offset: u64,
    /// Its length in bytes, above 0.
    pub length: usize,
    /// What may be done with it.
    pub protection: Protection,
    /// Whether its pages are read in now (`MAP_POPULATE`).
    pub populate: bool,
    /// Whether no swap space is set aside for private pages (`MAP_NORESERVE`).
    pub no_reserve: bool,
    /// Whether what is written is durable once the processor's caches are flushed (`MAP_SYNC`).
    pub synchronous: bool,
}
