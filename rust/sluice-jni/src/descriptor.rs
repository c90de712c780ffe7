//! Natives on plain descriptors, for the way without the JDK's guards: duplicate, wait without blocking in a transfer.

use crate::guard::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::fstat;
use nix::unistd::{Whence, close, lseek};
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd};

pub(crate) fn answer<T: Into<i64>>(result: nix::Result<T>) -> i64 {
    result.map_or_else(|errno| -(errno as i64), Into::into)
}

pub(crate) fn borrowed<'fd>(fd: jint) -> nix::Result<BorrowedFd<'fd>> {
    if fd < 0 {
        return Err(Errno::EBADF);
    }
    // SAFETY: every native below runs one system call on the number and keeps nothing. Java passes its own duplicates,
    // or a channel's number between two looks at whether that channel is open.
    Ok(unsafe { BorrowedFd::borrow_raw(fd) })
}

/// Duplicates a descriptor with `O_CLOEXEC` (`F_DUPFD_CLOEXEC`, see `fcntl(2)`): the new number, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_duplicate0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| answer(borrowed(fd).and_then(|fd| fcntl(fd, FcntlArg::F_DUPFD_CLOEXEC(0)))))
}

/// Closes a descriptor that `duplicate0` or `open0` made: 0, or `-errno`, where some file systems report what they could
/// not write (`close(2)`).
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_close0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        if fd < 0 {
            return 0;
        }
        // SAFETY: Java closes each of its descriptors once and forgets its number, so that this is the only owner.
        let owned = unsafe { OwnedFd::from_raw_fd(fd) };
        answer(close(owned).map(|()| 0))
    })
}

/// Answers a descriptor's open flags (`F_GETFL`), or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_flags0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| answer(borrowed(fd).and_then(|fd| fcntl(fd, FcntlArg::F_GETFL))))
}

/// Answers the bytes of a file from `position`, or from the descriptor's own offset where that is -1, to its end:
/// negative where it ends before, `i64::MAX` where it does not know its size (procfs) or cannot seek.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_left0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    position: jlong,
) -> jlong {
    guarded(|| {
        let left = borrowed(fd).and_then(|fd| {
            let size = fstat(fd)?.st_size;
            let at = match position {
                0.. => position,
                _ => lseek(fd, 0, Whence::SeekCur)?,
            };
            Ok(if size > 0 { size - at } else { i64::MAX })
        });
        left.unwrap_or(i64::MAX)
    })
}

/// Waits until a descriptor is ready for `events` (`poll(2)`) or the time is over, without end where `millis` is negative:
/// 1 or 0, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_poll0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    events: jint,
    millis: jint,
) -> jlong {
    guarded(|| {
        answer(borrowed(fd).and_then(|fd| {
            let events = PollFlags::from_bits_truncate(i16::try_from(events).unwrap_or(0));
            let timeout = u16::try_from(millis).map_or(PollTimeout::NONE, PollTimeout::from);
            poll(&mut [PollFd::new(fd, events)], timeout)
        }))
    })
}
