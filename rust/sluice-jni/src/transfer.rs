//! The hot native.

use crate::answer::{MOST_BYTES, encode};
use crate::guard::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{Endpoint, Kind, Mechanism, Offset, Pace, Request, Tally};
use std::os::fd::BorrowedFd;

/// Moves up to `count` bytes from `source` to `target` by the mechanism with this number.
///
/// A position of -1 stands for the descriptor's own offset. `shape` holds the kind of the source (bits 0 to 3), the kind
/// of the target (bits 4 to 7) and, in bit 8, whether the transfer returns after the first short call. `tally` is the
/// address of a `Tally` to add to, or 0. The answer is that of the module `answer`.
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
        let address = match usize::try_from(tally) {
            Ok(0) => return encode(request.run(mechanism, &mut Tally::default())),
            Ok(address) => address,
            Err(_) => return -(Errno::EFAULT as i64),
        };
        let tally = std::ptr::with_exposed_provenance_mut::<Tally>(address);
        // SAFETY: Java passes the address of a direct buffer of its own that is as large as a `Tally`, aligned to 8
        // bytes, zeroed when it was made, used by one transfer at a time and reachable until this call returns.
        encode(request.run(mechanism, unsafe { &mut *tally }))
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
