//! Calls that move at most `length` bytes: they may be asked for fewer, be interrupted, not be ready, be refused or come late.

use crate::bend::Bend;
use crate::system_call::SystemCall;
use libc::{off_t, size_t, ssize_t};
use std::ffi::{c_int, c_uint, c_void};

macro_rules! moving {
    ($(
        fn $name:ident($($argument:ident: $type:ty),+);
        $call:ident [$($fd:ident),+] $length:ident $($how:ident($($value:expr)?))*;
    )+) => {
        $(
            pub(super) unsafe extern "C" fn $name($($argument: $type),+) -> ssize_t {
                Bend::moving(SystemCall::$call, &[$($fd),+], $length)
                    $(.$how($($value)?))*
                    // SAFETY: see `calls.rs`.
                    .run(|$length| unsafe { libc::$name($($argument),+) })
            }
        )+
    };
}

moving! {
    fn read(fd: c_int, buffer: *mut c_void, length: size_t);
        Read [fd] length;
    fn write(fd: c_int, buffer: *const c_void, length: size_t);
        Write [fd] length writing();
    fn pread(fd: c_int, buffer: *mut c_void, length: size_t, at: off_t);
        Read [fd] length;
    fn pwrite(fd: c_int, buffer: *const c_void, length: size_t, at: off_t);
        Write [fd] length;
    fn recv(fd: c_int, buffer: *mut c_void, length: size_t, flags: c_int);
        Read [fd] length
        at_once(flags & libc::MSG_DONTWAIT != 0) looking(flags & libc::MSG_PEEK != 0);
    fn send(fd: c_int, buffer: *const c_void, length: size_t, flags: c_int);
        Write [fd] length
        writing() at_once(flags & libc::MSG_DONTWAIT != 0);
    fn sendfile(to: c_int, from: c_int, at: *mut off_t, length: size_t);
        Sendfile [from, to] length;
    fn splice(from: c_int, from_at: *mut off_t, to: c_int, to_at: *mut off_t, length: size_t, flags: c_uint);
        Splice [from, to] length
        at_once(flags & libc::SPLICE_F_NONBLOCK != 0);
    fn tee(from: c_int, to: c_int, length: size_t, flags: c_uint);
        Tee [from, to] length
        at_once(flags & libc::SPLICE_F_NONBLOCK != 0) looking(true);
}
