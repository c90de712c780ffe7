//! What the `shape` of a transfer says beside the kinds of its two ends, as in Java's `TransferShape`.

use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Endpoint, Kind, Offset, Pace};
use std::os::fd::BorrowedFd;

/// What `shape` holds beside the kinds of the two ends.
pub(crate) const AT_ONCE: jint = 0x100;

pub(crate) const IS_NOT_FIRST: jint = 0x200;

pub(crate) const IS_POLLED: jint = 0x400;

pub(crate) const HAS_MOVED: jint = 0x800;

pub(crate) const HAS_SHARED_SOURCE: jint = 0x1000;

/// The pace that a shape asks for.
pub(crate) fn pace(shape: jint) -> Pace {
    if shape & AT_ONCE != 0 {
        Pace::AtOnce
    } else if shape & IS_POLLED != 0 {
        Pace::Polled
    } else {
        Pace::Throughout
    }
}

pub(crate) fn endpoint(
    fd: BorrowedFd<'_>,
    kind: jint,
    position: jlong,
) -> Result<Endpoint<'_>, Errno> {
    Ok(Endpoint {
        fd,
        kind: u8::try_from(kind & 0xf)
            .ok()
            .and_then(Kind::from_number)
            .ok_or(Errno::EINVAL)?,
        offset: u64::try_from(position).map_or(Offset::Own, Offset::At),
    })
}
