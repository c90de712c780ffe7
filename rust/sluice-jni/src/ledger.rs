//! The memory that Rust writes and Java reads: what each mechanism of one transfer did, and the bytes in flight between two calls.

use crate::progress::{encode, failed, is_nothing_yet};
use crate::shape::{HAS_MOVED, NEXT, SHARED_SOURCE, WARM_ONLY};
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Done, Ending, InFlight, Mechanism, Progress, Request, Side, Steps};
use std::mem::offset_of;

/// What Java keeps between the calls of one transfer. Java knows the layout.
#[derive(Default)]
#[repr(C)]
pub(crate) struct Ledger {
    steps: Steps,
    /// The address of an [`InFlight`] that the next call needs, or 0.
    in_flight: u64,
    /// How many bytes a copy has, holes included, once it is complete.
    copied: u64,
}

impl Ledger {
    /// Where its fields lie, in bytes from its beginning, and how long it is.
    pub(crate) const LAYOUT: &[(&str, usize)] = &[
        (
            "STRANDED",
            offset_of!(Ledger, steps) + offset_of!(Steps, stranded),
        ),
        ("IN_FLIGHT", offset_of!(Ledger, in_flight)),
        ("COPIED", offset_of!(Ledger, copied)),
        ("SIZE", size_of::<Ledger>()),
    ];

    /// One turn of a transfer: the answer for Java.
    pub(crate) fn run(
        &mut self,
        request: &Request<'_>,
        mechanism: Mechanism,
        shape: jint,
    ) -> jlong {
        let warm;
        let request = if shape & WARM_ONLY == 0 {
            request
        } else {
            let Some(held) = request.warm(mechanism, &mut self.steps) else {
                let ending = Ending::WouldBlock(Side::Source);
                return encode(Progress { bytes: 0, ending }, None);
            };
            warm = held;
            &warm
        };
        if shape & NEXT == 0 {
            request.widen_pipes(mechanism, &mut self.steps);
        }
        self.keeping(|steps, in_flight| {
            if shape & HAS_MOVED != 0 {
                in_flight.continue_transfer();
            }
            if shape & SHARED_SOURCE != 0 {
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
        let mut in_flight = InFlight::default();
        let held = std::mem::take(&mut self.in_flight);
        if held != 0 {
            // SAFETY: this function put it there and takes it out, so that this is its only owner.
            in_flight = unsafe { *Box::from_raw(in_flight_at(held)) };
        }
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

/// Moves bytes by calls of `moves` with the ledger at an address, or, where that is 0, with one of its own: then a pause
/// before any byte could be told, whose state nobody would keep, is none.
pub(crate) fn with_ledger(address: jlong, mut moves: impl FnMut(&mut Ledger) -> jlong) -> jlong {
    let Ok(at) = usize::try_from(address) else {
        return failed(Errno::EFAULT);
    };
    if let Some(ledger) = lent_at(at) {
        return moves(ledger);
    }
    let mut ledger = Ledger::default();
    let answer = loop {
        let answer = moves(&mut ledger);
        if !is_nothing_yet(answer) || ledger.in_flight == 0 {
            break answer;
        }
    };
    free(ledger.in_flight);
    answer
}

/// Adds what a copy has done to the ledger at an address, or to none where that is 0.
pub(crate) fn add_copy(address: jlong, done: &Done) {
    if let Some(ledger) = usize::try_from(address).ok().and_then(lent_at) {
        ledger.steps.add(&done.steps);
        ledger.copied = done.size;
    }
}

/// The ledger at an address, or none at 0.
fn lent_at<'call>(address: usize) -> Option<&'call mut Ledger> {
    let ledger = std::ptr::with_exposed_provenance_mut::<Ledger>(address);
    // SAFETY: Java passes 0 or the address of a direct buffer of its own that is as large as a `Ledger`, aligned to 8
    // bytes, zeroed when it was made, used by one transfer at a time and reachable until the native call returns.
    unsafe { ledger.as_mut() }
}

pub(crate) fn free(in_flight: u64) -> u64 {
    let in_flight = in_flight_at(in_flight);
    if in_flight.is_null() {
        return 0;
    }
    // SAFETY: the address comes from a ledger's field, which is cleared or gone, so that this is the only owner.
    unsafe { Box::from_raw(in_flight) }.held()
}
