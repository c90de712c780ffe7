//! The hot native.

use crate::answer::{MOST_BYTES, encode};
use crate::descriptor::with;
use crate::guard::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Endpoint, Kind, Mechanism, Offset, Pace, Progress, Relay, Request, Tally};
use std::os::fd::BorrowedFd;

/// What Java keeps between the calls of one transfer. Java knows the layout.
#[derive(Default)]
#[repr(C)]
struct Ledger {
    tally: Tally,
    /// The address of a relay that holds bytes, or 0.
    relay: u64,
    /// 1 where an `EAGAIN` of the last call was the target's, else 0.
    waits_for_target: u64,
}

impl Ledger {
    fn run(&mut self, request: &Request<'_>, mechanism: Mechanism, is_first: bool) -> Progress {
        let mut relay = match std::mem::take(&mut self.relay) {
            0 => Relay::default(),
            // SAFETY: this function put it there and takes it out, so that this is its only owner.
            held => unsafe { *Box::from_raw(relay_at(held)) },
        };
        if is_first {
            request.widen_pipes(mechanism, &mut self.tally);
        }
        let progress = request.resume(mechanism, &mut self.tally, &mut relay);
        self.waits_for_target = u64::from(relay.waits_for_target());
        if relay.held() > 0 {
            self.relay = Box::into_raw(Box::new(relay)).expose_provenance() as u64;
        }
        progress
    }
}

fn relay_at(address: u64) -> *mut Relay {
    std::ptr::with_exposed_provenance_mut(usize::try_from(address).unwrap_or(0))
}

/// Moves up to `count` bytes from `source` to `target` by the mechanism with this number.
///
/// A position of -1 stands for the descriptor's own offset. `shape` holds the kind of the source (bits 0 to 3), the kind
/// of the target (bits 4 to 7), in bit 8 whether the transfer returns after the first short call, in bit 9 whether it is
/// not the first call of its transfer, and in bit 10 whether the caller waits for what is not ready. `ledger` is the
/// address of a `Ledger` to add to, or 0 where the source is a file that can be read twice. The answer is that of the
/// module `answer`.
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
    ledger: jlong,
) -> jlong {
    guarded(|| {
        let moved = with([source, target], |[source, target]| {
            let ends = endpoint(source, shape, source_position)
                .and_then(|source| Ok((source, endpoint(target, shape >> 4, target_position)?)));
            match ends {
                Ok((source, target)) => run(mechanism, shape, source, target, count, ledger),
                Err(errno) => -(errno as i64),
            }
        });
        moved.unwrap_or_else(|error| -(error.errno as i64))
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
        pace: match shape & 0x500 {
            0 => Pace::Throughout,
            0x400 => Pace::Polled,
            _ => Pace::AtOnce,
        },
    };
    let Some(mechanism) = u8::try_from(mechanism)
        .ok()
        .and_then(Mechanism::from_number)
    else {
        return -(Errno::EINVAL as i64);
    };
    let is_first = shape & 0x200 == 0;
    let address = match usize::try_from(ledger) {
        Ok(0) => {
            let mut ledger = Ledger::default();
            let progress = ledger.run(&request, mechanism, is_first);
            free(ledger.relay);
            return encode(progress);
        }
        Ok(address) => address,
        Err(_) => return -(Errno::EFAULT as i64),
    };
    let ledger = std::ptr::with_exposed_provenance_mut::<Ledger>(address);
    // SAFETY: Java passes the address of a direct buffer of its own that is as large as a `Ledger`, aligned to 8
    // bytes, zeroed when it was made, used by one transfer at a time and reachable until this call returns.
    encode(unsafe { &mut *ledger }.run(&request, mechanism, is_first))
}

/// Frees the relay that a ledger holds: the bytes in it, which are lost.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_freeRelay0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    relay: jlong,
) -> jlong {
    guarded(|| i64::try_from(free(relay.unsigned_abs())).unwrap_or(i64::MAX))
}

fn free(relay: u64) -> u64 {
    let relay = relay_at(relay);
    if relay.is_null() {
        return 0;
    }
    // SAFETY: the address comes from a ledger's field, which is cleared or gone, so that this is the relay's only owner.
    unsafe { Box::from_raw(relay) }.held()
}

fn endpoint(fd: BorrowedFd<'_>, kind: jint, position: jlong) -> Result<Endpoint<'_>, Errno> {
    Ok(Endpoint {
        fd,
        kind: match kind & 0xf {
            0 => Kind::File,
            1 => Kind::Socket,
            2 => Kind::Pipe,
            _ => return Err(Errno::EINVAL),
        },
        offset: u64::try_from(position).map_or(Offset::Own, Offset::At),
    })
}
