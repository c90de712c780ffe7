//! Bytes in and out of a mapping, copied by the kernel: `process_vm_readv(2)` on this very process.
//!
//! Where that is forbidden, by a seccomp profile for example, the bytes go through a pipe: `write(2)` reads the mapping
//! and `read(2)` writes it, at the price of one more copy.

use super::map::Mapping;
use crate::error::{Error, Naming};
use crate::pooled::pipe::Pipe;
use crate::system_call::SystemCall;
use nix::errno::Errno;
use nix::libc::{self, c_void};
use nix::sys::uio::{RemoteIoVec, process_vm_readv, process_vm_writev};
use nix::unistd::{getpid, read, write};
use std::io::{IoSlice, IoSliceMut};
use std::os::fd::AsRawFd;

impl Mapping {
    /// Copies bytes from `offset` on into `target`. The answer is how many, fewer if the file has been truncated behind
    /// them.
    ///
    /// # Errors
    /// `EFAULT`: the file has been truncated before `offset`, or the mapping is retired; `EINVAL`: not within the mapping.
    pub fn read(&self, offset: usize, target: &mut [u8]) -> Result<usize, Error> {
        self.pages(offset, target.len())
            .naming(SystemCall::ProcessVm)?;
        let remote = [self.remote(offset, target.len())];
        match process_vm_readv(getpid(), &mut [IoSliceMut::new(target)], &remote) {
            Err(Errno::EPERM | Errno::ENOSYS | Errno::EACCES) => self.read_by_pipe(offset, target),
            answer => answer.naming(SystemCall::ProcessVm),
        }
    }

    /// Copies `source` into the bytes from `offset` on. The answer is how many, fewer if the file has been truncated
    /// behind them.
    ///
    /// # Errors
    /// `EFAULT`: the file has been truncated before `offset`, its file system is full, or the mapping is read-only or
    /// retired; `EINVAL`: not within the mapping.
    pub fn write(&self, offset: usize, source: &[u8]) -> Result<usize, Error> {
        self.pages(offset, source.len())
            .naming(SystemCall::ProcessVm)?;
        let remote = [self.remote(offset, source.len())];
        match process_vm_writev(getpid(), &[IoSlice::new(source)], &remote) {
            Err(Errno::EPERM | Errno::ENOSYS | Errno::EACCES) => self.write_by_pipe(offset, source),
            answer => answer.naming(SystemCall::ProcessVm),
        }
    }

    fn remote(&self, offset: usize, len: usize) -> RemoteIoVec {
        let base = self.address() + offset;
        RemoteIoVec { base, len }
    }

    fn at(&self, offset: usize) -> *mut c_void {
        std::ptr::with_exposed_provenance_mut(self.address() + offset)
    }

    fn read_by_pipe(&self, offset: usize, target: &mut [u8]) -> Result<usize, Error> {
        let pipe = Pipe::take_any()?;
        let mut copied = 0;
        while copied < target.len() {
            let len = (target.len() - copied).min(pipe.capacity());
            let fd = pipe.writer().as_raw_fd();
            // SAFETY: the bytes lie in this mapping, and only the kernel reads them.
            let answer = unsafe { libc::write(fd, self.at(offset + copied), len) };
            let piped = match Errno::result(answer) {
                Ok(piped) => usize::try_from(piped).unwrap_or(0),
                Err(errno) if copied == 0 => return Err(errno).naming(SystemCall::Write),
                Err(_) => break,
            };
            let mut left = piped;
            while left > 0 {
                let taken = read(pipe.reader(), &mut target[copied..copied + left]);
                let taken = taken.naming(SystemCall::Read)?;
                copied += taken;
                left -= taken;
            }
            if piped < len {
                break;
            }
        }
        pipe.give_back_empty();
        Ok(copied)
    }

    fn write_by_pipe(&self, offset: usize, source: &[u8]) -> Result<usize, Error> {
        let pipe = Pipe::take_any()?;
        let mut copied = 0;
        while copied < source.len() {
            let len = (source.len() - copied).min(pipe.capacity());
            let piped =
                write(pipe.writer(), &source[copied..copied + len]).naming(SystemCall::Write)?;
            let mut left = piped;
            while left > 0 {
                let fd = pipe.reader().as_raw_fd();
                // SAFETY: the bytes lie in this mapping, and no reference to them exists.
                let answer = unsafe { libc::read(fd, self.at(offset + copied), left) };
                let taken = match Errno::result(answer) {
                    Ok(taken) => usize::try_from(taken).unwrap_or(0),
                    // The pipe still holds bytes, and is closed with them.
                    Err(errno) if copied == 0 => return Err(errno).naming(SystemCall::Read),
                    Err(_) => return Ok(copied),
                };
                copied += taken;
                left -= taken;
            }
        }
        pipe.give_back_empty();
        Ok(copied)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MapRequest, Protection};
    use super::*;
    use crate::page_size::page_size;
    use std::fs::File;
    use std::io::{Read, Seek, Write};
    use std::os::fd::AsFd;

    fn mapped(file: &File, length: usize) -> Mapping {
        let how = MapRequest {
            offset: 0,
            length,
            protection: Protection::ReadWrite,
            populate: false,
            no_reserve: false,
            synchronous: false,
        };
        Mapping::map(file.as_fd(), how).expect("mapped")
    }

    #[test]
    fn a_pipe_serves_where_the_call_is_forbidden() {
        let mut file = tempfile::tempfile().expect("a file");
        // More than a pipe holds at a time.
        let content: Vec<u8> = (0..3_000_000_u32).map(|i| (i % 251) as u8).collect();
        file.write_all(&content).expect("written");
        let mapping = mapped(&file, content.len());
        let mut read = vec![0; content.len() - 7];
        assert_eq!(mapping.read_by_pipe(7, &mut read), Ok(read.len()));
        assert!(read == content[7..]);
        let other: Vec<u8> = content.iter().map(|byte| byte ^ 0xff).collect();
        assert_eq!(mapping.write_by_pipe(0, &other), Ok(other.len()));
        file.rewind().expect("rewound");
        let mut now = Vec::new();
        file.read_to_end(&mut now).expect("read");
        assert!(now == other);
    }

    #[test]
    fn a_truncated_file_is_an_error_by_either_way() {
        let file = tempfile::tempfile().expect("a file");
        // The file ends in its third page, and was 100 bytes longer than five.
        let page = page_size();
        let (length, left) = (5 * page + 100, 2 * page + 100);
        file.set_len(length as u64).expect("long");
        let mapping = mapped(&file, length);
        file.set_len(left as u64).expect("short");
        let mut buffer = [0; 10];
        for offset in [3 * page, length - 10] {
            let errno = |result: Result<usize, Error>| result.map_err(|error| error.errno);
            assert_eq!(errno(mapping.read(offset, &mut buffer)), Err(Errno::EFAULT));
            assert_eq!(errno(mapping.write(offset, &buffer)), Err(Errno::EFAULT));
            assert_eq!(
                errno(mapping.read_by_pipe(offset, &mut buffer)),
                Err(Errno::EFAULT)
            );
            assert_eq!(
                errno(mapping.write_by_pipe(offset, &buffer)),
                Err(Errno::EFAULT)
            );
        }
        // The page in which the file ends is there as a whole.
        let mut all = vec![1; length];
        assert_eq!(mapping.read(0, &mut all), Ok(3 * page));
        assert_eq!(mapping.read_by_pipe(0, &mut all), Ok(3 * page));
        assert!(all[..3 * page].iter().all(|byte| *byte == 0));
    }
}
