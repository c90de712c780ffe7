//! The cold natives that look into the JDK's own channel objects, where its guards are not used.

use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JObject, JValue};
use jni::strings::JNIStr;
use jni::sys::jint;
use jni::{Env, EnvUnowned, jni_sig, jni_str};

/// Answers the number of a channel's descriptor, or -1 where the channel is closed or not one of the JDK's own.
///
/// The number is good for nothing but to be duplicated at once, with a look before and after at whether the channel is
/// open. A closed socket channel still answers its old number.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeChannel_descriptor0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    channel: JObject<'local>,
) -> jint {
    env.with_env(|env| -> jni::errors::Result<jint> {
        match number_of(env, &channel) {
            Ok(number) => Ok(number),
            Err(_) => {
                // A JDK without these fields: not an error, the channel is served by NIO.
                env.exception_clear();
                Ok(-1)
            }
        }
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// The field `fd` that each of the JDK's own channels has. It is looked for in the channel's own class: `FindClass` looks where
/// our classes come from, and a class loader may hide `sun.*` from those.
fn number_of(env: &mut Env<'_>, channel: &JObject<'_>) -> jni::errors::Result<jint> {
    let type_of_fd = jni_sig!("Ljava/io/FileDescriptor;");
    let descriptor = env.get_field(channel, jni_str!("fd"), type_of_fd)?.l()?;
    env.get_field(descriptor, jni_str!("fd"), jni_sig!("I"))?
        .i()
}

/// Flags of `sun.nio.ch.SocketChannelImpl` and its kind, which are fields that are found by their name.
const FLAGS: &[(&str, jint, &JNIStr)] = &[
    // Whether the JDK has made the descriptor non-blocking for the sake of virtual threads; since JDK 21.
    ("FORCED_NON_BLOCKING", 0, jni_str!("forcedNonBlocking")),
    // Whether shutdownOutput was called.
    ("OUTPUT_CLOSED", 1, jni_str!("isOutputClosed")),
    // Whether a read was told a reset by the kernel, which tells it once.
    ("CONNECTION_RESET", 2, jni_str!("connectionReset")),
];

/// The numbers of the flags, by the names that Java has for them.
pub(crate) fn flags() -> impl Iterator<Item = (&'static str, i64)> {
    FLAGS
        .iter()
        .map(|(name, number, _)| (*name, i64::from(*number)))
}

fn flag_name(flag: jint) -> Option<&'static JNIStr> {
    let found = FLAGS.iter().find(|(_, number, _)| *number == flag);
    found.map(|(_, _, field)| *field)
}

/// Answers a flag of one of the JDK's own sockets or pipes: 1 or 0, or -1 where it has no such field.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeChannel_flag0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    channel: JObject<'local>,
    flag: jint,
) -> jint {
    env.with_env(|env| -> jni::errors::Result<jint> {
        let Some(name) = flag_name(flag) else {
            return Ok(-1);
        };
        let field = env.get_field(&channel, name, jni_sig!("Z"));
        match field.and_then(|value| value.z()) {
            Ok(value) => Ok(jint::from(value)),
            Err(jni::errors::Error::JavaException) => {
                env.exception_clear();
                Ok(-1)
            }
            Err(_) => Ok(-1),
        }
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// Sets a flag of one of the JDK's own sockets or pipes, where it has such a field: 1 or 0.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeChannel_setFlag0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    channel: JObject<'local>,
    flag: jint,
) -> jint {
    env.with_env(|env| -> jni::errors::Result<jint> {
        let Some(name) = flag_name(flag) else {
            return Ok(0);
        };
        match env.set_field(&channel, name, jni_sig!("Z"), JValue::Bool(true)) {
            Ok(()) => Ok(1),
            Err(jni::errors::Error::JavaException) => {
                env.exception_clear();
                Ok(0)
            }
            Err(_) => Ok(0),
        }
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}
