//! The calls that are bent, and how. Each function stands for the C library's of the same name and type.

#![allow(
    clippy::cast_possible_truncation,
    reason = "machine words, which have 64 bits wherever the library runs"
)]

use crate::chance;
use crate::descriptor::{Descriptor, Kind};
use crate::known;
use crate::log::Record;
use crate::refusals::refusal;
use crate::signals::Inside;
use crate::{CHAOS, Chaos};
use libc::{off_t, size_t, ssize_t};
use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_ulong, c_void};

/// A system call, as the log names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Call {
    Read = 1,
    Write,
    Sendfile,
    Splice,
    Tee,
    CopyFileRange,
    Ficlonerange,
    Poll,
    EpollWait,
    Mmap,
    Munmap,
    Mremap,
    Msync,
    Close,
    Pipe,
    MemfdCreate,
    ProcessVm,
}

impl Call {
    pub fn name(self) -> &'static str {
        match self {
            Call::Read => "read",
            Call::Write => "write",
            Call::Sendfile => "sendfile",
            Call::Splice => "splice",
            Call::Tee => "tee",
            Call::CopyFileRange => "copy_file_range",
            Call::Ficlonerange => "ioctl(FICLONERANGE)",
            Call::Poll => "poll",
            Call::EpollWait => "epoll_wait",
            Call::Mmap => "mmap",
            Call::Munmap => "munmap",
            Call::Mremap => "mremap",
            Call::Msync => "msync",
            Call::Close => "close",
            Call::Pipe => "pipe2",
            Call::MemfdCreate => "memfd_create",
            Call::ProcessVm => "process_vm_readv",
        }
    }
}

/// The address of what stands for a function of the C library, or nothing where that is not bent.
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
        b"memfd_create" => memfd_create as *const (),
        b"process_vm_readv" => process_vm_readv as *const (),
        b"process_vm_writev" => process_vm_writev as *const (),
        _ => return None,
    };
    Some(function.expose_provenance())
}

/// What is done to one call.
#[derive(Clone, Copy)]
struct Bend<'a> {
    call: Call,
    fds: &'a [c_int],
    /// The bytes it asks for; 0 where its length is not to be touched.
    asked: usize,
    /// Whether a flag of the call keeps it from waiting.
    at_once: bool,
    /// Whether it writes to its descriptor.
    writes: bool,
    /// Whether it looks at the bytes of its first descriptor and leaves them there.
    looks: bool,
}

impl<'a> Bend<'a> {
    /// A call that may start and return late, or be refused, and no more.
    fn late(call: Call, fds: &'a [c_int]) -> Bend<'a> {
        Bend {
            call,
            fds,
            asked: 0,
            at_once: false,
            writes: false,
            looks: false,
        }
    }

    /// A call that moves at most `asked` bytes.
    fn moving(call: Call, fds: &'a [c_int], asked: usize) -> Bend<'a> {
        Bend {
            asked,
            ..Bend::late(call, fds)
        }
    }

    fn at_once(self, at_once: bool) -> Bend<'a> {
        Bend { at_once, ..self }
    }

    fn writing(self) -> Bend<'a> {
        Bend {
            writes: true,
            ..self
        }
    }

