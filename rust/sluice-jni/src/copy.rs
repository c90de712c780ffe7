//! The natives of a copy from file to file. It goes in turns of a few milliseconds, between which Java looks at an interrupt.
//!
//! An error is answered as `-(call << 16 | errno)`, with the number of the system call that failed.

use crate::answer;
use crate::ledger::add_copy;
use crate::lent::{SECOND, with};
use crate::panic::guarded;
use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use sluice::{
    AtOnce, Attributes, Begun, Done, Error, FileCopy, Holes, Made, Sharing, SystemCall,
    copy_attributes,
};
use std::ffi::CString;
use std::os::fd::{AsRawFd, BorrowedFd, IntoRawFd};

/// A copy, and the numbers of its files, which Java closes after it.
struct Copying {
    source: jint,
    target: jint,
    /// Its descriptors are set anew in each step: those of the table that the step is made in.
    copy: FileCopy<'static>,
}

/// Makes a copy that has not begun: its address, for the natives below, or an error.
///
/// `holes`: 0 keep, 1 make, 2 fill. `sharing`: 0 where possible, 1 always, 2 never. `uncached`: 0 for no.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeCopy_newCopy0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    source: jint,
    target: jint,
    holes: jint,
    sharing: jint,
    uncached: jint,
) -> jlong {
    guarded(|| {
        let Some((holes, sharing)) = policies(holes, sharing) else {
            let (call, errno) = (SystemCall::Open, Errno::EINVAL);
            return answer::of(Err(Error { call, errno }));
        };
        answer::of(with([source, target], |[from, to]| {
            let copy = FileCopy::new(for_a_step(from), for_a_step(to), holes, sharing);
            let copy = if uncached == 0 { copy } else { copy.uncached() };
            address_of(Copying {
                source,
                target,
                copy,
            })
        }))
    })
}

/// Makes a file without a name that shares all extents of a file (see [`sluice::snapshot`]): its descriptor, which Java
/// closes, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeCopy_snapshot0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        let made = with([fd], |[fd]| sluice::snapshot(fd)).and_then(|made| made);
        answer::of(made.map(|copy| {
            let number = i64::from(copy.into_raw_fd());
            if fd & SECOND == 0 {
                number
            } else {
                number | i64::from(SECOND)
            }
        }))
    })
}

/// Copies a small file by one call (see [`AtOnce`]), on a thread of the second descriptor table: 1, or 0 where nothing was
/// done, or the address of a copy that has begun, for the natives below.
///
/// `follows_links`, `replaces` and `leaves_cold`: 0 for no. `holes` and `sharing`: as in `newCopy0`. `ledger`: the address of a `Ledger`
/// that gets what was done, or 0.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeCopy_copyAtOnce0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    source: JByteArray<'local>,
    target: JByteArray<'local>,
    follows_links: jint,
    replaces: jint,
    holes: jint,
    sharing: jint,
    leaves_cold: jint,
    ledger: jlong,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<jlong> {
        let source = CString::new(env.convert_byte_array(&source)?);
        let target = CString::new(env.convert_byte_array(&target)?);
        let (Ok(source), Ok(target)) = (source, target) else {
            return Ok(0);
        };
        let Some((holes, sharing)) = policies(holes, sharing) else {
            return Ok(0);
        };
        let copy = AtOnce {
            follows_links: follows_links != 0,
            replaces: replaces != 0,
            holes,
            sharing,
            leaves_cold: leaves_cold != 0,
        };
        Ok(guarded(|| {
            let made = sluice::run_with([], &|_| {}, |[]| {
                let mut done = Done::default();
                (copy.copy(&source, &target, &mut done), done)
            });
            let Ok((made, done)) = made else {
                return 0;
            };
            add_copy(ledger, &done);
            match made {
                Made::Complete => 1,
                Made::Begun(begun) => handed_over(*begun),
                Made::Nothing => 0,
            }
        }))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// The files now belong to Java, which closes them.
fn handed_over(begun: Begun) -> jlong {
    address_of(Copying {
        source: begun.source.into_raw_fd() | SECOND,
        target: begun.target.into_raw_fd() | SECOND,
        copy: begun.copy,
    })
}

/// Answers the number of a file of a copy: of its source where `is_target` is 0, or of its target.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeCopy_descriptor0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    copy: jlong,
    is_target: jint,
) -> jlong {
    guarded(|| {
        // SAFETY: as in `turn`.
        match unsafe { at(copy).as_ref() } {
            Some(copying) if is_target == 0 => copying.source.into(),
            Some(copying) => copying.target.into(),
            None => -(Errno::EFAULT as i64),
        }
    })
}

