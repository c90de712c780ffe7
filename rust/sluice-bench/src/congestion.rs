//! The congestion control of one socket, which Java cannot choose.
//!
//! Some machines run BBR by default, which paces what it sends by its guess of the path, and probes the
//! path in turns. On loopback that makes the same round three times as long now and then, and says
//! nothing about the call that is measured. Reno is in every kernel and sends what the window holds.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use libc::{IPPROTO_TCP, TCP_CONGESTION, socklen_t};

const RENO: &[u8] = b"reno";
const RENO_LENGTH: socklen_t = 4;

/// Makes a TCP socket use Reno.
///
/// # Errors
/// Those of `setsockopt(2)`: `ENOPROTOOPT` or `EOPNOTSUPP` for a socket that is not TCP.
pub fn use_reno(socket: BorrowedFd) -> io::Result<()> {
    // SAFETY: the name outlives the call and is as long as its length says.
    let answer = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            IPPROTO_TCP,
            TCP_CONGESTION,
            RENO.as_ptr().cast(),
            RENO_LENGTH,
        )
    };
    match answer {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Makes a socket use Reno: 0 or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_fixture_TcpCongestion_useReno0(
    _env: EnvUnowned,
    _class: JClass,
    socket: jint,
) -> jlong {
    // SAFETY: Java names a socket that it has open, and keeps it open for the call.
    let socket = unsafe { BorrowedFd::borrow_raw(socket) };
    use_reno(socket).map_or_else(|error| crate::error::answer(&error), |()| 0)
}
