//! Wakes a thread that waits in a system call, with the signal that the JDK's own channels use for that.

use crate::answer;
use crate::panic::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::jlong;
use nix::errno::Errno;

/// `INTERRUPT_SIGNAL` of the JDK's `NativeThread.c`; its handler does nothing, so that the call answers `EINTR`.
fn signal() -> libc::c_int {
    libc::SIGRTMAX() - 2
}

/// Answers the current thread (`pthread_self(3)`), for `signal0`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeWait_thread0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) -> jlong {
    guarded(|| {
        // SAFETY: the call has no preconditions.
        let thread = unsafe { libc::pthread_self() };
        to_java(thread)
    })
}

/// Sends the JDK's signal to a thread: 0, or `-errno`; `ENOSYS` where the JDK has no handler for it (yet), since the
/// default would end the process.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeWait_signal0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    thread: jlong,
) -> jlong {
    guarded(|| {
        if !has_handler() {
            return answer::of_errno::<i64>(Err(Errno::ENOSYS));
        }
        // SAFETY: Java holds the lock without which the thread cannot leave its native call, so that it is alive.
        let errno = unsafe { libc::pthread_kill(of_java(thread), signal()) };
        -i64::from(errno)
    })
}

/// Wakes a thread that works for one which was woken.
pub(crate) fn wake(working: libc::pthread_t) {
    if has_handler() {
        // SAFETY: the thread works for the one that calls this, and is alive until that goes on.
        unsafe { libc::pthread_kill(working, signal()) };
    }
}

/// A `pthread_t` is a number in glibc and a pointer in musl, of 64 bits in both.
fn to_java(thread: libc::pthread_t) -> jlong {
    thread as jlong
}

fn of_java(thread: jlong) -> libc::pthread_t {
    thread as libc::pthread_t
}

fn has_handler() -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: without a new action the call only fills the old one, which is as large as it has to be.
    if unsafe { libc::sigaction(signal(), std::ptr::null(), action.as_mut_ptr()) } != 0 {
        return false;
    }
    // SAFETY: the call succeeded and has filled it.
    let handler = unsafe { action.assume_init() }.sa_sigaction;
    handler != libc::SIG_DFL && handler != libc::SIG_IGN
}