    fn looking(self, looks: bool) -> Bend<'a> {
        Bend { looks, ..self }
    }

    fn run(self, real: impl FnOnce(usize) -> ssize_t) -> ssize_t {
        match CHAOS.get() {
            Some(chaos) if !chaos.settings.is_of_the_program() || chance::is_armed() => {
                self.bent(chaos, real)
            }
            _ => real(self.asked),
        }
    }

    fn bent(self, chaos: &Chaos, real: impl FnOnce(usize) -> ssize_t) -> ssize_t {
        let before = errno();
        delay(chaos);
        let (given, answer, errno) = if let Some(errno) = self.instead(chaos) {
            (None, -1, errno)
        } else {
            let given = self.length(chaos);
            set_errno(before);
            let inside = Inside::enter();
            let answer = real(given);
            let errno = errno();
            drop(inside);
            self.learn(given, answer);
            (Some(given), answer, errno)
        };
        delay(chaos);
        chaos.log.write(&Record {
            call: self.call,
            fd: self.fds.first().copied().unwrap_or(-1),
            asked: self.asked,
            given,
            answer,
            errno: if answer == -1 { errno } else { 0 },
        });
        set_errno(errno);
        answer
    }

    /// A call that was cut short has not used all that the kernel called ready.
    fn learn(&self, given: size_t, answer: ssize_t) {
        if self.asked > 0 && given == self.asked {
            self.fds.iter().copied().for_each(known::is_used);
        }
        if self.looks && answer > 0 {
            self.fds
                .first()
                .copied()
                .into_iter()
                .for_each(known::is_ready);
        }
    }

    /// The errno that the call gets instead of being made.
    fn instead(&self, chaos: &Chaos) -> Option<c_int> {
        let settings = &chaos.settings;
        let mut ends = [Descriptor::of(-1); 2];
        let ends = &mut ends[..self.fds.len()];
        let interrupted = chance::falls(settings.seed, settings.eintr);
        let not_ready = chance::falls(settings.seed, settings.eagain);
        if settings.refuse > 0 || interrupted || not_ready {
            for (end, fd) in ends.iter_mut().zip(self.fds) {
                *end = Descriptor::of(*fd);
            }
        }
        if let Some(errno) = refusal(settings, self.call, ends, || chance::next(settings.seed)) {
            return Some(errno);
        }
        if self.asked > 0 && chance::may_be_put_off() {
            if interrupted && ends.iter().any(|end| self.waits_for(*end)) {
                chance::put_off();
                return Some(libc::EINTR);
            }
            let is_known = self.fds.iter().any(|fd| known::was_ready(*fd));
            if not_ready && !is_known && ends.iter().any(|end| self.does_not_wait_for(*end)) {
                chance::put_off();
                return Some(libc::EAGAIN);
            }
        }
        chance::made();
        None
    }

    fn waits_for(&self, end: Descriptor) -> bool {
        end.is_stream() && !end.is_non_blocking() && !self.at_once
    }

    /// `SPLICE_F_NONBLOCK` speaks of pipes alone, and so does no other flag that a call with two descriptors has.
    fn does_not_wait_for(&self, end: Descriptor) -> bool {
        let by_flag = self.at_once && (self.fds.len() == 1 || end.kind == Kind::Pipe);
        end.is_stream() && (end.is_non_blocking() || by_flag)
    }

    /// The length that the kernel is asked for.
    fn length(&self, chaos: &Chaos) -> usize {
        let settings = &chaos.settings;
        if self.asked < 2 || !chance::falls(settings.seed, settings.short) {
            return self.asked;
        }
        let mut block = 1;
        for fd in self.fds {
            let end = Descriptor::of(*fd);
            let is_whole = self.writes
                && self.asked <= libc::PIPE_BUF
                && (end.kind == Kind::Pipe || known::was_ready(*fd));
            if end.kind == Kind::Other || is_whole {
                return self.asked;
            }
            if end.is_direct() {
                block = 4096;
            }
        }
        let length = chance::length(settings.seed, self.asked);
        length.next_multiple_of(block).min(self.asked)
    }
}

fn delay(chaos: &Chaos) {
    let settings = &chaos.settings;
    if chance::falls(settings.seed, settings.delay) {
        let micros = chance::length(settings.seed, 2000);
        let time = libc::timespec {
            tv_sec: 0,
            tv_nsec: i64::try_from(micros * 1000).unwrap_or(0),
        };
        // SAFETY: the kernel reads a time that lives here. A signal that ends the sleep is nothing.
        unsafe { libc::nanosleep(&raw const time, std::ptr::null_mut()) };
    }
}

fn errno() -> c_int {
    // SAFETY: the place of the thread's errno is always there.
    unsafe { *libc::__errno_location() }
}

