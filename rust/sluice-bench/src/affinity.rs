//! The processors that the calling thread may run on.
//!
//! Where the scheduler puts a sender and its receiver decides cells: on one processor they take turns, on two they
//! work at the same time. So both are told where to run.

use std::io;

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JIntArray};
use jni::sys::jlong;
use nix::errno::Errno;
use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;

use crate::error::answer;

/// Has the calling thread run on these processors only, numbered as in `/proc/cpuinfo`. Other threads stay where
/// they are; a thread or a process that the calling thread starts runs on the same processors.
///
/// # Errors
/// Those of `sched_setaffinity(2)`: `EINVAL` if the process may use none of the processors.
pub fn run_on(cpus: impl IntoIterator<Item = usize>) -> io::Result<()> {
    let mut set = CpuSet::new();
    for cpu in cpus {
        set.set(cpu)?;
    }
    Ok(sched_setaffinity(Pid::from_raw(0), &set)?)
}

/// Has the calling thread run on these processors only: 0 or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_Affinity_runOn0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    cpus: JIntArray<'local>,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<_> {
        let mut numbers = vec![0; cpus.len(env)?];
        cpus.get_region(env, 0, &mut numbers)?;
        let numbers: Result<Vec<usize>, _> = numbers.into_iter().map(usize::try_from).collect();
        let done = numbers.map_err(|_| Errno::EINVAL.into()).and_then(run_on);
        Ok(done.map_or_else(|error| answer(&error), |()| 0))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}
