//! The resources that the calling thread has used: `getrusage(2)` with `RUSAGE_THREAD`; and the CPU time of the
//! process.

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JLongArray};
use jni::sys::jlong;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike};
use nix::time::{ClockId, clock_gettime};

/// Fills an array, in the order of `dev.sluice.bench.Usage`: user and system CPU time in microseconds,
/// minor and major page faults, blocks of 512 bytes read from devices, voluntary and involuntary
/// context switches.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_threadUsage0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    target: JLongArray<'local>,
) {
    env.with_env(|env| -> jni::errors::Result<_> {
        // The call fails for a wrong argument only. The array then stays as it was.
        let Ok(usage) = getrusage(UsageWho::RUSAGE_THREAD) else {
            return Ok(());
        };
        let micros = |time: TimeVal| time.num_microseconds();
        target.set_region(
            env,
            0,
            &[
                micros(usage.user_time()),
                micros(usage.system_time()),
                usage.minor_page_faults(),
                usage.major_page_faults(),
                usage.block_reads(),
                usage.voluntary_context_switches(),
                usage.involuntary_context_switches(),
            ],
        )
    })
    .resolve::<ThrowRuntimeExAndDefault>();
}

/// CPU time of all threads of this process, user and system together, in nanoseconds.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_processCpuNanos0(
    _env: EnvUnowned,
    _class: JClass,
) -> jlong {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).map_or(-1, |now| now.num_nanoseconds())
}
