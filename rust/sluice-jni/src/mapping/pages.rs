//! The pages of a mapping: advised on, written to the device, counted, locked.

use super::{invalid, part, with};
use crate::panic::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use sluice::{Advice, SystemCall};

/// Advises on a part: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_advise0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    advice: jint,
    offset: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let advice = u8::try_from(advice).ok().and_then(Advice::from_number);
            let advice = advice.ok_or(invalid(SystemCall::Madvise))?;
            let (offset, length) = part(SystemCall::Madvise, offset, length)?;
            mapping.advise(advice, offset, length).map(|()| 0)
        })
    })
}

/// Writes what was changed in a part to the device: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_sync0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let (offset, length) = part(SystemCall::Msync, offset, length)?;
            mapping.sync(offset, length).map(|()| 0)
        })
    })
}

/// Answers how many bytes of a part are in memory, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_resident0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let (offset, length) = part(SystemCall::Mincore, offset, length)?;
            let resident = mapping.resident(offset, length)?;
            i64::try_from(resident).map_err(|_| invalid(SystemCall::Mincore))
        })
    })
}

/// Answers 1 where all pages of a part are in memory, else 0, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_isResident0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let (offset, length) = part(SystemCall::Mincore, offset, length)?;
            mapping.is_resident(offset, length).map(i64::from)
        })
    })
}

/// Locks or unlocks the pages of a part: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_lockPages0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    length: jlong,
    on: jint,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let (offset, length) = part(SystemCall::Mlock, offset, length)?;
            match on {
                0 => mapping.unlock(offset, length)?,
                _ => mapping.lock(offset, length)?,
            }
            Ok(0)
        })
    })
}
