//! CPU time of the calling thread, of this process and of another one, user and system together, in nanoseconds.

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use libc::{CLOCK_THREAD_CPUTIME_ID, timespec};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;

use crate::error::answer;

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_CpuTime_threadCpuNanos0(
    _env: EnvUnowned,
    _class: JClass,
) -> jlong {
    of_thread()
}

/// CPU time of the calling thread.
pub fn of_thread() -> i64 {
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

/// CPU time of all threads of another process, also while it runs, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_CpuTime_otherProcessCpuNanos0(
    _env: EnvUnowned,
    _class: JClass,
    pid: jint,
) -> jlong {
    clock_getcpuclockid(Pid::from_raw(pid))
        .and_then(clock_gettime)
        .map_or_else(|errno| answer(&errno.into()), |now| now.num_nanoseconds())
}