fn policies(holes: jint, sharing: jint) -> Option<(Holes, Sharing)> {
    let holes = u8::try_from(holes).ok().and_then(Holes::from_number)?;
    let sharing = u8::try_from(sharing).ok().and_then(Sharing::from_number)?;
    Some((holes, sharing))
}

/// Frees what `newCopy0` or `copyAtOnce0` made. `ledger`: the address of a `Ledger` that gets what the copy has done, or 0.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeCopy_freeCopy0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    copy: jlong,
    ledger: jlong,
) -> jlong {
    guarded(|| {
        let copy = at(copy);
        if !copy.is_null() {
            // SAFETY: Java frees each copy once and forgets its address, so that this is its only owner.
            let copy = unsafe { Box::from_raw(copy) }.copy;
            let done = Done {
                size: copy.size(),
                steps: *copy.steps(),
            };
            add_copy(ledger, &done);
        }
        0
    })
}

/// The address of a copy, which `freeCopy0` frees.
fn address_of(copying: Copying) -> i64 {
    Box::into_raw(Box::new(copying)).expose_provenance() as i64
}

fn for_a_step(fd: BorrowedFd<'_>) -> BorrowedFd<'static> {
    // SAFETY: the copy uses it in a step only, and each step sets it anew.
    unsafe { BorrowedFd::borrow_raw(fd.as_raw_fd()) }
}

fn at(copy: jlong) -> *mut Copying {
    std::ptr::with_exposed_provenance_mut(usize::try_from(copy).unwrap_or(0))
}

fn turn(copy: jlong, turn: fn(&mut FileCopy<'static>) -> Result<bool, Error>) -> jlong {
    guarded(|| {
        // SAFETY: the address comes from `newCopy0` or `copyAtOnce0`, is not freed yet, and only one thread has it.
        let Some(copying) = (unsafe { at(copy).as_mut() }) else {
            return -(Errno::EFAULT as i64);
        };
        let turned = with([copying.source, copying.target], |[source, target]| {
            copying.copy.rebind(for_a_step(source), for_a_step(target));
            turn(&mut copying.copy)
        });
        answer::of(turned.and_then(|answer| answer).map(i64::from))
    })
}

/// Shares further bytes for one turn: 1 when no more can be, 0 when there may be more, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeCopy_share0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    copy: jlong,
) -> jlong {
    turn(copy, FileCopy::share)
}

/// Copies further data for one turn: 1 when the copy is complete, 0 when it is not, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeCopy_advance0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    copy: jlong,
) -> jlong {
    turn(copy, FileCopy::advance)
}

/// Answers whether the next turn would wait for the source's device: 1 or 0.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeCopy_isCold0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    copy: jlong,
) -> jlong {
    turn(copy, |copy| Ok(copy.is_cold()))
}

/// Gives the target the source's attributes, with these times in nanoseconds since 1970, and with `own_mode` where it
/// cannot get the source's owner: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeCopy_copyAttributes0(
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
        let copied = with([source, target], |[source, target]| {
            copy_attributes(source, target, attributes)
        });
        answer::of(copied.and_then(|answer| answer).map(|()| 0))
    })
}
