//! The exact number of system calls that the calling thread makes: the kernel's tracepoint
//! `raw_syscalls:sys_enter`, opened as a perf event on this thread only.
//!
//! It needs a readable tracefs and `CAP_PERFMON` (or root); where that is refused the caller gets
//! the errno and reports "not measured". While the event counts, every system call of the thread
//! takes the kernel's slower traced path, so a counted round is never a timed one.
//!
//! Source: `perf_event_open(2)`; the layout of the attributes is `PERF_ATTR_SIZE_VER0`.

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};

use crate::error::answer;

const TRACEPOINT: &str = "events/raw_syscalls/sys_enter/id";
const TRACEFS: [&str; 2] = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

const PERF_TYPE_TRACEPOINT: u32 = 2;
const PERF_FLAG_FD_CLOEXEC: libc::c_ulong = 8;
const PERF_EVENT_IOC_ENABLE: libc::Ioctl = 0x2400;
const PERF_EVENT_IOC_DISABLE: libc::Ioctl = 0x2401;
const PERF_EVENT_IOC_RESET: libc::Ioctl = 0x2403;
const DISABLED: u64 = 1;

/// `struct perf_event_attr` as of `PERF_ATTR_SIZE_VER0`, 64 bytes.
#[repr(C)]
#[derive(Default)]
struct Attributes {
    kind: u32,
    size: u32,
    config: u64,
    sample_period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup_events: u32,
    breakpoint_type: u32,
    config1: u64,
}

const ATTRIBUTES_SIZE: u32 = 64;
const _: () = assert!(size_of::<Attributes>() == ATTRIBUTES_SIZE as usize);

/// The tracepoint's number or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_tracepoint0(
    _env: EnvUnowned,
    _class: JClass,
) -> jlong {
    tracepoint().unwrap_or_else(|error| answer(&error))
}

/// A perf event that counts the tracepoint on the calling thread, still stopped: its descriptor or
/// `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_openCounter0(
    _env: EnvUnowned,
    _class: JClass,
    tracepoint: jlong,
) -> jlong {
    let attributes = Attributes {
        kind: PERF_TYPE_TRACEPOINT,
        size: ATTRIBUTES_SIZE,
        config: u64::try_from(tracepoint).unwrap_or_default(),
        flags: DISABLED,
        ..Attributes::default()
    };
    // SAFETY: the attributes outlive the call and are as long as their size field says.
    let descriptor = unsafe {
        libc::syscall(
            libc::SYS_perf_event_open,
            &raw const attributes,
            0,
            -1,
            -1,
            PERF_FLAG_FD_CLOEXEC,
        )
    };
    if descriptor < 0 {
        answer(&io::Error::last_os_error())
    } else {
        descriptor
    }
}

/// Counts from zero: 0 or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_startCounter0(
    _env: EnvUnowned,
    _class: JClass,
    counter: jint,
) -> jlong {
    control(counter, PERF_EVENT_IOC_RESET)
        .and_then(|()| control(counter, PERF_EVENT_IOC_ENABLE))
        .map_or_else(|error| answer(&error), |()| 0)
}

/// Stops counting: the system calls since the start, or `-errno`. The one that stops it has been
/// counted by the kernel and is taken off.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_stopCounter0(
    _env: EnvUnowned,
    _class: JClass,
    counter: jint,
) -> jlong {
    control(counter, PERF_EVENT_IOC_DISABLE)
        .and_then(|()| read(counter))
        .map_or_else(|error| answer(&error), |count| count - 1)
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_closeCounter0(
    _env: EnvUnowned,
    _class: JClass,
    counter: jint,
) {
    // SAFETY: Java closes each counter that it opened once, and forgets its number.
    drop(unsafe { OwnedFd::from_raw_fd(counter) });
}

fn control(counter: RawFd, request: libc::Ioctl) -> io::Result<()> {
    // SAFETY: these three requests take a number, no pointer.
    match unsafe { libc::ioctl(counter, request, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn read(counter: RawFd) -> io::Result<i64> {
    let mut count = 0_i64;
    // SAFETY: without read_format the event answers one 64-bit value, and `count` has room for it.
    match unsafe { libc::read(counter, (&raw mut count).cast(), size_of::<i64>()) } {
        8 => Ok(count),
        _ => Err(io::Error::last_os_error()),
    }
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

/// A tracefs in a directory of our own, for as long as it takes to read one number: the machine's
/// own mounts stay as they were.
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
            // An empty directory that cannot be removed harms nobody, and Drop has no answer.
            let _ = fs::remove_dir(&self.directory);
        }
    }
}
