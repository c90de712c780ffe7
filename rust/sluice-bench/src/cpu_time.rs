//! CPU time of the calling thread and of the process, user and system together, in nanoseconds.

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::jlong;
use libc::{CLOCK_THREAD_CPUTIME_ID, timespec};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};

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
    unsafe { libc::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &raw mut now) };
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}

/// CPU time of all threads of this process, user and system together, in nanoseconds.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_CpuTime_processCpuNanos0(
    _env: EnvUnowned,
    _class: JClass,
) -> jlong {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).map_or(-1, |now| now.num_nanoseconds())
}
