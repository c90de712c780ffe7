//! Errnos: as the answer of a native, and in words.

use std::io;

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JString};
use jni::sys::{jint, jlong};
use nix::errno::Errno;

/// The answer of a native whose system call failed: `-errno`.
pub fn answer(error: &io::Error) -> jlong {
    -jlong::from(error.raw_os_error().unwrap_or(libc::EIO))
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_NativeLibrary_describeErrno0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    errno: jint,
) -> JString<'local> {
    env.with_env(|env| -> jni::errors::Result<_> {
        env.new_string(Errno::from_raw(errno).to_string())
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}
