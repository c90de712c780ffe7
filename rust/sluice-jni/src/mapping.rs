//! The natives of a mapping. A handle is the address of a `Mapping`, which Java frees once, when nobody can reach an address
//! of it any more.
//!
//! An error is answered as `-(call << 16 | errno)`, with the number of the system call that failed.

use crate::answer::{encode, failed};
use crate::copy::{answer, of};
use crate::descriptor;
use crate::guard::guarded;
use crate::transfer::{endpoint, pace, with_ledger};
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JByteBuffer, JClass};
use jni::sys::{jint, jlong};
use jni::{Env, EnvUnowned};
use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, fallocate};
use nix::sys::stat::fstat;
use nix::unistd::ftruncate;
use sluice::{
    Advice, After, Ending, Error, MapRequest, Mapping, Progress, Protection, Side, SystemCall,
    exchange_4, exchange_8, prepare_retirement,
};

const POPULATE: jint = 1;
const NO_RESERVE: jint = 2;
const SYNC: jint = 4;

fn at(mapping: jlong) -> *mut Mapping {
    std::ptr::with_exposed_provenance_mut(usize::try_from(mapping).unwrap_or(0))
}

fn invalid(call: SystemCall) -> Error {
    let errno = Errno::EINVAL;
    Error { call, errno }
}

fn number(call: SystemCall, value: jlong) -> Result<usize, Error> {
    usize::try_from(value).map_err(|_| invalid(call))
}

fn existing<'mapping>(mapping: jlong) -> Result<&'mapping Mapping, Error> {
    // SAFETY: the address comes from `map0` and is not freed yet: Java frees it when the object that calls this and all
    // buffers are unreachable.
    unsafe { at(mapping).as_ref() }.ok_or(invalid(SystemCall::Mmap))
}

fn handle(mapping: Mapping) -> i64 {
    Box::into_raw(Box::new(mapping)).expose_provenance() as i64
}

fn with(mapping: jlong, does: impl FnOnce(&Mapping) -> Result<i64, Error>) -> i64 {
    answer(existing(mapping).and_then(does))
}

/// Maps a part of a file: a handle, or an error. `protection`: 0 read, 1 read and write, 2 private; `flags`: 1 populate, 2 no
/// reserve, 4 sync.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_map0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    offset: jlong,
    length: jlong,
    protection: jint,
    flags: jint,
) -> jlong {
    guarded(|| {
        let mapped = descriptor::with([fd], |[fd]| {
            let how = MapRequest {
                offset: u64::try_from(offset).map_err(|_| invalid(SystemCall::Mmap))?,
                length: number(SystemCall::Mmap, length)?,
                protection: match protection {
                    0 => Protection::ReadOnly,
                    1 => Protection::ReadWrite,
                    _ => Protection::Private,
                },
                populate: flags & POPULATE != 0,
                no_reserve: flags & NO_RESERVE != 0,
                synchronous: flags & SYNC != 0,
            };
            Mapping::map(fd, how).map(handle)
        });
        answer(mapped.and_then(|answer| answer))
    })
}

/// Answers the address of the first byte.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_mappedAddress0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| with(mapping, |mapping| Ok(mapping.address() as i64)))
}

/// Answers 1 where the pages are huge ones, else 0.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_hasHugePages0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| with(mapping, |mapping| Ok(i64::from(mapping.has_huge_pages()))))
}

/// Answers a file's size (`fstat(2)`), or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_size0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        let size = descriptor::with([fd], |[fd]| {
            fstat(fd)
                .map(|stat| stat.st_size)
                .map_err(of(SystemCall::Statx))
        });
        answer(size.and_then(|answer| answer))
    })
}

/// Gives the addresses back.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_unmap0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| {
        let mapping = at(mapping);
        if !mapping.is_null() {
            // SAFETY: Java frees each mapping once and forgets its address, so that this is its only owner.
            drop(unsafe { Box::from_raw(mapping) });
        }
        0
    })
}