fn set_errno(errno: c_int) {
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
}

fn as_int(answer: ssize_t) -> c_int {
    c_int::try_from(answer).unwrap_or(-1)
}

// SAFETY of all that follows: each function passes what it was given to the C library's function that it stands for, with
// nothing changed but a length that becomes smaller, so that what the caller promised to that function holds.

unsafe extern "C" fn read(fd: c_int, buffer: *mut c_void, length: size_t) -> ssize_t {
    Bend::moving(Call::Read, &[fd], length).run(|length| {
        // SAFETY: see above.
        unsafe { libc::read(fd, buffer, length) }
    })
}

unsafe extern "C" fn write(fd: c_int, buffer: *const c_void, length: size_t) -> ssize_t {
    Bend::moving(Call::Write, &[fd], length)
        .writing()
        .run(|length| {
            // SAFETY: see above.
            unsafe { libc::write(fd, buffer, length) }
        })
}

unsafe extern "C" fn pread(fd: c_int, buffer: *mut c_void, length: size_t, at: off_t) -> ssize_t {
    Bend::moving(Call::Read, &[fd], length).run(|length| {
        // SAFETY: see above.
        unsafe { libc::pread(fd, buffer, length, at) }
    })
}

unsafe extern "C" fn pwrite(
    fd: c_int,
    buffer: *const c_void,
    length: size_t,
    at: off_t,
) -> ssize_t {
    Bend::moving(Call::Write, &[fd], length).run(|length| {
        // SAFETY: see above.
        unsafe { libc::pwrite(fd, buffer, length, at) }
    })
}

unsafe extern "C" fn recv(fd: c_int, buffer: *mut c_void, length: size_t, flags: c_int) -> ssize_t {
    Bend::moving(Call::Read, &[fd], length)
        .at_once(flags & libc::MSG_DONTWAIT != 0)
        .looking(flags & libc::MSG_PEEK != 0)
        .run(|length| {
            // SAFETY: see above.
            unsafe { libc::recv(fd, buffer, length, flags) }
        })
}

unsafe extern "C" fn send(
    fd: c_int,
    buffer: *const c_void,
    length: size_t,
    flags: c_int,
) -> ssize_t {
    Bend::moving(Call::Write, &[fd], length)
        .writing()
        .at_once(flags & libc::MSG_DONTWAIT != 0)
        .run(|length| {
            // SAFETY: see above.
            unsafe { libc::send(fd, buffer, length, flags) }
        })
}

unsafe extern "C" fn sendfile(to: c_int, from: c_int, at: *mut off_t, length: size_t) -> ssize_t {
    Bend::moving(Call::Sendfile, &[from, to], length).run(|length| {
        // SAFETY: see above.
        unsafe { libc::sendfile(to, from, at, length) }
    })
}

unsafe extern "C" fn splice(
    from: c_int,
    from_at: *mut off_t,
    to: c_int,
    to_at: *mut off_t,
    length: size_t,
    flags: c_uint,
) -> ssize_t {
    Bend::moving(Call::Splice, &[from, to], length)
        .at_once(flags & libc::SPLICE_F_NONBLOCK != 0)
        .run(|length| {
            // SAFETY: see above.
            unsafe { libc::splice(from, from_at, to, to_at, length, flags) }
        })
}

unsafe extern "C" fn tee(from: c_int, to: c_int, length: size_t, flags: c_uint) -> ssize_t {
    Bend::moving(Call::Tee, &[from, to], length)
        .at_once(flags & libc::SPLICE_F_NONBLOCK != 0)
        .looking(true)
        .run(|length| {
            // SAFETY: see above.
            unsafe { libc::tee(from, to, length, flags) }
        })
}

