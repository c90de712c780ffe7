//! The natives of a copy from file to file. It goes in turns of a few milliseconds, between which Java looks at an interrupt.
//!
//! An error is answered as `-(call << 16 | errno)`, with the number of the system call that failed.

use crate::guard::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::sys::stat::{Mode, fchmod, fstat};
use sluice::{Attributes, Call, Error, FileCopy, Holes, Sharing, copy_attributes};
use std::os::fd::BorrowedFd;

const CALL_SHIFT: u32 = 16;

pub(crate) fn answer(result: Result<i64, Error>) -> i64 {
    result.unwrap_or_else(|error| -((error.call as i64) << CALL_SHIFT | i64::from(error.number())))
}

pub(crate) fn borrowed<'fd>(fd: jint) -> Result<BorrowedFd<'fd>, Error> {
    if fd < 0 {
        return Err(Error {
            call: Call::Open,
            errno: Errno::EBADF,
        });
    }
    // SAFETY: Java opened the file for this copy, shows it to no other thread and closes it after the last native of
    // the copy has returned.
    Ok(unsafe { BorrowedFd::borrow_raw(fd) })
}

/// Makes a copy that has not begun: its address, for the natives below, or an error.
///
/// `holes`: 0 keep, 1 make, 2 fill. `sharing`: 0 where possible, 1 always, 2 never.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_newCopy0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    source: jint,
    target: jint,
    holes: jint,
    sharing: jint,
) -> jlong {
    guarded(|| {
        let holes = match holes {
            0 => Holes::Keep,
            1 => Holes::Make,
            _ => Holes::Fill,
        };
        let sharing = match sharing {
            0 => Sharing::Auto,
            1 => Sharing::Always,
            _ => Sharing::Never,
        };
        answer(borrowed(source).and_then(|source| {
            let copy = Box::new(FileCopy::new(source, borrowed(target)?, holes, sharing));
            Ok(Box::into_raw(copy).expose_provenance() as i64)
        }))
    })
}

/// Frees what `newCopy0` made.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_freeCopy0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    copy: jlong,
) -> jlong {
    guarded(|| {
        let copy = at(copy);
        if !copy.is_null() {
            // SAFETY: Java frees each copy once and forgets its address, so that this is its only owner.
            drop(unsafe { Box::from_raw(copy) });
        }
        0
    })
}

fn at(copy: jlong) -> *mut FileCopy<'static> {
    std::ptr::with_exposed_provenance_mut(usize::try_from(copy).unwrap_or(0))
}

fn turn(copy: jlong, turn: fn(&mut FileCopy<'static>) -> Result<bool, Error>) -> jlong {
    guarded(|| {
        // SAFETY: the address comes from `newCopy0`, is not freed yet, and only one thread has it.
        match unsafe { at(copy).as_mut() } {
            Some(copy) => answer(turn(copy).map(i64::from)),
            None => -(Errno::EFAULT as i64),
        }
    })
}

/// Shares further bytes for one turn: 1 when no more can be, 0 when there may be more, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_share0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    copy: jlong,
) -> jlong {
    turn(copy, FileCopy::share)
}

/// Copies further data for one turn: 1 when the copy is complete, 0 when it is not, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_advance0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    copy: jlong,
) -> jlong {
    turn(copy, FileCopy::advance)
}

/// Gives the target the source's attributes, with these times in nanoseconds since 1970, and with `own_mode` where it
/// cannot get the source's owner: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_copyAttributes0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    source: jint,
    target: jint,
    accessed: jlong,
    modified: jlong,
    own_mode: jint,
) -> jlong {
    guarded(|| {
        let attributes = Attributes {
            accessed,
            modified,
            own_mode: own_mode.unsigned_abs(),
        };
        answer(borrowed(source).and_then(|source| {
            copy_attributes(source, borrowed(target)?, attributes)?;
            Ok(0)
        }))
    })
}

/// Answers a file's mode (`fstat(2)`), or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_mode0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        let mode = borrowed(fd).and_then(|fd| fstat(fd).map_err(of(Call::Statx)));
        answer(mode.map(|stat| i64::from(stat.st_mode)))
    })
}

/// Sets a file's mode (`fchmod(2)`): 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_Native_setMode0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    mode: jint,
) -> jlong {
    guarded(|| {
        let mode = Mode::from_bits_truncate(mode.unsigned_abs());
        let set = borrowed(fd).and_then(|fd| fchmod(fd, mode).map_err(of(Call::Fchmod)));
        answer(set.map(|()| 0))
    })
}

pub(crate) fn of(call: Call) -> impl Fn(Errno) -> Error {
    move |errno| Error { call, errno }
}
