//! What TCP has done on a socket, which Java does not tell: `TCP_INFO` and `TCP_CORK`.

use crate::error::answer;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use libc::{IPPROTO_TCP, TCP_CORK, TCP_INFO, c_int, socklen_t};
use std::io;
use std::os::fd::RawFd;

/// Where `tcpi_data_segs_out` lies in `struct tcp_info` of `linux/tcp.h`: since Linux 4.6, and of no struct of the crate
/// `libc`.
const DATA_SEGMENTS_OUT: usize = 156;

const INFO: usize = 256;

/// Reads an option of TCP, and answers how many bytes the kernel knows of it.
fn option(socket: RawFd, name: c_int, value: &mut [u8]) -> io::Result<usize> {
    let mut size = socklen_t::try_from(value.len()).map_err(io::Error::other)?;
    // SAFETY: the kernel writes at most `size` bytes to the value, and the size that it wrote.
    let read = unsafe {
        libc::getsockopt(
            socket,
            IPPROTO_TCP,
            name,
            value.as_mut_ptr().cast(),
            &raw mut size,
        )
    };
    match read {
        0 => usize::try_from(size).map_err(io::Error::other),
        _ => Err(io::Error::last_os_error()),
    }
}

fn segments(socket: RawFd) -> io::Result<i64> {
    let mut info = [0; INFO];
    let end = DATA_SEGMENTS_OUT + 4;
    if option(socket, TCP_INFO, &mut info)? < end {
        return Err(io::Error::from_raw_os_error(libc::ENOSYS));
    }
    let mut number = [0; 4];
    number.copy_from_slice(&info[DATA_SEGMENTS_OUT..end]);
    Ok(u32::from_ne_bytes(number).into())
}

/// How many segments with data the socket has sent, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_TcpInfo_dataSegmentsOut0(
    _env: EnvUnowned,
    _class: JClass,
    socket: jint,
) -> jlong {
    segments(socket).unwrap_or_else(|error| answer(&error))
}

/// Whether the socket is corked: 1 or 0, or `-errno`.
#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_measure_TcpInfo_isCorked0(
    _env: EnvUnowned,
    _class: JClass,
    socket: jint,
) -> jlong {
    let mut value = [0; 4];
    option(socket, TCP_CORK, &mut value).map_or_else(
        |error| answer(&error),
        |_| i64::from(c_int::from_ne_bytes(value) != 0),
    )
}