unsafe extern "C" fn copy_file_range(
    from: c_int,
    from_at: *mut off_t,
    to: c_int,
    to_at: *mut off_t,
    length: size_t,
    flags: c_uint,
) -> ssize_t {
    Bend::moving(Call::CopyFileRange, &[from, to], length).run(|length| {
        // SAFETY: see above. By its number, since an older C library has no such function.
        let answer = unsafe {
            libc::syscall(
                libc::SYS_copy_file_range,
                from,
                from_at,
                to,
                to_at,
                length,
                flags,
            )
        };
        answer as ssize_t
    })
}

/// `syscall(2)`, of which `copy_file_range(2)` alone is bent. It takes as many arguments as the longest call has, all of
/// which arrive as machine words whether the caller passed them or not.
unsafe extern "C" fn syscall(
    number: c_long,
    a: c_ulong,
    b: c_ulong,
    c: c_ulong,
    d: c_ulong,
    e: c_ulong,
    f: c_ulong,
) -> c_long {
    let real = |length: c_ulong| {
        // SAFETY: see above.
        unsafe { libc::syscall(number, a, b, c, d, length, f) }
    };
    if number != libc::SYS_copy_file_range {
        return real(e);
    }
    // A descriptor is the low half of its word.
    let fds = [a, c].map(|word| (word & 0xffff_ffff) as u32 as c_int);
    let asked = usize::try_from(e).unwrap_or(usize::MAX);
    Bend::moving(Call::CopyFileRange, &fds, asked).run(|length| real(length as c_ulong) as ssize_t)
        as c_long
}

/// `ioctl(2)`, of which `FICLONERANGE` alone is bent.
unsafe extern "C" fn ioctl(fd: c_int, request: c_ulong, argument: c_ulong) -> c_int {
    let real = |_| {
        // SAFETY: see above.
        let answer = unsafe { libc::ioctl(fd, request as libc::Ioctl, argument) };
        answer as ssize_t
    };
    if request as libc::Ioctl == libc::FICLONERANGE {
        return as_int(Bend::late(Call::Ficlonerange, &[fd]).run(real));
    }
    as_int(real(0))
}

/// A signal ends it only where nothing is ready.
unsafe extern "C" fn poll(fds: *mut libc::pollfd, count: libc::nfds_t, timeout: c_int) -> c_int {
    let answer = Bend::late(Call::Poll, &[]).run(|_| {
        if let Some(errno) = interrupted(|| {
            // SAFETY: see above.
            unsafe { libc::poll(fds, count, 0) }
        }) {
            set_errno(errno);
            return -1;
        }
        // SAFETY: see above.
        let answer = unsafe { libc::poll(fds, count, timeout) };
        if answer > 0 {
            // SAFETY: the kernel has just written as many entries.
            let polled =
                unsafe { std::slice::from_raw_parts(fds, usize::try_from(count).unwrap_or(0)) };
            let ready = polled.iter().filter(|one| one.revents != 0);
            ready.for_each(|one| known::is_ready(one.fd));
        }
        answer as ssize_t
    });
    as_int(answer)
}

unsafe extern "C" fn epoll_wait(
    fd: c_int,
    events: *mut libc::epoll_event,
    count: c_int,
    timeout: c_int,
) -> c_int {
    let answer = Bend::late(Call::EpollWait, &[fd]).run(|_| {
        // SAFETY: see above.
        let answer = unsafe { libc::epoll_wait(fd, events, count, timeout) };
        answer as ssize_t
    });
    as_int(answer)
}

fn interrupted(ready: impl FnOnce() -> c_int) -> Option<c_int> {
    let settings = &CHAOS.get()?.settings;
    (chance::falls(settings.seed, settings.eintr) && ready() == 0).then_some(libc::EINTR)
}

unsafe extern "C" fn mmap(
    address: *mut c_void,
    length: size_t,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    at: off_t,
) -> *mut c_void {
    let real = |_| {
        // SAFETY: see above.
        unsafe { libc::mmap(address, length, protection, flags, fd, at) }.expose_provenance()
            as ssize_t
    };
    // Memory without a file is refused to nobody: the program ends without it.
    let answer = if fd < 0 {
        real(0)
    } else {
        Bend::late(Call::Mmap, &[fd]).run(real)
    };
    std::ptr::with_exposed_provenance_mut(answer as usize)
}

