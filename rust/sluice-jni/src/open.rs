//! Opens the files of a copy or a region, as the JDK does but with `O_CLOEXEC`, and so that to close them releases no lock which the
//! process holds on them.

use crate::descriptor::{SECOND, answer};
use crate::guard::guarded;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JByteArray, JClass};
use jni::sys::jint;
use jni::{EnvUnowned, sys::jlong};
use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use std::ffi::CString;
use std::os::fd::IntoRawFd;

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
        Ok(guarded(|| answer(opened(path, how, mode))))
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

fn opened(path: Vec<u8>, how: jint, mode: jint) -> nix::Result<jint> {
    let path = CString::new(path).map_err(|_| Errno::EINVAL)?;
    let flags = match how {
        // Not for ever, should it have become a FIFO.
        0 => OFlag::O_RDONLY | OFlag::O_NONBLOCK,
        1 => OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW,
        2 => OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL,
        3 => OFlag::O_RDWR | OFlag::O_NONBLOCK,
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
