//! The natives on the directory that a target lies in: a file in it is named by its last name alone, so that neither the
//! length of its path nor a directory that is renamed meanwhile matters.
//!
//! A directory is opened in the second descriptor table, as files are, and what is created in it lies there as well.

use crate::answer;
use crate::lent::{SECOND, with};
use crate::panic::guarded;
use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, OFlag, openat};
use nix::sys::stat::Mode;
use nix::unistd::{UnlinkatFlags, unlinkat};
use sluice::permissions_of_new;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, IntoRawFd, OwnedFd, RawFd};
use std::panic::UnwindSafe;

/// Opens a directory: its descriptor, or `-errno`. The caller owns it and gives it to `close0`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDirectory_openDirectory0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    path: JByteArray<'local>,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<jlong> {
        let path = env.convert_byte_array(&path)?;
        Ok(guarded(|| answer::of_errno(open_directory(&path))))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

fn open_directory(path: &[u8]) -> nix::Result<jint> {
    let there = sluice::run_with([], &|_| {}, |[]| {
        // A directory in which one may create files, but not list them, is open as a mere path.
        match open_long(path, OFlag::O_RDONLY) {
            Err(Errno::EACCES) => open_long(path, OFlag::O_PATH),
            opened => opened,
        }
        .map(|fd| fd.into_raw_fd() | SECOND)
    });
    // Without a second table it lies in that of the process: no lock is released when a mere path is closed
    // (`filp_close` in the kernel's `fs/open.c`).
    there.unwrap_or_else(|_| open_long(path, OFlag::O_PATH).map(IntoRawFd::into_raw_fd))
}

/// Opens a directory whose path may be longer than one call takes.
fn open_long(path: &[u8], how: OFlag) -> nix::Result<OwnedFd> {
    /// `PATH_MAX`, which counts the 0 at the end.
    const MOST: usize = 4095;
    let mut rest = path;
    let mut reached: Option<OwnedFd> = None;
    loop {
        let from = reached.as_ref().map_or(AT_FDCWD, AsFd::as_fd);
        if rest.len() <= MOST {
            return open_in(from, rest, how);
        }
        let cut = rest[..MOST].iter().rposition(|byte| *byte == b'/');
        let cut = cut.filter(|cut| *cut > 0).ok_or(Errno::ENAMETOOLONG)?;
        let next = open_in(from, &rest[..cut], OFlag::O_PATH)?;
        reached = Some(next);
        // An absolute path in the middle would begin at the root again.
        rest = &rest[cut + 1..];
    }
}

fn open_in(directory: BorrowedFd<'_>, path: &[u8], how: OFlag) -> nix::Result<OwnedFd> {
    let path = CString::new(path).map_err(|_| Errno::EINVAL)?;
    let flags = how | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    openat(directory, path.as_c_str(), flags, Mode::empty())
}

/// As [`with`] one directory, and a name in it.
fn in_directory(
    directory: jint,
    name: Vec<u8>,
    work: impl FnOnce(BorrowedFd<'_>, &CStr) -> nix::Result<jint> + Send + UnwindSafe,
) -> jlong {
    guarded(|| {
        let name = match CString::new(name) {
            Ok(name) => name,
            Err(_) => return -(Errno::EINVAL as i64),
        };
        let done = with([directory], |[directory]| work(directory, &name));
        answer::of_errno(done.map_err(|error| error.errno).and_then(|done| done))
    })
}

/// Creates a temporary file in a directory to write, with `mode` less what the umask or the directory's access list takes:
/// its descriptor, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDirectory_createIn0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    directory: jint,
    name: JByteArray<'local>,
    mode: jint,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<jlong> {
        let name = env.convert_byte_array(&name)?;
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_CLOEXEC;
        let mode = Mode::from_bits_truncate(mode.unsigned_abs());
        Ok(in_directory(directory, name, move |directory_fd, name| {
            if sluice::keeps_all_names(directory_fd) {
                // It could not be renamed, and would stay.
                return Err(Errno::EPERM);
            }
            let created: RawFd = openat(directory_fd, name, flags, mode)?.into_raw_fd();
            // It lies in the table that the directory lies in.
            Ok(created | directory & SECOND)
        }))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// Answers which permissions a file has that is created in a directory with `mode`, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDirectory_permissionsIn0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    directory: jint,
    path: JByteArray<'local>,
    mode: jint,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<jlong> {
        let path = env.convert_byte_array(&path)?;
        Ok(in_directory(directory, path, move |directory, path| {
            let permissions = permissions_of_new(directory, path, mode.unsigned_abs());
            jint::try_from(permissions).map_err(|_| Errno::EINVAL)
        }))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// Gives a file the name of another in its directory, which is deleted (see [`sluice::replace`]): 0 or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDirectory_replaceIn0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    directory: jint,
    from: JByteArray<'local>,
    to: JByteArray<'local>,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<jlong> {
        let from = env.convert_byte_array(&from)?;
        let to = env.convert_byte_array(&to)?;
        Ok(in_directory(directory, from, move |directory, from| {
            let to = CString::new(to).map_err(|_| Errno::EINVAL)?;
            sluice::replace(directory, from, &to).map(|()| 0)
        }))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

/// Deletes a file in a directory, or an empty directory where `is_directory` is not 0 (`unlinkat(2)`): 0 or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDirectory_deleteIn0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    directory: jint,
    name: JByteArray<'local>,
    is_directory: jint,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<jlong> {
        let name = env.convert_byte_array(&name)?;
        let kind = match is_directory {
            0 => UnlinkatFlags::NoRemoveDir,
            _ => UnlinkatFlags::RemoveDir,
        };
        Ok(in_directory(directory, name, move |directory, name| {
            unlinkat(directory, name, kind).map(|()| 0)
        }))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}
