//! Bytes of a mapping, copied by the kernel or written to a descriptor.

use super::{existing, number, part, with};
use crate::ledger::with_ledger;
use crate::lent;
use crate::panic::guarded;
use crate::progress::{encode, failed};
use crate::shape::{KIND_BITS, endpoint, pace};
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Ending, Progress, Side, SystemCall};

/// Copies bytes from `offset` on to `address`, which is memory of Java's own: how many, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_readMapped0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    address: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let length = number(SystemCall::ProcessVm, length)?;
            let target =
                std::ptr::with_exposed_provenance_mut(number(SystemCall::ProcessVm, address)?);
            // SAFETY: Java passes the address of a direct buffer of its own, of at least this length, which only the
            // calling thread uses and which is reachable until this call returns.
            let target = unsafe { std::slice::from_raw_parts_mut::<u8>(target, length) };
            Ok(mapping.read(number(SystemCall::ProcessVm, offset)?, target)? as i64)
        })
    })
}

/// Copies bytes from `address`, which is memory of Java's own, to `offset`: how many, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_writeMapped0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    address: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let length = number(SystemCall::ProcessVm, length)?;
            let source = std::ptr::with_exposed_provenance(number(SystemCall::ProcessVm, address)?);
            // SAFETY: as in `readMapped0`.
            let source = unsafe { std::slice::from_raw_parts::<u8>(source, length) };
            Ok(mapping.write(number(SystemCall::ProcessVm, offset)?, source)? as i64)
        })
    })
}

/// Writes bytes to a descriptor, at a file offset or, where that is -1, as to a stream, for one turn. `shape` is that of
/// `transfer0`, of which the kind of the target and the pace are used. `ledger` and the answer are those of `transfer0`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_sendMapped0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    shape: jint,
    offset: jlong,
    length: jlong,
    fd: jint,
    position: jlong,
    ledger: jlong,
) -> jlong {
    guarded(|| {
        let part = existing(mapping).and_then(|mapping| {
            let (offset, length) = part(SystemCall::Write, offset, length)?;
            Ok((mapping, offset, length))
        });
        let (mapping, offset, length) = match part {
            Ok(part) => part,
            Err(error) => return failed(error.errno),
        };
        let sent = lent::with([fd], |[fd]| {
            match endpoint(fd, shape >> KIND_BITS, position) {
                Ok(target) => with_ledger(ledger, |ledger| {
                    ledger.keeping(|_, in_flight| {
                        let progress =
                            mapping.transfer(offset, length, &target, pace(shape), in_flight);
                        encode(progress, sender_or_target(progress))
                    })
                }),
                Err(errno) => failed(errno),
            }
        });
        sent.unwrap_or_else(|error| failed(error.errno))
    })
}

/// A page that is not there is the region's failure, anything else the target's.
fn sender_or_target(progress: Progress) -> Option<Side> {
    match progress.ending {
        Ending::Failed(error) if error.errno == Errno::EFAULT => Some(Side::Source),
        Ending::Failed(_) => Some(Side::Target),
        _ => None,
    }
}
