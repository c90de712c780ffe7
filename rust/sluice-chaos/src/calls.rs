//! The functions of the C library that are replaced. Each stands for the one of the same name and type.
//!
//! Most are a row of one of two tables: `moving` has the calls whose length may become smaller, `late` the calls that
//! may come late or be refused. `by_argument` has the calls of which an argument decides.
//!
//! Each function passes what it was given to the C library's function that it stands for, with nothing changed but a length
//! that becomes smaller. So what the caller promised to that function holds: that is what `SAFETY` says in the tables.

mod answer;
mod by_argument;
mod late;
mod moving;

use by_argument::{copy_file_range, ioctl, mmap, poll, syscall};
use late::{close, epoll_wait, mremap, msync, munmap, pipe2, process_vm_readv, process_vm_writev};
use moving::{pread, pwrite, read, recv, send, sendfile, splice, tee, write};
use std::ffi::CStr;

/// The address of the function that stands for one of the C library. `None` if that one is not bent.
pub fn replacement(name: &CStr) -> Option<usize> {
    let function: *const () = match name.to_bytes() {
        b"read" => read as *const (),
        b"write" => write as *const (),
        b"pread" | b"pread64" => pread as *const (),
        b"pwrite" | b"pwrite64" => pwrite as *const (),
        b"recv" => recv as *const (),
        b"send" => send as *const (),
        b"sendfile" | b"sendfile64" => sendfile as *const (),
        b"splice" => splice as *const (),
        b"tee" => tee as *const (),
        b"copy_file_range" => copy_file_range as *const (),
        b"syscall" => syscall as *const (),
        b"ioctl" => ioctl as *const (),
        b"poll" => poll as *const (),
        b"epoll_wait" => epoll_wait as *const (),
        b"mmap" | b"mmap64" => mmap as *const (),
        b"munmap" => munmap as *const (),
        b"mremap" => mremap as *const (),
        b"msync" => msync as *const (),
        b"close" => close as *const (),
        b"pipe2" => pipe2 as *const (),
        b"process_vm_readv" => process_vm_readv as *const (),
        b"process_vm_writev" => process_vm_writev as *const (),
        _ => return None,
    };
    Some(function.expose_provenance())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_replacement_is_a_function_of_its_own_name() {
        for name in [c"read", c"splice", c"mmap64", c"process_vm_writev"] {
            assert!(replacement(name).is_some());
        }
        assert_eq!(replacement(c"malloc"), None);
    }
}