unsafe extern "C" fn munmap(address: *mut c_void, length: size_t) -> c_int {
    as_int(Bend::late(Call::Munmap, &[]).run(|_| {
        // SAFETY: see above.
        let answer = unsafe { libc::munmap(address, length) };
        answer as ssize_t
    }))
}

unsafe extern "C" fn mremap(
    address: *mut c_void,
    old: size_t,
    new: size_t,
    flags: c_int,
    to: *mut c_void,
) -> *mut c_void {
    let answer = Bend::late(Call::Mremap, &[]).run(|_| {
        // SAFETY: see above.
        unsafe { libc::mremap(address, old, new, flags, to) }.expose_provenance() as ssize_t
    });
    std::ptr::with_exposed_provenance_mut(answer as usize)
}

unsafe extern "C" fn msync(address: *mut c_void, length: size_t, flags: c_int) -> c_int {
    as_int(Bend::late(Call::Msync, &[]).run(|_| {
        // SAFETY: see above.
        let answer = unsafe { libc::msync(address, length, flags) };
        answer as ssize_t
    }))
}

unsafe extern "C" fn close(fd: c_int) -> c_int {
    as_int(Bend::late(Call::Close, &[fd]).run(|_| {
        // SAFETY: see above.
        let answer = unsafe { libc::close(fd) };
        answer as ssize_t
    }))
}

unsafe extern "C" fn pipe2(fds: *mut c_int, flags: c_int) -> c_int {
    as_int(Bend::late(Call::Pipe, &[]).run(|_| {
        // SAFETY: see above.
        let answer = unsafe { libc::pipe2(fds, flags) };
        answer as ssize_t
    }))
}

unsafe extern "C" fn memfd_create(name: *const c_char, flags: c_uint) -> c_int {
    as_int(Bend::late(Call::MemfdCreate, &[]).run(|_| {
        // SAFETY: see above.
        let answer = unsafe { libc::memfd_create(name, flags) };
        answer as ssize_t
    }))
}

unsafe extern "C" fn process_vm_readv(
    process: libc::pid_t,
    here: *const libc::iovec,
    here_count: c_ulong,
    there: *const libc::iovec,
    there_count: c_ulong,
    flags: c_ulong,
) -> ssize_t {
    Bend::late(Call::ProcessVm, &[]).run(|_| {
        // SAFETY: see above.
        unsafe { libc::process_vm_readv(process, here, here_count, there, there_count, flags) }
    })
}

