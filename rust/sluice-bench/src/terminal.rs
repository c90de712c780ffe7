//! Whether a standard stream is a terminal. From JDK 22 on, `System.console()` no longer tells.

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jboolean, jint};

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_terminal_Terminal_isTerminal0(
    _env: EnvUnowned,
    _class: JClass,
    descriptor: jint,
) -> jboolean {
    // SAFETY: takes a number only; a bad descriptor answers 0.
    unsafe { libc::isatty(descriptor) == 1 }
}
