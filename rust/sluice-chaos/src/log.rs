//! The log has one line for each call: `thread call fd asked given answer errno`. `given` is the length that the kernel
//! was asked for, or -1 if the call was not made. Each line is one `write(2)`, and nothing is allocated.

use crate::system_call::SystemCall;
use std::ffi::c_int;
use std::fs::OpenOptions;
use std::io::{Cursor, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

/// One call.
pub struct Record {
    pub call: SystemCall,
    pub fd: c_int,
    pub asked: usize,
    pub given: Option<usize>,
    pub answer: isize,
    pub errno: c_int,
}

pub struct Log(Option<OwnedFd>);

impl Log {
    pub fn open(path: Option<&Path>) -> Log {
        // `O_CLOEXEC` is what the standard library opens files with.
        let file =
            path.and_then(|path| OpenOptions::new().create(true).append(true).open(path).ok());
        Log(file.map(OwnedFd::from))
    }

    pub fn write(&self, record: &Record) {
        let Some(file) = &self.0 else {
            return;
        };
        let mut line = Cursor::new([0_u8; 160]);
        // SAFETY: takes no memory.
        let thread = unsafe { libc::gettid() };
        let given = record.given.map_or(-1, |given| given as isize);
        let written = writeln!(
            line,
            "{thread} {} {} {} {given} {} {}",
            record.call.name(),
            record.fd,
            record.asked,
            record.answer,
            record.errno
        );
        let length = usize::try_from(line.position()).unwrap_or(0);
        if written.is_ok() {
            // SAFETY: the buffer outlives the call and is at least as long as `length`.
            unsafe { libc::write(file.as_raw_fd(), line.get_ref().as_ptr().cast(), length) };
        }
    }
}
