//! A part of a file, mapped.

use super::address_range::AddressRange;
use super::map_request::{MapRequest, Protection};
use super::pages::{Pages, page_size_of};
use super::reserve;
use crate::error::{Error, Naming};
use crate::page_size::page_size;
use crate::system_call::SystemCall;
use crate::transfer::same_file::Identity;
use memmap2::{MmapOptions, MmapRaw};
use nix::errno::Errno;
use nix::sys::stat::fstat;
use std::os::fd::{AsRawFd, BorrowedFd};

/// A part of a file in memory. Threads may share it.
///
/// ```
/// use sluice::{After, MapRequest, Mapping, Protection};
/// use std::io::Write;
/// use std::os::fd::AsFd;
///
/// let mut file = tempfile::tempfile()?;
/// file.write_all(b"some bytes")?;
/// let request = MapRequest {
///     offset: 0,
///     length: 10,
///     protection: Protection::ReadOnly,
///     populate: false,
///     no_reserve: false,
///     synchronous: false,
/// };
/// let mapping = Mapping::map(file.as_fd(), request)?;
/// let mut bytes = [0; 5];
/// assert_eq!(mapping.read(5, &mut bytes)?, 5);
/// assert_eq!(&bytes, b"bytes");
/// // The file is released, and the addresses are not given to others yet.
/// mapping.retire(After::Zeros)?;
/// assert_eq!(mapping.read(5, &mut bytes)?, 5);
/// assert_eq!(bytes, [0; 5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Mapping {
    /// Whole pages if the file has huge ones, otherwise the part itself.
    raw: Raw,
    /// The file, and the offset of the first byte in it. The file may be closed long before its mapping.
    pub(super) origin: Option<(Identity, u64)>,
    /// Where in `raw` the part begins.
    before: usize,
    length: usize,
    /// The size of the file's pages.
    page: usize,
}

/// The addresses, by the type that gives them back.
#[derive(Debug)]
enum Raw {
    Made(MmapRaw),
    /// Made by a call that memmap2 does not make.
    Own(AddressRange),
}

impl Mapping {
    /// Maps a part of a file.
    ///
    /// # Errors
    /// `EACCES`: the descriptor is not open for reading, or for [`Protection::ReadWrite`] not for both; `ENODEV`: the file
    /// system cannot be mapped; `ENOMEM`: no address space, or as many mappings as `vm.max_map_count` allows; `EAGAIN`: too
    /// much is locked; `EINVAL`: a length of 0; `EOVERFLOW`: beyond what an offset can be; `EOPNOTSUPP`: the file system
    /// cannot map synchronously. Source: `mmap(2)`.
    pub fn map(file: BorrowedFd<'_>, how: MapRequest) -> Result<Mapping, Error> {
        if how.length == 0 {
            return Err(Error::new(SystemCall::Mmap, Errno::EINVAL));
        }
        let page = page_size_of(file);
        let (before, whole) = if page == page_size() {
            (0, how.length)
        } else {
            let before = usize::try_from(how.offset % page as u64).unwrap_or(0);
            let whole = before
                .checked_add(how.length)
                .and_then(|end| end.checked_next_multiple_of(page))
                .ok_or(Error::new(SystemCall::Mmap, Errno::EOVERFLOW))?;
            (before, whole)
        };
        let (raw, before) = if how.synchronous {
            let before = usize::try_from(how.offset % page as u64).unwrap_or(0);
            (
                Raw::Own(AddressRange::of_durable_memory(file, how, page)?),
                before,
            )
        } else {
            (Raw::Made(made(file, how, before, whole)?), before)
        };
        let origin = fstat(file).ok().and_then(|stat| Identity::of(&stat));
        let origin = origin.map(|identity| (identity, how.offset));
        reserve::keep();
        Ok(Mapping {
            raw,
            before,
            length: how.length,
            page,
            origin,
        })
    }

    /// The same part of the same file at other addresses. The file need not be open. Bytes that are written to one
    /// mapping are read by the other, and either can be retired without the other.
    ///
    /// # Errors
    /// `EINVAL`: the mapping is private; `ENOMEM`: as of [`Mapping::map`]; `EAGAIN`: the pages are locked, and twice as
    /// many are more than `RLIMIT_MEMLOCK` allows. Source: `mremap(2)`, an old size of 0.
    pub fn duplicate(&self) -> Result<Mapping, Error> {
        let pages = self.pages(0, self.length).naming(SystemCall::Mmap)?;
        Ok(self.with(AddressRange::duplicate_of(pages)?, pages))
    }

    /// A mapping at other addresses that takes the pages of this one, with what was written to private pages. The
    /// addresses of this one stay mapped and show the file, until [`Mapping::retire`].
    ///
    /// # Errors
    /// Those of [`Mapping::take_pages`].
    pub fn moved(&self) -> Result<Mapping, Error> {
        let pages = self.pages(0, self.length).naming(SystemCall::Mmap)?;
        let moved = self.with(AddressRange::reserved(pages.length, self.page)?, pages);
        moved.take_pages(self)?;
        Ok(moved)
    }

    fn with(&self, range: AddressRange, pages: Pages) -> Mapping {
        Mapping {
            raw: Raw::Own(range),
            before: self.address() - pages.start,
            ..*self
        }
    }

    /// The address of its first byte.
    #[must_use]
    pub fn address(&self) -> usize {
        let start = match &self.raw {
            Raw::Made(raw) => raw.as_ptr().expose_provenance(),
            Raw::Own(range) => range.start(),
        };
        start + self.before
    }

    /// Its length in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Whether its pages are larger than usual ones. Such pages can be neither duplicated nor moved.
    #[must_use]
    pub fn has_huge_pages(&self) -> bool {
        self.page != page_size()
    }

    /// The pages that a part of it lies in.
    pub(super) fn pages(&self, offset: usize, length: usize) -> Result<Pages, Errno> {
        let end = offset.checked_add(length).ok_or(Errno::EINVAL)?;
        if end > self.length() {
            return Err(Errno::EINVAL);
        }
        Ok(Pages::of(self.address() + offset, length, self.page))
    }
}

fn made(
    file: BorrowedFd<'_>,
    how: MapRequest,
    before: usize,
    whole: usize,
) -> Result<MmapRaw, Error> {
    let mut options = MmapOptions::new();
    options.offset(how.offset - before as u64).len(whole);
    if how.populate {
        options.populate();
    }
    if how.no_reserve {
        options.no_reserve_swap();
    }
    let fd = file.as_raw_fd();
    match how.protection {
        Protection::ReadOnly => options.map_raw_read_only(fd),
        Protection::ReadWrite => options.map_raw(fd),
        // SAFETY: it becomes a `MmapRaw` at once, so that no reference to the bytes is ever made.
        Protection::Private => unsafe { options.map_copy(fd) }.map(MmapRaw::from),
    }
    .map_err(|error| Error::of_io(SystemCall::Mmap, &error, Errno::EOVERFLOW))
}
