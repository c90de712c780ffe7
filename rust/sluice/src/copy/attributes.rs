//! Owner, permissions, extended attributes and times of a file, for its copy.

use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::libc;
use nix::sys::stat::{Mode, fchmod, fstat, futimens};
use nix::sys::time::TimeSpec;
use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::unix::fs::fchown;

/// What the source itself cannot tell when its attributes are copied.
///
/// ```
/// use sluice::{Attributes, copy_attributes};
/// use std::os::fd::AsFd;
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let (source, target) = (tempfile::tempfile()?, tempfile::tempfile()?);
/// let attributes = Attributes {
///     accessed: 7_000_000_000,
///     modified: 9_000_000_000,
///     own_mode: 0o600,
/// };
/// copy_attributes(source.as_fd(), target.as_fd(), attributes)?;
/// assert_eq!(target.metadata()?.modified()?, UNIX_EPOCH + Duration::from_secs(9));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Attributes {
    /// When the source was last read before it was copied, in nanoseconds since 1970.
    pub accessed: i64,
    /// When it was last written, in nanoseconds since 1970.
    pub modified: i64,
    /// The mode that the target gets if it cannot get the source's owner.
    pub own_mode: u32,
}

/// Gives `target` the owner, the permissions, the extended attributes (access control lists among them) and the times.
///
/// Only the times are promised, as by the JDK's `COPY_ATTRIBUTES`. A target whose owner may not be changed does not get
/// the permissions either. An extended attribute that the target does not take is left out.
///
/// # Errors
/// Those of `fstat(2)` and `futimens(2)`.
pub fn copy_attributes(
    source: BorrowedFd<'_>,
    target: BorrowedFd<'_>,
    attributes: Attributes,
) -> Result<(), Error> {
    let stat = fstat(source).naming(SystemCall::Statx)?;
    let mode = match fchown(target, Some(stat.st_uid), Some(stat.st_gid)) {
        Ok(()) => stat.st_mode,
        Err(_) => attributes.own_mode,
    };
    // Not promised, see above.
    let _ = fchmod(target, Mode::from_bits_truncate(mode));
    copy_extended(source, target, mode == stat.st_mode);
    let (accessed, modified) = (time(attributes.accessed), time(attributes.modified));
    futimens(target, &accessed, &modified).naming(SystemCall::Futimens)
}

fn time(nanos: i64) -> TimeSpec {
    const SECOND: i64 = 1_000_000_000;
    TimeSpec::new(nanos.div_euclid(SECOND), nanos.rem_euclid(SECOND))
}

/// Access control lists grant what permissions grant, so that they are copied with the permissions or not at all.
const ACCESS_LISTS: &[u8] = b"system.posix_acl_";

fn copy_extended(source: BorrowedFd<'_>, target: BorrowedFd<'_>, with_access_lists: bool) {
    let Ok(names) = list(source) else {
        return;
    };
    for name in names.split_inclusive(|byte| *byte == 0) {
        if name.starts_with(ACCESS_LISTS) && !with_access_lists {
            continue;
        }
        if let Ok(name) = CStr::from_bytes_with_nul(name) {
            // Not promised, see above.
            let _ = get(source, name).and_then(|value| set(target, name, &value));
        }
    }
}

/// The names of a file's extended attributes, each with a 0 behind it.
fn list(file: BorrowedFd<'_>) -> nix::Result<Vec<u8>> {
    filled(|buffer| {
        // SAFETY: the kernel writes at most `len` bytes to the buffer, and none where `len` is 0.
        unsafe { libc::flistxattr(file.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len()) }
    })
}

fn get(file: BorrowedFd<'_>, name: &CStr) -> nix::Result<Vec<u8>> {
    filled(|buffer| {
        let (value, size) = (buffer.as_mut_ptr().cast(), buffer.len());
        // SAFETY: as in `list`; the name ends with a 0.
        unsafe { libc::fgetxattr(file.as_raw_fd(), name.as_ptr(), value, size) }
    })
}

fn set(file: BorrowedFd<'_>, name: &CStr, value: &[u8]) -> nix::Result<()> {
    let (bytes, size) = (value.as_ptr().cast(), value.len());
    // SAFETY: the kernel reads `size` bytes of the value; the name ends with a 0.
    let result = unsafe { libc::fsetxattr(file.as_raw_fd(), name.as_ptr(), bytes, size, 0) };
    Errno::result(result).map(drop)
}

/// The bytes that `call` writes. It is first asked for their number, by an empty buffer.
fn filled(call: impl Fn(&mut [u8]) -> isize) -> nix::Result<Vec<u8>> {
    let size = Errno::result(call(&mut []))?;
    let mut buffer = vec![0; usize::try_from(size).unwrap_or(0)];
    if !buffer.is_empty() {
        let size = Errno::result(call(&mut buffer))?;
        buffer.truncate(usize::try_from(size).unwrap_or(0));
    }
    Ok(buffer)
}
