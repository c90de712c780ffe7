//! The number of a JDK channel's descriptor, read without `--add-opens`, as JNI allows.
//!
//! Nothing keeps the channel from being closed while the number is used. The comparison may use the number, because
//! it opens and closes its channels itself, on the thread that transfers.

use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JObject};
use jni::sys::jint;
use jni::{EnvUnowned, jni_sig, jni_str};

/// The number of a `sun.nio.ch.FileChannelImpl`: the field `fd` of its field `fd`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_ChannelDescriptor_fileDescriptor0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    channel: JObject<'local>,
) -> jint {
    env.with_env(|env| -> jni::errors::Result<_> {
        let descriptor = env
            .get_field(
                &channel,
                jni_str!("fd"),
                jni_sig!("Ljava/io/FileDescriptor;"),
            )?
            .l()?;
        env.get_field(&descriptor, jni_str!("fd"), jni_sig!("I"))?
            .i()
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// The number of a `sun.nio.ch.SelChImpl`, which every selectable channel of the JDK implements: `getFDVal()`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_ChannelDescriptor_selectableDescriptor0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    channel: JObject<'local>,
) -> jint {
    env.with_env(|env| -> jni::errors::Result<_> {
        env.call_method(&channel, jni_str!("getFDVal"), jni_sig!("()I"), &[])?
            .i()
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}
