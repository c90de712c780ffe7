//! The hot native: one turn of a transfer.

use crate::ledger::{free, with_ledger};
use crate::lent::with;
use crate::panic::guarded;
use crate::progress::{MOST_BYTES, encode, failed};
use crate::shape::{KIND_BITS, UNCACHED, endpoint, pace};
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Ending, Endpoint, Mechanism, PageSharing, Request, Side};

/// Moves up to `count` bytes from `source` to `target` by the mechanism with this number.
///
/// A position of -1 stands for the descriptor's own offset. `shape` holds the kind of the source (bits 0 to 3), the kind
/// of the target (bits 4 to 7), in bit 8 whether the transfer returns after the first short call, in bit 9 whether it is
/// not the first call of its transfer, in bit 10 whether the caller waits for what is not ready, in bit 11 whether
/// earlier calls of the transfer have moved bytes, in bit 12 whether others may read from the source, in bit 13
/// whether the call may wait for a full target for a moment, in bit 14 whether files leave nothing in the page cache, and in
/// bit 15 whether only bytes that are in the page cache are moved; then a source that would block is a file whose first
/// bytes are not. `count` is what is left of the whole transfer. `ledger` is
/// the address of a `Ledger` to add to, or 0 where the source is a file that can be read twice. The answer is that of
/// the module `answer`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeTransfer_transfer0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mechanism: jint,
    shape: jint,
    source: jint,
    source_position: jlong,
    target: jint,
    target_position: jlong,
    count: jlong,
    ledger: jlong,
) -> jlong {
    guarded(|| {
        let moved = with([source, target], |[source, target]| {
            let ends = endpoint(source, shape, source_position).and_then(|source| {
                Ok((
                    source,
                    endpoint(target, shape >> KIND_BITS, target_position)?,
                ))
            });
            match ends {
                Ok((source, target)) => run(mechanism, shape, source, target, count, ledger),
                Err(errno) => failed(errno),
            }
        });
        moved.unwrap_or_else(|error| failed(error.errno))
    })
}

fn run(
    mechanism: jint,
    shape: jint,
    source: Endpoint<'_>,
    target: Endpoint<'_>,
    count: jlong,
    ledger: jlong,
) -> jlong {
    let (source, target) = if shape & UNCACHED == 0 {
        (source, target)
    } else {
        (source.uncached(), target.uncached())
    };
    let request = Request {
        source,
        target,
        count: u64::try_from(count).unwrap_or(0).min(MOST_BYTES),
        pace: pace(shape),
    };
    let Some(mechanism) = mechanism_of(mechanism) else {
        return failed(Errno::EINVAL);
    };
    with_ledger(ledger, |ledger| ledger.run(&request, mechanism, shape))
}

fn mechanism_of(number: jint) -> Option<Mechanism> {
    u8::try_from(number).ok().and_then(Mechanism::from_number)
}

/// Tries whether a receiver is given the pages of a file that the mechanism with this number sends to a socket: the number of
/// a [`PageSharing`].
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeTransfer_pageSharing0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mechanism: jint,
) -> jlong {
    guarded(|| {
        let sharing = mechanism_of(mechanism).map_or(PageSharing::Unknown, PageSharing::of);
        sharing.number().into()
    })
}

/// Sends `length` bytes from `address` on, which is memory of Java's own, to a stream socket, for one turn. `more` is not
/// 0 if more bytes follow at once. `shape` is that of `transfer0`, of which the kind of the target and the pace are
/// used. The answer is that of `transfer0`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeTransfer_send0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    address: jlong,
    length: jint,
    more: jint,
    shape: jint,
    target: jint,
) -> jlong {
    guarded(|| {
        let (Ok(address), Ok(length)) = (usize::try_from(address), usize::try_from(length)) else {
            return failed(Errno::EINVAL);
        };
        let bytes = std::ptr::with_exposed_provenance::<u8>(address);
        // SAFETY: Java passes the address of a direct buffer of its own, of at least this length, which no other thread
        // writes to and which is reachable until this call returns.
        let bytes = unsafe { std::slice::from_raw_parts(bytes, length) };
        let sent = with([target], |[target]| {
            match endpoint(target, shape >> KIND_BITS, -1) {
                Ok(target) => {
                    let progress = target.send(bytes, more != 0, pace(shape));
                    let side = matches!(progress.ending, Ending::Failed(_)).then_some(Side::Target);
                    encode(progress, side)
                }
                Err(errno) => failed(errno),
            }
        });
        sent.unwrap_or_else(|error| failed(error.errno))
    })
}

/// Frees the `InFlight` that a ledger holds. The answer is the number of bytes in it, which are lost.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeTransfer_freeInFlight0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    in_flight: jlong,
) -> jlong {
    guarded(|| i64::try_from(free(in_flight.unsigned_abs())).unwrap_or(i64::MAX))
}
