//! CPU time of the calling thread, user and system together.

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::jlong;
use libc::{CLOCK_THREAD_CPUTIME_ID, clock_gettime, timespec};

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_CpuTime_threadCpuNanos0(
    _env: EnvUnowned,
    _class: JClass,
) -> jlong {
    let mut now = timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `now` outlives the call, which writes one timespec into it.
    unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &raw mut now) };
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}
