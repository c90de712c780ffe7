//! One `epoll(7)` instance for virtual threads that wait for a duplicate, where the JDK's own poller cannot be reached.
//!
//! Each descriptor is answered once (`EPOLLONESHOT`): its thread asks again if it still has to wait.

use crate::answer;
use crate::lent::with;
use crate::panic::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use std::os::fd::AsRawFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most descriptors of one wait.
const MOST: usize = 256;

static EPOLL: Mutex<Option<Arc<Epoll>>> = Mutex::new(None);

fn kept() -> MutexGuard<'static, Option<Arc<Epoll>>> {
    EPOLL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Closes the instance.
pub(crate) fn release() {
    kept().take();
}

fn epoll() -> nix::Result<Arc<Epoll>> {
    let mut kept = kept();
    if let Some(epoll) = kept.as_ref() {
        return Ok(Arc::clone(epoll));
    }
    let new = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    Ok(Arc::clone(kept.insert(Arc::new(new))))
}

/// `epoll_ctl(2)`, where a second descriptor may be the one that is watched: 0, or `-errno`.
fn control(operation: libc::c_int, fd: jint, event: &mut libc::epoll_event) -> jlong {
    let controlled = epoll().and_then(|epoll| {
        with([epoll.0.as_raw_fd(), fd], |[epoll, fd]| {
            let (epoll, fd) = (epoll.as_raw_fd(), fd.as_raw_fd());
            // SAFETY: both are open, and the kernel reads one event.
            Errno::result(unsafe { libc::epoll_ctl(epoll, operation, fd, event) }).map(|_| 0)
        })
        .map_err(|error| error.errno)
        .and_then(|answer| answer)
    });
    answer::of_errno::<i64>(controlled)
}

/// Watches a descriptor for `events`, the numbers of `poll(2)`, which are those of `epoll(7)`: 0, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeWait_watch0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    events: jint,
) -> jlong {
    guarded(|| {
        let flags = EpollFlags::from_bits_truncate(events) | EpollFlags::EPOLLONESHOT;
        let mut event = libc::epoll_event {
            events: flags.bits() as u32,
            u64: fd.unsigned_abs().into(),
        };
        control(libc::EPOLL_CTL_ADD, fd, &mut event)
    })
}

/// Undoes `watch0`: 0, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeWait_unwatch0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        let mut event = libc::epoll_event { events: 0, u64: 0 };
        control(libc::EPOLL_CTL_DEL, fd, &mut event)
    })
}

/// Waits until watched descriptors are ready or the time is over: how many there are, whose numbers it writes to
/// `address`, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeWait_awaitReady0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    address: jlong,
    most: jint,
    millis: jint,
) -> jlong {
    guarded(|| {
        let most = usize::try_from(most).unwrap_or(0).min(MOST);
        let mut events = [EpollEvent::empty(); MOST];
        let timeout = EpollTimeout::from(u16::try_from(millis).unwrap_or(0));
        let count = match epoll().and_then(|epoll| epoll.wait(&mut events[..most], timeout)) {
            Ok(count) => count,
            Err(Errno::EINTR) => 0,
            Err(errno) => return -(errno as i64),
        };
        let ready =
            std::ptr::with_exposed_provenance_mut::<jint>(usize::try_from(address).unwrap_or(0));
        for (at, event) in events[..count].iter().enumerate() {
            let fd = jint::try_from(event.data()).unwrap_or(-1);
            // SAFETY: Java passes the address of a direct buffer that holds `most` numbers and that only this thread
            // uses, and `at` is below `most`.
            unsafe { ready.add(at).write(fd) };
        }
        answer::of_errno(i64::try_from(count).map_err(|_| Errno::EOVERFLOW))
    })
}
