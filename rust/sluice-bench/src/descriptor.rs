//! The descriptor's number behind a JDK channel, read without `--add-opens` as JNI allows.
//!
//! The number is bare: nothing keeps the channel from being closed under it. The comparison may use
//! it because it opens and closes its channels itself, on the thread that transfers.

use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JObject};
use jni::sys::jint;
use jni::{EnvUnowned, jni_sig, jni_str};

/// `sun.nio.ch.FileChannelImpl`: its field `fd`, and the field `fd` of that.
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

/// `sun.nio.ch.SelChImpl`, which every selectable channel of the JDK implements: `getFDVal()`.
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
