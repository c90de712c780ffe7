//! The natives that wait for a descriptor, and that wake a thread which waits.

mod readiness;
mod thread;

pub(crate) use readiness::release;
pub(crate) use thread::wake;

use crate::lent::with_one;
use crate::panic::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Waits until a descriptor is ready for `events` (`poll(2)`) or the time is over, without end where `millis` is negative:
/// 1 or 0, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeWait_poll0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    events: jint,
    millis: jint,
) -> jlong {
    guarded(|| {
        with_one(fd, |fd| {
            let events = PollFlags::from_bits_truncate(i16::try_from(events).unwrap_or(0));
            let timeout = u16::try_from(millis).map_or(PollTimeout::NONE, PollTimeout::from);
            poll(&mut [PollFd::new(fd, events)], timeout).map(i64::from)
        })
    })
}
