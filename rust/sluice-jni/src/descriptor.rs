//! The natives on one descriptor: made, closed, opened by a path without a lock that depends on it; flags, sizes, modes.

use crate::answer;
use crate::answer::naming;
use crate::lent::{SECOND, second, with, with_one};
use crate::panic::guarded;
use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::JByteArray;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, FcntlArg, OFlag, fallocate, fcntl, open};
use nix::sys::stat::{Mode, fchmod, fstat};
use nix::sys::uio::pread;
use nix::unistd::{Whence, close, ftruncate, lseek};
use sluice::{Endpoint, SecondDescriptor, SystemCall};
use std::ffi::CString;
use std::mem::ManuallyDrop;
use std::os::fd::{BorrowedFd, FromRawFd, IntoRawFd, OwnedFd};

/// Starts what second descriptors need (see [`sluice::prepare_second_descriptors`]): 0, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_prepareSecond0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) -> jlong {
    guarded(|| {
        answer::of_errno(
            sluice::prepare_second_descriptors()
                .map(|()| 0)
                .map_err(|error| error.errno),
        )
    })
}

/// Makes a second descriptor of an open file, which no lock of the process depends on (see [`SecondDescriptor`]): its number,
/// or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_duplicateInSecondTable0(
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
        answer::of_errno(
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

/// Corks a TCP socket (see [`sluice::cork`]): the number of a duplicate, for `uncork0` and `close0`, or `-errno`. A socket in the
/// second table is not corked.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_cork0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    socket: jint,
) -> jlong {
    guarded(|| {
        if socket & SECOND != 0 {
            return -(Errno::EBADF as i64);
        }
        with_one(socket, |socket| {
            sluice::cork(socket).map(|held| i64::from(held.into_raw_fd()))
        })
    })
}

/// Takes the cork from the socket of a duplicate that `cork0` made: 0, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_uncork0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    held: jint,
) -> jlong {
    guarded(|| with_one(held, |socket| sluice::uncork(socket).map(|()| 0)))
}

/// Closes a descriptor that `duplicate0`, `cork0`, `duplicateInSecondTable0` or `open0` made: 0, or `-errno`, where some file systems report what they could
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
            return answer::of_errno(closed.map(|()| 0).map_err(|error| error.errno));
        }
        // SAFETY: as above.
        let owned = unsafe { OwnedFd::from_raw_fd(fd) };
        answer::of_errno(close(owned).map(|()| 0))
    })
}

/// Reads up to `count` bytes of a file, from `position` on, to `address`, which is memory of Java's own: how many, fewer
/// than `count` only where the file ends; or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_read0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    position: jlong,
    address: jlong,
    count: jint,
) -> jlong {
    guarded(|| {
        let (Ok(address), Ok(count)) = (usize::try_from(address), usize::try_from(count)) else {
            return -(Errno::EINVAL as i64);
        };
        let target = std::ptr::with_exposed_provenance_mut::<u8>(address);
        // SAFETY: Java passes the address of a direct buffer of its own, of at least this length, which only the calling
        // thread uses and which is reachable until this call returns.
        let target = unsafe { std::slice::from_raw_parts_mut(target, count) };
        with_one(fd, |fd| {
            let mut read = 0;
            while read < target.len() {
                match pread(fd, &mut target[read..], position + read as i64) {
                    Ok(0) => break,
                    Ok(more) => read += more,
                    Err(Errno::EINTR) => {}
                    Err(errno) => return Err(errno),
                }
            }
            Ok(read as i64)
        })
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
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_remainingBytes0(
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
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_readableBytes0(
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

const TO_READ: jint = 0;
const TO_READ_NO_LINK: jint = 1;
const TO_WRITE_NEW: jint = 2;
const TO_READ_AND_WRITE: jint = 3;

/// How a file may be opened, by the names that Java has for it.
pub(crate) const HOW_TO_OPEN: &[(&str, jint)] = &[
    ("TO_READ", TO_READ),
    ("TO_READ_NO_LINK", TO_READ_NO_LINK),
    ("TO_WRITE_NEW", TO_WRITE_NEW),
    ("TO_READ_AND_WRITE", TO_READ_AND_WRITE),
];

/// Opens a file: its descriptor, or `-errno`.
///
/// `how`: 0 to read, 1 to read what is no symbolic link, 2 to write what does not exist yet, with the permissions `mode`
/// less the umask, 3 to read and write what exists. The caller owns the descriptor and gives it to `close0`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_open0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    path: JByteArray<'local>,
    how: jint,
    mode: jint,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<jlong> {
        let path = env.convert_byte_array(&path)?;
        Ok(guarded(|| answer::of_errno(opened(path, how, mode))))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

fn opened(path: Vec<u8>, how: jint, mode: jint) -> nix::Result<jint> {
    let path = CString::new(path).map_err(|_| Errno::EINVAL)?;
    let flags = match how {
        // Not for ever, should it have become a FIFO.
        TO_READ => OFlag::O_RDONLY | OFlag::O_NONBLOCK,
        TO_READ_NO_LINK => OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW,
        TO_WRITE_NEW => OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL,
        TO_READ_AND_WRITE => OFlag::O_RDWR | OFlag::O_NONBLOCK,
        _ => return Err(Errno::EINVAL),
    };
    let mode = Mode::from_bits_truncate(mode.unsigned_abs());
    let opened = sluice::run_with([], &|_| {}, |[]| {
        open(path.as_c_str(), flags | OFlag::O_CLOEXEC, mode).map(IntoRawFd::into_raw_fd)
    });
    opened
        .map_err(|error| error.errno)
        .and_then(|answer| answer)
        .map(|number| number | SECOND)
}

/// Answers a file's size (`fstat(2)`), or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_size0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        let size = with([fd], |[fd]| {
            fstat(fd)
                .map(|stat| stat.st_size)
                .map_err(naming(SystemCall::Statx))
        });
        answer::of(size.and_then(|answer| answer))
    })
}

/// Sets a file's length (`ftruncate(2)`): 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_setLength0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    length: jlong,
) -> jlong {
    guarded(|| {
        let set = with([fd], |[fd]| {
            ftruncate(fd, length).map_err(naming(SystemCall::Ftruncate))
        });
        answer::of(set.and_then(|answer| answer).map(|()| 0))
    })
}

/// Sets blocks aside for a part of a file, which becomes as long as that needs (`fallocate(2)`): 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_allocate0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    offset: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        let flags = FallocateFlags::empty();
        let allocated = with([fd], |[fd]| {
            fallocate(fd, flags, offset, length).map_err(naming(SystemCall::Fallocate))
        });
        answer::of(allocated.and_then(|answer| answer).map(|()| 0))
    })
}

/// Answers a file's mode (`fstat(2)`), or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_mode0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        let mode = with([fd], |[fd]| fstat(fd).map_err(naming(SystemCall::Statx)));
        answer::of(
            mode.and_then(|answer| answer)
                .map(|stat| i64::from(stat.st_mode)),
        )
    })
}

/// Sets a file's mode (`fchmod(2)`): 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_setMode0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    mode: jint,
) -> jlong {
    guarded(|| {
        let mode = Mode::from_bits_truncate(mode.unsigned_abs());
        let set = with([fd], |[fd]| {
            fchmod(fd, mode).map_err(naming(SystemCall::Fchmod))
        });
        answer::of(set.and_then(|answer| answer).map(|()| 0))
    })
}
