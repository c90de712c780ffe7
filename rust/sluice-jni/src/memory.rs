//! The natives on plain addresses: of direct buffers, and of single values in a mapping.

use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JByteBuffer, JClass};
use jni::sys::{jint, jlong};
use jni::{Env, EnvUnowned};
use sluice::{exchange_4, exchange_8};

/// Answers the address of a direct buffer's first byte.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMemory_address0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    buffer: JByteBuffer<'local>,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<jlong> {
        let address = env.get_direct_buffer_address(&buffer)?;
        Ok(address.expose_provenance() as jlong)
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// A direct buffer over a part of a mapping (`NewDirectByteBuffer`), which Java keeps from outliving it.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMemory_buffer0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    address: jlong,
    length: jint,
) -> JByteBuffer<'local> {
    env.with_env(
        |env: &mut Env<'local>| -> jni::errors::Result<JByteBuffer<'local>> {
            let address =
                std::ptr::with_exposed_provenance_mut(usize::try_from(address).unwrap_or(0));
            // SAFETY: the range lies in a mapping that Java gives back when the buffer is unreachable. Rust never touches it.
            unsafe { env.new_direct_byte_buffer(address, usize::try_from(length).unwrap_or(0)) }
        },
    )
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// No guard can be had for an exchange.
pub(crate) const UNGUARDED: jint = 3;

/// Exchanges four aligned bytes: 0 another value is there, 1 it is done, 2 the page is not there, 3 it is not done here.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMemory_exchangeInt0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    address: jlong,
    expected: jint,
    value: jint,
) -> jint {
    let address = usize::try_from(address).unwrap_or(0);
    // SAFETY: Java passes an aligned address in a mapping, which it holds until this returns.
    let answer = unsafe { exchange_4(address, expected as u32, value as u32) };
    answer.map_or(UNGUARDED, |answer| answer as jint)
}

/// The same of eight.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMemory_exchangeLong0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    address: jlong,
    expected: jlong,
    value: jlong,
) -> jint {
    let address = usize::try_from(address).unwrap_or(0);
    // SAFETY: as above.
    let answer = unsafe { exchange_8(address, expected as u64, value as u64) };
    answer.map_or(UNGUARDED, |answer| answer as jint)
}

/// Returns.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMemory_returnToJava0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) {
}
