//! Natives on plain descriptors, for the way without the JDK's guards: duplicate, wait without blocking in a transfer; and how
//! every native gets at what a number from Java stands for.

use crate::guard::guarded;
use crate::thread::wake;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::fstat;
use nix::unistd::{Whence, close, lseek};
use sluice::{Descriptor, Endpoint, Error, SecondDescriptor, SystemCall};
use std::mem::ManuallyDrop;
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd};

/// Set in the number of a descriptor that lies in the second table, see [`SecondDescriptor`]. No process has so many.
pub(crate) const SECOND: jint = 1 << 30;

pub(crate) fn answer<T: Into<i64>>(result: nix::Result<T>) -> i64 {
    result.map_or_else(|errno| -(errno as i64), Into::into)
}

/// Runs `work` with the descriptors that these numbers stand for: on this thread, or, where one lies in the second table, on
/// a thread of that table, with the JDK's signals passed on.
pub(crate) fn with<const N: usize, R: Send>(
    numbers: [jint; N],
    work: impl FnOnce([BorrowedFd<'_>; N]) -> R + Send,
) -> Result<R, Error> {
    if numbers.iter().any(|number| *number < 0) {
        return Err(Error {
            call: SystemCall::Open,
            errno: Errno::EBADF,
        });
    }
    // SAFETY: every native that calls this uses the numbers until it returns and keeps none. Java passes a channel's number
    // under the channel's guards, or between two looks at whether it is open; or a descriptor of its own, which it closes
    // later.
    let lent = numbers.map(|number| unsafe { BorrowedFd::borrow_raw(number) });
    if numbers.iter().all(|number| number & SECOND == 0) {
        return Ok(work(lent));
    }
    // SAFETY: as above; what is made here closes nothing.
    let second = numbers.map(|number| unsafe { second(number) });
    let mut at = 0;
    let descriptors = lent.map(|fd| {
        let second = &second[at];
        at += 1;
        match second {
            Some(second) => Descriptor::Second(second),
            None => Descriptor::Lent(fd),
        }
    });
    sluice::run_with(descriptors, &wake, work)
}

/// # Safety
/// Java owns the number, and keeps it until what this answers is gone.
unsafe fn second(number: jint) -> Option<ManuallyDrop<SecondDescriptor>> {
    // SAFETY: see above.
    let of = |number| ManuallyDrop::new(unsafe { SecondDescriptor::from_number(number) });
    (number & SECOND != 0).then(|| of(number & !SECOND))
}

/// As [`with`] one, for what answers an errno.
fn with_one(number: jint, work: impl FnOnce(BorrowedFd<'_>) -> nix::Result<i64> + Send) -> i64 {
    answer(
        with([number], |[fd]| work(fd))
            .map_err(|error| error.errno)
            .and_then(|answer| answer),
    )
}

/// Starts what second descriptors need (see [`sluice::prepare_second_descriptors`]): 0, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_prepareSecond0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) -> jlong {
    guarded(|| {
        answer(
            sluice::prepare_second_descriptors()
                .map(|()| 0)
                .map_err(|error| error.errno),
        )
    })
}

/// Makes a second descriptor of an open file, which no lock of the process depends on (see [`SecondDescriptor`]): its number,
/// or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_second0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        if fd < 0 {
            return -(Errno::EBADF as i64);
        }
        // SAFETY: Java passes a channel's number between two looks at whether that channel is open.
        let made = SecondDescriptor::of(unsafe { BorrowedFd::borrow_raw(fd) });
        answer(
            made.map(|second| second.into_number() | SECOND)
                .map_err(|error| error.errno),
        )
    })
}

/// Duplicates a descriptor with `O_CLOEXEC` (`F_DUPFD_CLOEXEC`, see `fcntl(2)`): the new number, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_duplicate0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        with_one(fd, |fd| {
            fcntl(fd, FcntlArg::F_DUPFD_CLOEXEC(0)).map(i64::from)
        })
    })
}

/// Closes a descriptor that `duplicate0`, `second0` or `open0` made: 0, or `-errno`, where some file systems report what they could
/// not write (`close(2)`).
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_close0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        if fd < 0 {
            return 0;
        }
        // SAFETY: Java closes each of its descriptors once and forgets its number, so that this is the only owner.
        if let Some(second) = unsafe { second(fd) } {
            let closed = ManuallyDrop::into_inner(second).close();
            return answer(closed.map(|()| 0).map_err(|error| error.errno));
        }
        // SAFETY: as above.
        let owned = unsafe { OwnedFd::from_raw_fd(fd) };
        answer(close(owned).map(|()| 0))
    })
}

/// Answers a descriptor's open flags (`F_GETFL`), or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_flags0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| with_one(fd, |fd| fcntl(fd, FcntlArg::F_GETFL).map(i64::from)))
}

/// Answers the bytes of a file from `position`, or from the descriptor's own offset where that is -1, to its end:
/// negative where it ends before, `i64::MAX` where it does not know its size (procfs) or cannot seek.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_left0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    position: jlong,
) -> jlong {
    guarded(|| {
        let left = with([fd], |[fd]| {
            let size = fstat(fd)?.st_size;
            let at = match position {
                0.. => position,
                _ => lseek(fd, 0, Whence::SeekCur)?,
            };
            Ok::<i64, Errno>(if size > 0 { size - at } else { i64::MAX })
        });
        left.unwrap_or(Ok(i64::MAX)).unwrap_or(i64::MAX)
    })
}

/// Answers how many bytes of a stream can be read at once (`FIONREAD`, see `tcp(7)`), or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_readable0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        with_one(fd, |fd| {
            Endpoint::socket(fd)
                .readable()
                .map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX))
        })
    })
}

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
