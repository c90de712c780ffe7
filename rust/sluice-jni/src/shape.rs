//! What the `shape` of a transfer says beside the kinds of its two ends, as in Java's `TransferShape`.

use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Endpoint, Kind, Offset, Pace};
use std::os::fd::BorrowedFd;

/// The bits of a kind of end; those of the target's kind lie behind those of the source's.
pub(crate) const KIND_BITS: jint = 4;

const KIND_MASK: jint = (1 << KIND_BITS) - 1;

/// Return after the first short call.
pub(crate) const AT_ONCE: jint = 0x100;

/// Not the first call of its transfer.
pub(crate) const NEXT: jint = 0x200;

/// The caller waits for an end that is not ready.
pub(crate) const POLLED: jint = 0x400;

/// With [`POLLED`]: the call may wait for a full target for a moment.
pub(crate) const LINGERING: jint = 0x2000;

/// Earlier calls of the transfer have moved bytes.
pub(crate) const HAS_MOVED: jint = 0x800;

/// Others may read from the source between two system calls.
pub(crate) const SHARED_SOURCE: jint = 0x1000;

/// Files leave no page in the page cache that was not there before.
pub(crate) const UNCACHED: jint = 0x4000;

/// Move only what is in the page cache, and tell if the source's first bytes are not.
pub(crate) const WARM_ONLY: jint = 0x8000;

/// All of them, by the names that Java has for them.
pub(crate) const ALL: &[(&str, jint)] = &[
    ("KIND_BITS", KIND_BITS),
    ("AT_ONCE", AT_ONCE),
    ("NEXT", NEXT),
    ("POLLED", POLLED),
    ("LINGERING", LINGERING),
    ("HAS_MOVED", HAS_MOVED),
    ("SHARED_SOURCE", SHARED_SOURCE),
    ("UNCACHED", UNCACHED),
    ("WARM_ONLY", WARM_ONLY),
];

/// The pace that a shape asks for.
pub(crate) fn pace(shape: jint) -> Pace {
    if shape & AT_ONCE != 0 {
        Pace::AtOnce
    } else if shape & (POLLED | LINGERING) == POLLED | LINGERING {
        Pace::Lingering
    } else if shape & POLLED != 0 {
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
        kind: u8::try_from(kind & KIND_MASK)
            .ok()
            .and_then(Kind::from_number)
            .ok_or(Errno::EINVAL)?,
        offset: u64::try_from(position).map_or(Offset::Own, Offset::At),
        is_uncached: false,
    })
}