/// Releases file, pages and locks, and keeps the addresses, at which late accesses find zeros or fault: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_retire0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    ends_in_zeros: jint,
) -> jlong {
    let after = match ends_in_zeros {
        0 => After::Fault,
        _ => After::Zeros,
    };
    guarded(|| with(mapping, |mapping| mapping.retire(after).map(|()| 0)))
}

/// Opens what late accesses are to fault by: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_prepareRetirement0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) -> jlong {
    guarded(|| answer(prepare_retirement().map(|()| 0)))
}

/// The same shared part at other addresses: a handle, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_mapAgain0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| with(mapping, |mapping| mapping.duplicate().map(handle)))
}

/// The pages at other addresses: a handle, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_moved0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
) -> jlong {
    guarded(|| with(mapping, |mapping| mapping.moved().map(handle)))
}

/// Advises on a part: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_advise0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    advice: jint,
    offset: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let advice = u8::try_from(advice).ok().and_then(Advice::from_number);
            let advice = advice.ok_or(invalid(SystemCall::Madvise))?;
            let (offset, length) = (
                number(SystemCall::Madvise, offset)?,
                number(SystemCall::Madvise, length)?,
            );
            mapping.advise(advice, offset, length).map(|()| 0)
        })
    })
}

/// Writes what was changed in a part to the device: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_sync0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let (offset, length) = (
                number(SystemCall::Msync, offset)?,
                number(SystemCall::Msync, length)?,
            );
            mapping.sync(offset, length).map(|()| 0)
        })
    })
}

/// Answers how many bytes of a part are in memory, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_resident0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let (offset, length) = (
                number(SystemCall::Mincore, offset)?,
                number(SystemCall::Mincore, length)?,
            );
            let resident = mapping.resident(offset, length)?;
            i64::try_from(resident).map_err(|_| invalid(SystemCall::Mincore))
        })
    })
}

/// Answers 1 where all pages of a part are in memory, else 0, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_isResident0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let (offset, length) = (
                number(SystemCall::Mincore, offset)?,
                number(SystemCall::Mincore, length)?,
            );
            mapping.is_resident(offset, length).map(i64::from)
        })
    })
}

/// Locks or unlocks the pages of a part: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_lockPages0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    length: jlong,
    on: jint,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let (offset, length) = (
                number(SystemCall::Mlock, offset)?,
                number(SystemCall::Mlock, length)?,
            );
            match on {
                0 => mapping.unlock(offset, length)?,
                _ => mapping.lock(offset, length)?,
            }
            Ok(0)
        })
    })
}

/// No guard can be had for an exchange.
const UNGUARDED: jint = 3;

/// Exchanges four aligned bytes: 0 another value is there, 1 it is done, 2 the page is not there, 3 it is not done here.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMemory_exchangeInt0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    address: jlong,
    expected: jint,
    value: jint,
) -> jint {
    let address = usize::try_from(address).unwrap_or(0);
    // SAFETY: Java passes an aligned address in a mapping, which it holds until this returns.
    let answer = unsafe { exchange_4(address, expected as u32, value as u32) };
    answer.map_or(UNGUARDED, |answer| answer as jint)
}

/// The same of eight.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMemory_exchangeLong0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    address: jlong,
    expected: jlong,
    value: jlong,
) -> jint {
    let address = usize::try_from(address).unwrap_or(0);
    // SAFETY: as above.
    let answer = unsafe { exchange_8(address, expected as u64, value as u64) };
    answer.map_or(UNGUARDED, |answer| answer as jint)
}

/// Returns.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMemory_returnToJava0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) {
}

/// Copies bytes from `offset` on to `address`, which is memory of Java's own: how many, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_readMapped0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    address: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let length = number(SystemCall::ProcessVm, length)?;
            let target =
                std::ptr::with_exposed_provenance_mut(number(SystemCall::ProcessVm, address)?);
            // SAFETY: Java passes the address of a direct buffer of its own, of at least this length, which only the
            // calling thread uses and which is reachable until this call returns.
            let target = unsafe { std::slice::from_raw_parts_mut::<u8>(target, length) };
            Ok(mapping.read(number(SystemCall::ProcessVm, offset)?, target)? as i64)
        })
    })
}

