//! From the first map to the last unmap: mapping, moving, retiring.

use super::{at, existing, handle, invalid, number, with};
use crate::answer;
use crate::lent;
use crate::panic::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use sluice::{After, MapRequest, Mapping, Protection, SystemCall, prepare_retirement};

const POPULATE: jint = 1;
const NO_RESERVE: jint = 2;
const SYNC: jint = 4;

/// What a mapping is asked for, by the names that Java has for it.
pub(crate) const FLAGS: &[(&str, jint)] = &[
    ("POPULATE", POPULATE),
    ("NO_RESERVE", NO_RESERVE),
    ("SYNC", SYNC),
];

/// Maps a part of a file: a handle, or an error. `protection`: 0 read, 1 read and write, 2 private; `flags`: 1 populate, 2 no
/// reserve, 4 sync.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_map0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    offset: jlong,
    length: jlong,
    protection: jint,
    flags: jint,
) -> jlong {
    guarded(|| {
        let mapped = lent::with([fd], |[fd]| {
            let how = MapRequest {
                offset: u64::try_from(offset).map_err(|_| invalid(SystemCall::Mmap))?,
                length: number(SystemCall::Mmap, length)?,
                protection: u8::try_from(protection)
                    .ok()
                    .and_then(Protection::from_number)
                    .ok_or(invalid(SystemCall::Mmap))?,
                populate: flags & POPULATE != 0,
                no_reserve: flags & NO_RESERVE != 0,
                synchronous: flags & SYNC != 0,
            };
            Mapping::map(fd, how).map(handle)
        });
        answer::of(mapped.and_then(|answer| answer))
    })
}

/// Answers the address of the first byte.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_mappedAddress0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| with(mapping, |mapping| Ok(mapping.address() as i64)))
}

/// Answers 1 where the pages are huge ones, else 0.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_hasHugePages0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| with(mapping, |mapping| Ok(i64::from(mapping.has_huge_pages()))))
}

/// Gives the addresses back.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_unmap0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| {
        let mapping = at(mapping);
        if !mapping.is_null() {
            // SAFETY: Java frees each mapping once and forgets its address, so that this is its only owner.
            drop(unsafe { Box::from_raw(mapping) });
        }
        0
    })
}

/// Releases file, pages and locks, and keeps the addresses, at which late accesses find zeros or fault: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_retire0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    ends_in_zeros: jint,
) -> jlong {
    let after = match ends_in_zeros {
        0 => After::Fault,
        _ => After::Zeros,
    };
    guarded(|| with(mapping, |mapping| mapping.retire(after).map(|()| 0)))
}

/// Opens what late accesses are to fault by: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_prepareRetirement0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) -> jlong {
    guarded(|| answer::of(prepare_retirement().map(|()| 0)))
}

/// The same shared part at other addresses: a handle, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_mapAgain0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| with(mapping, |mapping| mapping.duplicate().map(handle)))
}

/// The pages at other addresses: a handle, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_moveToNewAddresses0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| with(mapping, |mapping| mapping.moved().map(handle)))
}

/// Moves the pages of one mapping of a part of a file to another: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_movePages0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    from: jlong,
    to: jlong,
) -> jlong {
    guarded(|| {
        with(to, |to| {
            to.take_pages(existing(from)?)?;
            Ok(0)
        })
    })
}
