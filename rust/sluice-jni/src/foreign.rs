//! What a descriptor of another library's channel is.

use crate::lent::with_one;
use crate::panic::guarded;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::socket::{SockType, getsockopt, sockopt};
use nix::sys::stat::{SFlag, fstat};
use nix::unistd::{Whence, lseek};
use sluice::Kind;
use std::os::fd::BorrowedFd;

/// The bits of what a descriptor of another library is, above the number of its [`Kind`].
const READABLE: i64 = 0x4;
const WRITABLE: i64 = 0x8;
const NON_BLOCKING: i64 = 0x10;

/// Answers what a descriptor of another library is: the number of its kind, and the bits above; `-EOPNOTSUPP` where it is no
/// file, stream socket or pipe, or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeDescriptor_lent0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
) -> jlong {
    guarded(|| {
        with_one(fd, |fd| {
            let flags = OFlag::from_bits_retain(fcntl(fd, FcntlArg::F_GETFL)?);
            let access = match flags & OFlag::O_ACCMODE {
                OFlag::O_RDONLY => READABLE,
                OFlag::O_WRONLY => WRITABLE,
                _ => READABLE | WRITABLE,
            };
            let waits = if flags.contains(OFlag::O_NONBLOCK) {
                NON_BLOCKING
            } else {
                0
            };
            Ok(i64::from(kind_of(fd)?.number()) | access | waits)
        })
    })
}

/// The kind of a descriptor. Others than those that transfers know are `EOPNOTSUPP`.
fn kind_of(fd: BorrowedFd<'_>) -> nix::Result<Kind> {
    match SFlag::from_bits_truncate(fstat(fd)?.st_mode) & SFlag::S_IFMT {
        SFlag::S_IFREG | SFlag::S_IFBLK => Ok(Kind::File),
        // A terminal is a stream that no transfer can wait for; `/dev/zero` seeks.
        SFlag::S_IFCHR if lseek(fd, 0, Whence::SeekCur).is_ok() => Ok(Kind::File),
        SFlag::S_IFIFO => Ok(Kind::Pipe),
        SFlag::S_IFSOCK if getsockopt(&fd, sockopt::SockType)? == SockType::Stream => {
            Ok(Kind::Socket)
        }
        _ => Err(Errno::EOPNOTSUPP),
    }
}