unsafe extern "C" fn process_vm_writev(
    process: libc::pid_t,
    here: *const libc::iovec,
    here_count: c_ulong,
    there: *const libc::iovec,
    there_count: c_ulong,
    flags: c_ulong,
) -> ssize_t {
    Bend::late(Call::ProcessVm, &[]).run(|_| {
        // SAFETY: see above.
        unsafe { libc::process_vm_writev(process, here, here_count, there, there_count, flags) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use std::io::{Read as _, Seek as _, Write as _, pipe};
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;

    fn chaos(settings: Settings) -> Chaos {
        Chaos::of(settings)
    }

    fn always(set: impl FnOnce(&mut Settings)) -> Chaos {
        let mut settings = Settings::default();
        set(&mut settings);
        chaos(settings)
    }

    /// What a call answers that is not made; `None` where it is made.
    fn answered(chaos: &Chaos, bend: Bend<'_>) -> Option<c_int> {
        let mut is_made = false;
        let answer = bend.bent(chaos, |_| {
            is_made = true;
            0
        });
        if is_made {
            return None;
        }
        assert_eq!(answer, -1);
        Some(errno())
    }

    #[test]
    fn a_length_becomes_shorter_and_the_rest_is_left() {
        let chaos = always(|settings| settings.short = 1000);
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&[7; 5000]).expect("room");
        file.rewind().expect("a file");
        let fd = file.as_raw_fd();
        let mut buffer = [0_u8; 5000];
        let read = Bend::moving(Call::Read, &[fd], buffer.len()).bent(&chaos, |length| {
            assert!((1..=5000).contains(&length));
            // SAFETY: the buffer is at least as long.
            unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), length) }
        });
        let mut rest = Vec::new();
        file.read_to_end(&mut rest).expect("the rest");
        assert_eq!((read as usize) + rest.len(), 5000);
    }

    #[test]
    fn a_small_write_into_a_pipe_is_whole() {
        let chaos = always(|settings| settings.short = 1000);
        let (_reader, writer) = pipe().expect("a pipe");
        let fds = [writer.as_raw_fd()];
        let bend = Bend::moving(Call::Write, &fds, libc::PIPE_BUF).writing();
        for _ in 0..100 {
            assert_eq!(bend.length(&chaos), libc::PIPE_BUF);
        }
    }

    #[test]
    fn only_a_call_that_waits_is_interrupted_and_not_for_ever() {
        let chaos = always(|settings| settings.eintr = 1000);
        let (reader, _writer) = pipe().expect("a pipe");
        let pipe = [reader.as_raw_fd()];
        let bend = Bend::moving(Call::Read, &pipe, 10);
        let answers = (0..4).map(|_| answered(&chaos, bend)).collect::<Vec<_>>();
        let eintr = Some(libc::EINTR);
        assert_eq!(answers, [eintr, eintr, eintr, None]);

        let file = tempfile::tempfile().expect("a file");
        let file = [file.as_raw_fd()];
        assert_eq!(answered(&chaos, Bend::moving(Call::Read, &file, 10)), None);
        let (socket, _peer) = UnixStream::pair().expect("a socket");
        socket.set_nonblocking(true).expect("a socket");
        let socket = [socket.as_raw_fd()];
        assert_eq!(
            answered(&chaos, Bend::moving(Call::Read, &socket, 10)),
            None
        );
    }

    #[test]
    fn only_a_descriptor_that_does_not_block_is_not_ready() {
        let chaos = always(|settings| settings.eagain = 1000);
        let (socket, _peer) = UnixStream::pair().expect("a socket");
        let fds = [socket.as_raw_fd()];
        let bend = Bend::moving(Call::Read, &fds, 10);
        assert_eq!(answered(&chaos, bend), None);
        assert_eq!(answered(&chaos, bend.at_once(true)), Some(libc::EAGAIN));
        socket.set_nonblocking(true).expect("a socket");
        assert_eq!(answered(&chaos, bend), Some(libc::EAGAIN));
    }

    #[test]
    fn without_a_rate_nothing_is_bent() {
        let chaos = always(|_| {});
        let (reader, _writer) = pipe().expect("a pipe");
        let fds = [reader.as_raw_fd()];
        let bend = Bend::moving(Call::Splice, &fds, 1 << 20);
        assert_eq!(bend.bent(&chaos, |length| length as isize), 1 << 20);
    }

    #[test]
    fn what_was_done_is_logged() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("log");
        let chaos = always(|settings| {
            settings.eagain = 1000;
            settings.log = Some(path.clone());
        });
        let (socket, _peer) = UnixStream::pair().expect("a socket");
        socket.set_nonblocking(true).expect("a socket");
        let fds = [socket.as_raw_fd()];
        let _ = Bend::moving(Call::Read, &fds, 10).bent(&chaos, |_| 0);
        let text = std::fs::read_to_string(&path).expect("the log");
        let expected = format!("read {} 10 -1 -1 {}\n", fds[0], libc::EAGAIN);
        assert!(text.ends_with(&expected), "{text}");
    }

    #[test]
    fn every_replacement_is_a_function_of_its_own_name() {
        for name in [c"read", c"splice", c"mmap64", c"process_vm_writev"] {
            assert!(replacement(name).is_some());
        }
        assert_eq!(replacement(c"malloc"), None);
    }
}
