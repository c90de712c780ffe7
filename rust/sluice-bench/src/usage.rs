//! The resources that the calling thread has used: `getrusage(2)` with `RUSAGE_THREAD`.

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JLongArray};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike};

/// Fills an array, in the order of `dev.sluice.bench.measure.Usage`: user and system CPU time in
/// microseconds, minor and major page faults, blocks of 512 bytes read from devices, voluntary and
/// involuntary context switches.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_Getrusage_threadUsage0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    target: JLongArray<'local>,
) {
    env.with_env(|env| -> jni::errors::Result<_> {
        // getrusage refuses wrong arguments only. The array would stay as it was.
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
