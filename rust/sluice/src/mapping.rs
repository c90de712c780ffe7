//! A file mapped into memory.
//!
//! The pages of a user's file are never touched here: a file that is truncated meanwhile would be a SIGBUS, which kills the
//! process. Bytes are copied by the kernel, which answers `EFAULT` instead.
//!
//! A mapping is closed in two steps. [`Mapping::retire`] releases the file, its pages and its locks at once, and leaves the
//! addresses to something harmless; they go back when the mapping is dropped, which is for the caller to do when nobody
//! can use one of them any more.

mod access;
mod advice;
mod moving;
mod pages;
mod residency;
pub(crate) mod retire;
mod send;
mod sync;

pub use advice::Advice;

use crate::error::{Call, Error};
use crate::transfer::overlap::Identity;
use memmap2::{MmapOptions, MmapRaw};
use nix::errno::Errno;
use nix::sys::stat::fstat;
use pages::Pages;
pub(crate) use pages::page_size;
use std::os::fd::{AsRawFd, BorrowedFd};

/// What may be done with the bytes, and who sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// They are read.
    ReadOnly,
    /// They are read and written; the file and everybody who has mapped it see what is written.
    ReadWrite,
    /// They are read and written; what is written is seen through this mapping alone (`MAP_PRIVATE`).
    Private,
}

/// How a mapping is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mapped {
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

/// A part of a file, mapped. Shared by threads as it is.
#[derive(Debug)]
pub struct Mapping {
    /// Whole pages of a file whose pages are huge; of others the part itself.
    raw: MmapRaw,
    /// The file, which may be closed long before its mapping is, and the offset of the first byte.
    origin: Option<(Identity, u64)>,
    /// Where in them the part begins.
    before: usize,
    length: usize,
    /// The size of the file's pages.
    page: usize,
}

impl Mapping {
    /// Maps a part of a file.
    ///
    /// # Errors
    /// `EACCES`: the descriptor is not open for reading, or for [`Protection::ReadWrite`] not for both; `ENODEV`: the file
    /// system cannot be mapped; `ENOMEM`: no address space, or as many mappings as `vm.max_map_count` allows; `EAGAIN`: too
    /// much is locked; `EINVAL`: a length of 0; `EOVERFLOW`: beyond what an offset can be; `EOPNOTSUPP`: the file system
    /// cannot map synchronously. Source: `mmap(2)`.
    pub fn map(file: BorrowedFd<'_>, how: Mapped) -> Result<Mapping, Error> {
        if how.length == 0 {
            return Err(refused(Errno::EINVAL));
        }
        let page = pages::page_size_of(file);
        let (before, whole) = if page == pages::page_size() {
            (0, how.length)
        } else {
            let before = usize::try_from(how.offset % page as u64).unwrap_or(0);
            let whole = before
                .checked_add(how.length)
                .and_then(|end| end.checked_next_multiple_of(page))
                .ok_or(refused(Errno::EOVERFLOW))?;
            (before, whole)
        };
        let mut options = MmapOptions::new();
        options.offset(how.offset - before as u64).len(whole);
        if how.populate {
            options.populate();
        }
        if how.no_reserve {
            options.no_reserve_swap();
        }
        let fd = file.as_raw_fd();
        let raw = match how.protection {
            Protection::ReadOnly => options.map_raw_read_only(fd),
            Protection::ReadWrite => options.map_raw(fd),
            // SAFETY: it becomes a `MmapRaw` at once, so that no reference to the bytes is ever made.
            Protection::Private => unsafe { options.map_copy(fd) }.map(MmapRaw::from),
        };
        let origin = fstat(file).ok().and_then(|stat| Identity::of(&stat));
        let origin = origin.map(|identity| (identity, how.offset));
        let mapping = raw
            .map(|raw| Mapping {
                raw,
                before,
                length: how.length,
                page,
                origin,
            })
            .map_err(|e| refused(e.raw_os_error().map_or(Errno::EOVERFLOW, Errno::from_raw)))?;
        if how.synchronous {
            mapping.make_synchronous(file, how)?;
        }
        Ok(mapping)
    }

    /// The address of its first byte.
    #[must_use]
    pub fn address(&self) -> usize {
        self.raw.as_ptr().expose_provenance() + self.before
    }

    /// Its length in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// The pages that a part of it lies in.
    fn pages(&self, offset: usize, length: usize) -> Result<Pages, Errno> {
        let end = offset.checked_add(length).ok_or(Errno::EINVAL)?;
        if end > self.length() {
            return Err(Errno::EINVAL);
        }
        Ok(Pages::of(self.address() + offset, length, self.page))
    }
}

fn refused(errno: Errno) -> Error {
    let call = Call::Mmap;
    Error { call, errno }
}
