//! The hot native.

use crate::answer::{MOST_BYTES, encode};
use crate::guard::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Endpoint, Kind, Mechanism, Offset, Pace, Relay, Request, Tally};
use std::os::fd::BorrowedFd;

/// Moves up to `count` bytes from `source` to `target` by the mechanism with this number.
///
/// A position of -1 stands for the descriptor's own offset. `shape` holds the kind of the source (bits 0 to 3), the kind
/// of the target (bits 4 to 7) and, in bit 8, whether the transfer returns after the first short call. `tally` is the
/// address of a `Tally` to add to, or 0. `relay` is what `newRelay0` answered, or 0 where no bytes are kept for the next
/// call. The answer is that of the module `answer`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_transfer0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mechanism: jint,
    shape: jint,
    source: jint,
    source_position: jlong,
    target: jint,
    target_position: jlong,
    count: jlong,
    tally: jlong,
    relay: jlong,
) -> jlong {
    guarded(|| {
        let request = Request {
            source: match endpoint(source, shape, source_position) {
                Ok(endpoint) => endpoint,
                Err(errno) => return -(errno as i64),
            },
            target: match endpoint(target, shape >> 4, target_position) {
                Ok(endpoint) => endpoint,
                Err(errno) => return -(errno as i64),
            },
            count: u64::try_from(count).unwrap_or(0).min(MOST_BYTES),
            pace: if shape & 0x100 == 0 {
                Pace::Throughout
            } else {
                Pace::AtOnce
            },
        };
        let Some(mechanism) = u8::try_from(mechanism)
            .ok()
            .and_then(Mechanism::from_number)
        else {
            return -(Errno::EINVAL as i64);
        };
        let mut own = Tally::default();
        // SAFETY: Java passes 0 or the address of a direct buffer of its own that is as large as a `Tally`, aligned to 8
        // bytes, zeroed when it was made, used by one transfer at a time and reachable until this call returns.
        let tally = unsafe { at::<Tally>(tally).as_mut() }.unwrap_or(&mut own);
        // SAFETY: Java passes 0 or what `newRelay0` answered, which one transfer has and has not freed yet.
        match unsafe { at::<Relay>(relay).as_mut() } {
            Some(relay) => encode(request.resume(mechanism, tally, relay)),
            None => encode(request.run(mechanism, tally)),
        }
    })
}

fn at<T>(address: jlong) -> *mut T {
    std::ptr::with_exposed_provenance_mut(usize::try_from(address).unwrap_or(0))
}

/// Makes a relay, for a transfer between two streams: its address.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_newRelay0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) -> jlong {
    guarded(|| Box::into_raw(Box::<Relay>::default()).expose_provenance() as i64)
}

/// Answers 1 where an `EAGAIN` of the last call was the target's, else 0.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_waitsForTarget0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    relay: jlong,
) -> jlong {
    guarded(|| {
        // SAFETY: as in `transfer0`.
        let relay = unsafe { at::<Relay>(relay).as_ref() };
        i64::from(relay.is_some_and(Relay::waits_for_target))
    })
}

/// Frees what `newRelay0` made: the bytes that it still held, which are lost.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_freeRelay0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    relay: jlong,
) -> jlong {
    guarded(|| {
        let relay = at::<Relay>(relay);
        if relay.is_null() {
            return 0;
        }
        // SAFETY: Java frees each relay once and forgets its address, so that this is its only owner.
        let relay = unsafe { Box::from_raw(relay) };
        i64::try_from(relay.held()).unwrap_or(i64::MAX)
    })
}

fn endpoint<'fd>(fd: jint, kind: jint, position: jlong) -> Result<Endpoint<'fd>, Errno> {
    if fd < 0 {
        return Err(Errno::EBADF);
    }
    Ok(Endpoint {
        // SAFETY: Java holds the channel's guards (or a duplicate of its descriptor) until this native has returned, so
        // that the number stays open and stays the same file for as long as the borrow is used.
        fd: unsafe { BorrowedFd::borrow_raw(fd) },
        kind: match kind & 0xf {
            0 => Kind::File,
            1 => Kind::Socket,
            2 => Kind::Pipe,
            _ => return Err(Errno::EINVAL),
        },
        offset: u64::try_from(position).map_or(Offset::Own, Offset::At),
    })
}
