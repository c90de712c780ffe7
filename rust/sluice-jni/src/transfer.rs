//! The hot native.

use crate::answer::{MOST_BYTES, encode, failed, is_nothing_yet};
use crate::descriptor::with;
use crate::guard::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Ending, Endpoint, InFlight, Kind, Mechanism, Offset, Pace, Request, Steps};
use std::os::fd::BorrowedFd;

/// What Java keeps between the calls of one transfer. Java knows the layout.
#[derive(Default)]
#[repr(C)]
pub(crate) struct Ledger {
    steps: Steps,
    /// The address of an [`InFlight`] that the next call needs, or 0.
    in_flight: u64,
}

/// What `shape` holds beside the kinds of the two ends.
const AT_ONCE: jint = 0x100;
const IS_NOT_FIRST: jint = 0x200;
const IS_POLLED: jint = 0x400;
const HAS_MOVED: jint = 0x800;
const HAS_SHARED_SOURCE: jint = 0x1000;

impl Ledger {
    /// One turn of a transfer: the answer for Java.
    fn run(&mut self, request: &Request<'_>, mechanism: Mechanism, shape: jint) -> jlong {
        if shape & IS_NOT_FIRST == 0 {
            request.widen_pipes(mechanism, &mut self.steps);
        }
        self.keeping(|steps, in_flight| {
            if shape & HAS_MOVED != 0 {
                in_flight.continue_transfer();
            }
            if shape & HAS_SHARED_SOURCE != 0 {
                in_flight.share_source();
            }
            let progress = request.resume(mechanism, steps, in_flight);
            let side = match progress.ending {
                Ending::Failed(error) => request.side_of(error, in_flight),
                _ => None,
            };
            encode(progress, side)
        })
    }

    /// Lends the bytes in flight that an earlier call has left here, and keeps them for the next call if that needs them.
    pub(crate) fn keeping(
        &mut self,
        moves: impl FnOnce(&mut Steps, &mut InFlight) -> jlong,
    ) -> jlong {
        let mut in_flight = match std::mem::take(&mut self.in_flight) {
            0 => InFlight::default(),
            // SAFETY: this function put it there and takes it out, so that this is its only owner.
            held => unsafe { *Box::from_raw(in_flight_at(held)) },
        };
        let answer = moves(&mut self.steps, &mut in_flight);
        if in_flight.is_needed() {
            self.in_flight = Box::into_raw(Box::new(in_flight)).expose_provenance() as u64;
        }
        answer
    }
}

fn in_flight_at(address: u64) -> *mut InFlight {
    std::ptr::with_exposed_provenance_mut(usize::try_from(address).unwrap_or(0))
}

/// Moves up to `count` bytes from `source` to `target` by the mechanism with this number.
///
/// A position of -1 stands for the descriptor's own offset. `shape` holds the kind of the source (bits 0 to 3), the kind
/// of the target (bits 4 to 7), in bit 8 whether the transfer returns after the first short call, in bit 9 whether it is
/// not the first call of its transfer, in bit 10 whether the caller waits for what is not ready, and in bit 11 whether
/// earlier calls of the transfer have moved bytes, and in bit 12 whether others may read from the source. `count` is what is left of the whole transfer. `ledger` is the
/// address of a `Ledger` to add to, or 0 where the source is a file that can be read twice. The answer is that of the
/// module `answer`.
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
            let ends = endpoint(source, shape, source_position)
                .and_then(|source| Ok((source, endpoint(target, shape >> 4, target_position)?)));
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
    let request = Request {
        source,
        target,
        count: u64::try_from(count).unwrap_or(0).min(MOST_BYTES),
        pace: pace(shape),
    };
    let Some(mechanism) = u8::try_from(mechanism)
        .ok()
        .and_then(Mechanism::from_number)
    else {
        return failed(Errno::EINVAL);
    };
    with_ledger(ledger, |ledger| ledger.run(&request, mechanism, shape))
}

/// Moves bytes by calls of `moves` with the ledger at an address, or, where that is 0, with one of its own: then a pause
/// before any byte could be told, whose state nobody would keep, is none.
pub(crate) fn with_ledger(address: jlong, mut moves: impl FnMut(&mut Ledger) -> jlong) -> jlong {
    let address = match usize::try_from(address) {
        Ok(0) => {
            let mut ledger = Ledger::default();
            let answer = loop {
                let answer = moves(&mut ledger);
                if !is_nothing_yet(answer) || ledger.in_flight == 0 {
                    break answer;
                }
            };
            free(ledger.in_flight);
            return answer;
        }
        Ok(address) => address,
        Err(_) => return failed(Errno::EFAULT),
    };
    let ledger = std::ptr::with_exposed_provenance_mut::<Ledger>(address);
    // SAFETY: Java passes the address of a direct buffer of its own that is as large as a `Ledger`, aligned to 8
    // bytes, zeroed when it was made, used by one transfer at a time and reachable until this call returns.
    moves(unsafe { &mut *ledger })
}

/// Frees the `InFlight` that a ledger holds. The answer is the number of bytes in it, which are lost.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeTransfer_freeRelay0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    in_flight: jlong,
) -> jlong {
    guarded(|| i64::try_from(free(in_flight.unsigned_abs())).unwrap_or(i64::MAX))
}

fn free(in_flight: u64) -> u64 {
    let in_flight = in_flight_at(in_flight);
    if in_flight.is_null() {
        return 0;
    }
    // SAFETY: the address comes from a ledger's field, which is cleared or gone, so that this is the only owner.
    unsafe { Box::from_raw(in_flight) }.held()
}

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
