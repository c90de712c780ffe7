//! What a descriptor is, as far as the kernel's possible answers depend on it.

use std::ffi::c_int;
use std::mem::MaybeUninit;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Regular,
    Pipe,
    Socket,
    /// An event counter, an epoll instance, a device, a number that is not open.
    Other,
}

#[derive(Debug, Clone, Copy)]
pub struct Descriptor {
    pub kind: Kind,
    pub inode: u64,
    flags: c_int,
}

impl Descriptor {
    pub fn of(fd: c_int) -> Descriptor {
        let mut stat = MaybeUninit::<libc::stat>::uninit();
        // SAFETY: the kernel fills the buffer, which is as large as it has to be.
        if unsafe { libc::fstat(fd, stat.as_mut_ptr()) } != 0 {
            return Descriptor {
                kind: Kind::Other,
                inode: 0,
                flags: 0,
            };
        }
        // SAFETY: the call succeeded and has filled it.
        let stat = unsafe { stat.assume_init() };
        let kind = match stat.st_mode & libc::S_IFMT {
            libc::S_IFREG => Kind::Regular,
            libc::S_IFIFO => Kind::Pipe,
            libc::S_IFSOCK => Kind::Socket,
            _ => Kind::Other,
        };
        // SAFETY: takes no memory.
        let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
        Descriptor {
            kind,
            inode: stat.st_ino,
            flags: flags.max(0),
        }
    }

    pub fn is_stream(self) -> bool {
        matches!(self.kind, Kind::Pipe | Kind::Socket)
    }

    pub fn is_non_blocking(self) -> bool {
        self.flags & libc::O_NONBLOCK != 0
    }

    /// Opened with `O_DIRECT`, so that lengths are whole blocks. (Of a pipe the flag means packets.)
    pub fn is_direct(self) -> bool {
        self.kind == Kind::Regular && self.flags & libc::O_DIRECT != 0
    }
}