/// Copies bytes from `address`, which is memory of Java's own, to `offset`: how many, or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_writeMapped0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    offset: jlong,
    address: jlong,
    length: jlong,
) -> jlong {
    guarded(|| {
        with(mapping, |mapping| {
            let length = number(SystemCall::ProcessVm, length)?;
            let source = std::ptr::with_exposed_provenance(number(SystemCall::ProcessVm, address)?);
            // SAFETY: as in `readMapped0`.
            let source = unsafe { std::slice::from_raw_parts::<u8>(source, length) };
            Ok(mapping.write(number(SystemCall::ProcessVm, offset)?, source)? as i64)
        })
    })
}

/// Writes bytes to a descriptor, at a file offset or, where that is -1, as to a stream, for one turn. `shape` is that of
/// `transfer0`, of which the kind of the target and the pace are used. `ledger` and the answer are those of `transfer0`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_sendMapped0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    mapping: jlong,
    shape: jint,
    offset: jlong,
    length: jlong,
    fd: jint,
    position: jlong,
    ledger: jlong,
) -> jlong {
    guarded(|| {
        let part = existing(mapping).and_then(|mapping| {
            let (offset, length) = (
                number(SystemCall::Write, offset)?,
                number(SystemCall::Write, length)?,
            );
            Ok((mapping, offset, length))
        });
        let (mapping, offset, length) = match part {
            Ok(part) => part,
            Err(error) => return failed(error.errno),
        };
        let sent = descriptor::with([fd], |[fd]| match endpoint(fd, shape >> 4, position) {
            Ok(target) => with_ledger(ledger, |ledger| {
                ledger.keeping(|_, in_flight| {
                    let progress =
                        mapping.transfer(offset, length, &target, pace(shape), in_flight);
                    encode(progress, sender_or_target(progress))
                })
            }),
            Err(errno) => failed(errno),
        });
        sent.unwrap_or_else(|error| failed(error.errno))
    })
}

/// A page that is not there is the region's failure, anything else the target's.
fn sender_or_target(progress: Progress) -> Option<Side> {
    match progress.ending {
        Ending::Failed(error) if error.errno == Errno::EFAULT => Some(Side::Source),
        Ending::Failed(_) => Some(Side::Target),
        _ => None,
    }
}

/// Moves the pages of one mapping of a part of a file to another: 0 or an error.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMapping_movePages0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    from: jlong,
    to: jlong,
) -> jlong {
    guarded(|| {
        with(to, |to| {
            to.take_pages(existing(from)?)?;
            Ok(0)
        })
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
        let set = descriptor::with([fd], |[fd]| {
            ftruncate(fd, length).map_err(of(SystemCall::Ftruncate))
        });
        answer(set.and_then(|answer| answer).map(|()| 0))
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
        let allocated = descriptor::with([fd], |[fd]| {
            fallocate(fd, flags, offset, length).map_err(of(SystemCall::Fallocate))
        });
        answer(allocated.and_then(|answer| answer).map(|()| 0))
    })
}

/// A direct buffer over a part of a mapping (`NewDirectByteBuffer`), which Java keeps from outliving it.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeMemory_buffer0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    address: jlong,
    length: jint,
) -> JByteBuffer<'local> {
    env.with_env(
        |env: &mut Env<'local>| -> jni::errors::Result<JByteBuffer<'local>> {
            let address =
                std::ptr::with_exposed_provenance_mut(usize::try_from(address).unwrap_or(0));
            // SAFETY: the range lies in a mapping that Java gives back when the buffer is unreachable. Rust never touches it.
            unsafe { env.new_direct_byte_buffer(address, usize::try_from(length).unwrap_or(0)) }
        },
    )
    .resolve::<ThrowRuntimeExAndDefault>()
}
