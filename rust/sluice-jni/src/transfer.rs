//! The hot native.

use crate::answer::{MOST_BYTES, encode};
use crate::guard::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Ending, Endpoint, Kind, Mechanism, Offset, Pace, Progress, Relay, Request, Tally};
use std::os::fd::BorrowedFd;

/// The number of a file's kind.
pub(crate) const FILE: jint = 0;

/// What Java keeps between the calls of one transfer. Java knows the layout.
#[derive(Default)]
#[repr(C)]
pub(crate) struct Ledger {
    tally: Tally,
    /// The address of a relay that holds bytes, or 0.
    relay: u64,
    /// 1 where an `EAGAIN` of the last call was the target's, else 0.
    waits_for_target: u64,
}

impl Ledger {
    fn run(&mut self, request: &Request<'_>, mechanism: Mechanism, is_first: bool) -> Progress {
        if is_first {
            request.widen_pipes(mechanism, &mut self.tally);
        }
        self.keeping(|tally, relay| request.resume(mechanism, tally, relay))
    }

    /// Lends the relay that an earlier call has left here, and keeps it for the next where that needs it.
    pub(crate) fn keeping(
        &mut self,
        moves: impl FnOnce(&mut Tally, &mut Relay) -> Progress,
    ) -> Progress {
        let mut relay = match std::mem::take(&mut self.relay) {
            0 => Relay::default(),
            // SAFETY: this function put it there and takes it out, so that this is its only owner.
            held => unsafe { *Box::from_raw(relay_at(held)) },
        };
        let progress = moves(&mut self.tally, &mut relay);
        self.waits_for_target = u64::from(relay.waits_for_target());
        if relay.is_needed() {
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
        with_ledger(ledger, |ledger| ledger.run(&request, mechanism, is_first))
    })
}

/// Moves bytes by calls of `moves` with the ledger at an address, or, where that is 0, with one of its own: then a pause
/// before any byte could be told, whose state nobody would keep, is none.
pub(crate) fn with_ledger(address: jlong, mut moves: impl FnMut(&mut Ledger) -> Progress) -> i64 {
    let address = match usize::try_from(address) {
        Ok(0) => {
            let mut ledger = Ledger::default();
            let nothing_yet = Progress {
                bytes: 0,
                ending: Ending::Paused,
            };
            let progress = loop {
                let progress = moves(&mut ledger);
                if progress != nothing_yet {
                    break progress;
                }
            };
            free(ledger.relay);
            return encode(progress);
        }
        Ok(address) => address,
        Err(_) => return -(Errno::EFAULT as i64),
    };
    let ledger = std::ptr::with_exposed_provenance_mut::<Ledger>(address);
    // SAFETY: Java passes the address of a direct buffer of its own that is as large as a `Ledger`, aligned to 8
    // bytes, zeroed when it was made, used by one transfer at a time and reachable until this call returns.
    encode(moves(unsafe { &mut *ledger }))
}

/// Whether two files are one, and the ranges of a transfer overlap: 1 or 0.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_overlaps0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    source: jint,
    source_position: jlong,
    target: jint,
    target_position: jlong,
    count: jlong,
) -> jlong {
    guarded(|| {
        let source = endpoint(source, FILE, source_position);
        let target = endpoint(target, FILE, target_position);
        let (Ok(source), Ok(target)) = (source, target) else {
            return 0;
        };
        let request = Request {
            source,
            target,
            count: u64::try_from(count).unwrap_or(0),
            pace: Pace::Throughout,
        };
        i64::from(request.is_overlapping())
    })
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

pub(crate) fn endpoint<'fd>(fd: jint, kind: jint, position: jlong) -> Result<Endpoint<'fd>, Errno> {
    if fd < 0 {
        return Err(Errno::EBADF);
    }
    Ok(Endpoint {
        // SAFETY: Java holds the channel's guards (or a duplicate of its descriptor) until this native has returned, so
        // that the number stays open and stays the same file for as long as the borrow is used.
        fd: unsafe { BorrowedFd::borrow_raw(fd) },
        kind: match kind & 0xf {
            FILE => Kind::File,
            1 => Kind::Socket,
            2 => Kind::Pipe,
            _ => return Err(Errno::EINVAL),
        },
        offset: u64::try_from(position).map_or(Offset::Own, Offset::At),
    })
}
