//! What the kernel and the crate `libc` have to mean alike, checked by the Rust compiler for each platform that is built
//! for. `c/abi.c` has the same lines, checked by the C compiler: a number or a layout that the crate has wrong compiles on
//! one side only.

#![allow(
    dead_code,
    reason = "compilers before 1.87 do not count what is used in an assertion alone"
)]

use libc::{
    epoll_event, file_clone_range, flock, pollfd, sigaction, siginfo_t, stat, statx, ucontext_t,
};
use std::mem::{offset_of, size_of};

/// The one of two numbers that belongs to the processor.
const fn by_processor(x86_64: u64, aarch64: u64) -> u64 {
    if cfg!(target_arch = "x86_64") {
        x86_64
    } else {
        aarch64
    }
}

macro_rules! numbers {
    ($($name:expr, $number:expr;)*) => {
        $(const _: () = assert!($name as u64 == $number);)*
    };
}

numbers! {
    libc::SYS_futex, by_processor(202, 98);
    libc::SYS_memfd_create, by_processor(319, 279);
    libc::SYS_statx, by_processor(332, 291);
    libc::SYS_close_range, 436;
    libc::FIONREAD, 0x541b;
    libc::FICLONERANGE, 0x4020_940d;
    libc::O_DIRECT, by_processor(0x4000, 0x10000);
    libc::O_CLOEXEC, 0x80000;
    libc::O_TMPFILE, by_processor(0x41_0000, 0x40_4000);
    libc::F_SETPIPE_SZ, 1031;
    libc::F_GETPIPE_SZ, 1032;
    libc::MAP_NORESERVE, 0x4000;
    libc::MAP_POPULATE, 0x8000;
    libc::SA_SIGINFO, 4;
    libc::SA_ONSTACK, 0x0800_0000;
    libc::SIGBUS, 7;
    libc::SIGUSR1, 10;
    libc::STATX_DIOALIGN, 0x2000;
}

macro_rules! layouts {
    ($($type:ty, $size:expr, { $($field:ident $offset:expr),* };)*) => {
        $(
            const _: () = assert!(size_of::<$type>() as u64 == $size);
            $(const _: () = assert!(offset_of!($type, $field) as u64 == $offset);)*
        )*
    };
}

layouts! {
    epoll_event, by_processor(12, 16), { u64 by_processor(4, 8) };
    file_clone_range, 32, { src_offset 8, dest_offset 24 };
    stat, by_processor(144, 128), { st_ino 8, st_mode by_processor(24, 16), st_size 48 };
    flock, 32, { l_start 8, l_pid 24 };
    pollfd, 8, { revents 6 };
    sigaction, 152, { sa_flags 136 };
    statx, 256, { stx_mode 28, stx_dio_mem_align 152, stx_dio_offset_align 156 };
}

const _: () = assert!(size_of::<siginfo_t>() == 128);

/// Where the address of an instruction lies in what a signal handler is given.
const INSTRUCTION: usize = {
    let context = offset_of!(ucontext_t, uc_mcontext);
    #[cfg(target_arch = "x86_64")]
    let within =
        offset_of!(libc::mcontext_t, gregs) + libc::REG_RIP as usize * size_of::<libc::greg_t>();
    #[cfg(target_arch = "aarch64")]
    let within = offset_of!(libc::mcontext_t, pc);
    context + within
};
const _: () = assert!(INSTRUCTION as u64 == by_processor(168, 440));
