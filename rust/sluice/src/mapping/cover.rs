//! Files that are mapped over retired pages.

use super::pages::Pages;
use crate::error::{Error, Naming};
use crate::memory_file::memfd_create;
use crate::page_size::page_size;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::MFdFlags;
use nix::sys::mman::{MapFlags, ProtFlags, mmap};
use nix::unistd::ftruncate;
use std::ffi::CStr;
use std::fs::File;
use std::num::NonZeroUsize;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A file that is mapped over retired pages, and where in it.
#[derive(Debug, Clone)]
pub(super) struct Cover {
    file: Arc<OwnedFd>,
    flags: MapFlags,
    /// The file offset that every address is mapped from, or `None` if it is the address itself.
    offset: Option<i64>,
}

static NOTHING: Mutex<Option<Cover>> = Mutex::new(None);
static HOLES: Mutex<Option<Cover>> = Mutex::new(None);

fn kept(cover: &'static Mutex<Option<Cover>>) -> MutexGuard<'static, Option<Cover>> {
    cover.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Closes the files that are kept. A mapping holds its file by itself.
pub(super) fn release() {
    for cover in [&NOTHING, &HOLES] {
        kept(cover).take();
    }
}

pub(super) fn nothing() -> Result<Cover, Error> {
    cover(&NOTHING, || {
        empty_in_memory().or_else(|error| end_of_program().map_err(|_| error))
    })
}

fn cover(
    kept_in: &'static Mutex<Option<Cover>>,
    make: impl FnOnce() -> Result<Cover, Error>,
) -> Result<Cover, Error> {
    let mut kept = kept(kept_in);
    if let Some(cover) = kept.as_ref() {
        return Ok(cover.clone());
    }
    Ok(kept.insert(make()?).clone())
}

fn in_memory(name: &CStr, seals: SealFlag, length: i64) -> Result<Cover, Error> {
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING;
    let new = memfd_create(name, flags).naming(SystemCall::MemfdCreate)?;
    if length > 0 {
        ftruncate(&new, length).naming(SystemCall::Ftruncate)?;
    }
    fcntl(&new, FcntlArg::F_ADD_SEALS(seals | SealFlag::F_SEAL_SEAL)).naming(SystemCall::Fcntl)?;
    Ok(Cover {
        file: Arc::new(new),
        flags: MapFlags::MAP_SHARED,
        offset: None,
    })
}

fn empty_in_memory() -> Result<Cover, Error> {
    in_memory(c"sluice-retired", SealFlag::F_SEAL_GROW, 0)
}

/// The length of the longest file that is a multiple of 1 MiB, in bytes.
const LONGEST: i64 = i64::MAX & !0xf_ffff;

/// A file that is one hole, as long as the address space.
pub(super) fn holes() -> Result<Cover, Error> {
    let seals = SealFlag::F_SEAL_SHRINK;
    cover(&HOLES, || in_memory(c"sluice-zeros", seals, LONGEST))
}

/// Private pages behind the end of a file: an access to them is a SIGBUS, as to shared ones. The file is that of the
/// running program, which cannot be written to (`ETXTBSY`).
fn end_of_program() -> Result<Cover, Error> {
    let program = File::open("/proc/self/exe");
    let program = program
        .map_err(|_| Errno::ENOENT)
        .naming(SystemCall::Open)?;
    let length = program
        .metadata()
        .map_err(|_| Errno::EIO)
        .naming(SystemCall::Open)?
        .len();
    let behind = length.next_multiple_of(page_size() as u64);
    Ok(Cover {
        file: Arc::new(OwnedFd::from(program)),
        flags: MapFlags::MAP_PRIVATE,
        offset: Some(
            i64::try_from(behind).map_err(|_| Error::new(SystemCall::Mmap, Errno::EOVERFLOW))?,
        ),
    })
}

/// Retired pages are writable as well: a late write is to find what a late read finds, and no SIGSEGV.
pub(super) const READ_WRITE: ProtFlags = ProtFlags::PROT_READ.union(ProtFlags::PROT_WRITE);
pub(super) const OVER: MapFlags = MapFlags::MAP_FIXED.union(MapFlags::MAP_NORESERVE);

impl Cover {
    pub(super) fn put_over(&self, pages: Pages) -> Result<(), Error> {
        let address = i64::try_from(pages.start)
            .map_err(|_| Error::new(SystemCall::Mmap, Errno::EOVERFLOW))?;
        let length =
            NonZeroUsize::new(pages.length).ok_or(Error::new(SystemCall::Mmap, Errno::EINVAL))?;
        let start = NonZeroUsize::new(pages.start);
        let offset = self.offset.unwrap_or(address);
        // SAFETY: it replaces the pages of a mapping that is retired and no others; no reference to their bytes exists.
        unsafe {
            mmap(
                start,
                length,
                READ_WRITE,
                self.flags | OVER,
                self.file.as_fd(),
                offset,
            )
        }
        .naming(SystemCall::Mmap)?;
        Ok(())
    }
}
