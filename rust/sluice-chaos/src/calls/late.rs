//! Calls that may start and return late, or be refused, but are not changed.

use super::answer::Answer;
use crate::bend::Bend;
use crate::system_call::SystemCall;
use libc::{size_t, ssize_t};
use std::ffi::{c_int, c_ulong, c_void};

macro_rules! late {
    ($(
        fn $name:ident($($argument:ident: $type:ty),+) -> $answer:ty;
        $call:ident [$($fd:ident)?];
    )+) => {
        $(
            pub(super) unsafe extern "C" fn $name($($argument: $type),+) -> $answer {
                Answer::of_word(Bend::late(SystemCall::$call, &[$($fd)?]).run(|_| {
                    // SAFETY: see `calls.rs`.
                    let answer: $answer = unsafe { libc::$name($($argument),+) };
                    answer.to_word()
                }))
            }
        )+
    };
}

late! {
    fn epoll_wait(fd: c_int, events: *mut libc::epoll_event, count: c_int, timeout: c_int) -> c_int;
        EpollWait [fd];
    fn munmap(address: *mut c_void, length: size_t) -> c_int;
        Munmap [];
    fn mremap(address: *mut c_void, old: size_t, new: size_t, flags: c_int, to: *mut c_void) -> *mut c_void;
        Mremap [];
    fn msync(address: *mut c_void, length: size_t, flags: c_int) -> c_int;
        Msync [];
    fn close(fd: c_int) -> c_int;
        Close [fd];
    fn pipe2(fds: *mut c_int, flags: c_int) -> c_int;
        Pipe [];
    fn process_vm_readv(
        process: libc::pid_t,
        here: *const libc::iovec,
        here_count: c_ulong,
        there: *const libc::iovec,
        there_count: c_ulong,
        flags: c_ulong
    ) -> ssize_t;
        ProcessVm [];
    fn process_vm_writev(
        process: libc::pid_t,
        here: *const libc::iovec,
        here_count: c_ulong,
        there: *const libc::iovec,
        there_count: c_ulong,
        flags: c_ulong
    ) -> ssize_t;
        ProcessVm [];
}
