//! Which system calls a thread makes and what each of them answers: the kernel's tracepoint
//! `raw_syscalls:sys_exit`, as a perf event on that thread, sampled at every single call. This is an
//! `strace` from inside.
//!
//! The event needs a readable tracefs and `CAP_PERFMON` (or root). Where that is refused, the caller
//! gets the errno and reports "not measured". Tracing slows the thread down, so that a traced round is
//! never a timed one.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::fmt::Write;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JString};
use jni::sys::jlong;
use perf_event::data::Record;
use perf_event::events::Tracepoint;
use perf_event::{Builder, SampleFlag, Sampler};
use syscalls::Sysno;

use crate::error::answer;

const TRACEPOINT: &str = "events/raw_syscalls/sys_exit/id";
const TRACEFS: [&str; 2] = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

/// The size of the ring that the kernel writes into: room for some 100,000 calls.
const RING_BYTES: usize = 8 << 20;

/// The offset of the call's number. `raw_syscalls:sys_exit` has the common fields of every tracepoint (8 bytes), then
/// the number of the call and its answer, each a `long`.
const NUMBER_AT: usize = 8;
const ANSWER_AT: usize = 16;

/// The number of the tracepoint, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_count_SystemCalls_tracepoint0(
    _env: EnvUnowned,
    _class: JClass,
) -> jlong {
    tracepoint().unwrap_or_else(|error| answer(&error))
}

/// Opens an event on the calling thread, which records nothing yet: what the other functions take, or `-errno`.
/// The kernel needs tens of milliseconds to close an event again, and as long as there is one, every system call of
/// every thread is slower.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_count_SystemCallTrace_open0(
    _env: EnvUnowned,
    _class: JClass,
    tracepoint: jlong,
) -> jlong {
    open(u64::try_from(tracepoint).unwrap_or_default()).map_or_else(
        |error| answer(&error),
        |sampler| Box::into_raw(Box::new(sampler)) as jlong,
    )
}

/// Records the system calls of the calling thread from now on, which is the thread of the event: 0 or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_count_SystemCallTrace_start0(
    _env: EnvUnowned,
    _class: JClass,
    trace: jlong,
) -> jlong {
    // SAFETY: Java has opened this event, has not closed it, and uses it on one thread at a time.
    let sampler = unsafe { &mut *(trace as *mut Sampler) };
    // What the last trace left, if the kernel lost records of it.
    while sampler.next_record().is_some() {}
    sampler.enable().map_or_else(|error| answer(&error), |()| 0)
}

/// Ends a trace, and answers a line `NAME CALLS BYTES` for each system call that was made. BYTES is the sum of the
/// call's answers without its failures. The answer is null if the ring was too small or could not be read.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_count_SystemCallTrace_stop0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    trace: jlong,
) -> JString<'local> {
    // SAFETY: as above.
    let sampler = unsafe { &mut *(trace as *mut Sampler) };
    let lines = lines(sampler);
    env.with_env(|env| -> jni::errors::Result<_> {
        match lines {
            Some(lines) => env.new_string(lines),
            None => Ok(JString::null()),
        }
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// Closes an event.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_count_SystemCallTrace_close0(
    _env: EnvUnowned,
    _class: JClass,
    trace: jlong,
) {
    // SAFETY: Java closes each event that it opened once, and does not use its number again.
    drop(unsafe { Box::from_raw(trace as *mut Sampler) });
}

fn open(tracepoint: u64) -> io::Result<Sampler> {
    Builder::new(Tracepoint::with_id(tracepoint))
        .observe_self()
        .any_cpu()
        .include_kernel()
        .sample_period(1)
        .sample(SampleFlag::RAW)
        .build()?
        .sampled(RING_BYTES)
}

fn lines(sampler: &mut Sampler) -> Option<String> {
    sampler.disable().ok()?;
    let mut calls = BTreeMap::<&'static str, (u64, i64)>::new();
    let mut is_first = true;
    while let Some(record) = sampler.next_record() {
        match record.parse_record().ok()? {
            Record::Sample(sample) => {
                // The first record is the end of the call that enabled the event.
                if std::mem::take(&mut is_first) {
                    continue;
                }
                let raw = sample.raw()?;
                let number = usize::try_from(long(raw, NUMBER_AT)?).ok()?;
                let answered = long(raw, ANSWER_AT)?;
                let name = Sysno::new(number).map_or("unknown", |call| call.name());
                let entry = calls.entry(name).or_default();
                entry.0 += 1;
                entry.1 += answered.max(0);
            }
            Record::Lost(_) | Record::LostSamples(_) => return None,
            _ => {}
        }
    }
    let mut lines = String::new();
    for (name, (count, bytes)) in calls {
        writeln!(lines, "{name} {count} {bytes}").ok()?;
    }
    Some(lines)
}

fn long(raw: &[u8], at: usize) -> Option<i64> {
    let bytes = raw.get(at..at + size_of::<i64>())?;
    bytes.try_into().ok().map(i64::from_ne_bytes)
}

fn tracepoint() -> io::Result<i64> {
    for root in TRACEFS {
        if let Ok(number) = number_below(Path::new(root)) {
            return Ok(number);
        }
    }
    let mount = PrivateMount::tracefs()?;
    number_below(&mount.directory)
}

fn number_below(root: &Path) -> io::Result<i64> {
    fs::read_to_string(root.join(TRACEPOINT))?
        .trim()
        .parse()
        .map_err(|_| io::Error::from_raw_os_error(libc::EIO))
}

/// A tracefs that is mounted on a directory of this process's own for as long as it takes to read one number. The
/// mounts of the machine stay as they were.
struct PrivateMount {
    directory: PathBuf,
}

impl PrivateMount {
    fn tracefs() -> io::Result<Self> {
        let directory = std::env::temp_dir().join(format!("sluice-tracefs-{}", std::process::id()));
        fs::create_dir(&directory)?;
        let path = CString::new(directory.as_os_str().as_bytes())?;
        // SAFETY: every string is terminated and outlives the call; tracefs takes no data.
        let mounted = unsafe {
            libc::mount(
                c"tracefs".as_ptr(),
                path.as_ptr(),
                c"tracefs".as_ptr(),
                libc::MS_RDONLY | libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC,
                std::ptr::null(),
            )
        };
        if mounted == 0 {
            Ok(Self { directory })
        } else {
            let error = io::Error::last_os_error();
            fs::remove_dir(&directory)?;
            Err(error)
        }
    }
}

impl Drop for PrivateMount {
    fn drop(&mut self) {
        if let Ok(path) = CString::new(self.directory.as_os_str().as_bytes()) {
            // SAFETY: the path is terminated and outlives the call, and the mount on it is ours.
            unsafe { libc::umount2(path.as_ptr(), libc::MNT_DETACH) };
            // An empty directory that cannot be removed does no harm, and Drop has no answer.
            let _ = fs::remove_dir(&self.directory);
        }
    }
}
