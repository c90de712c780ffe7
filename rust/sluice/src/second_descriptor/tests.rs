//! Promises of second descriptors.

use super::*;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use nix::libc::pthread_t;
use nix::sys::stat::fstat;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::panic::catch_unwind;
use std::time::Duration;

fn lock(file: &File) {
    // SAFETY: all zeros are an empty `flock`.
    let mut whole: libc::flock = unsafe { std::mem::zeroed() };
    whole.l_type = libc::c_short::try_from(libc::F_WRLCK).expect("a small number");
    fcntl(file, FcntlArg::F_SETLK(&whole)).expect("locked");
}

/// Whether the kernel's list of locks has a lock of this process on the file.
fn is_locked(file: &File) -> bool {
    let inode = format!(":{} ", fstat(file).expect("its inode").st_ino);
    let process = format!(" {} ", std::process::id());
    let locks = fs::read_to_string("/proc/locks").expect("the list of locks");
    locks
        .lines()
        .any(|line| line.contains(&inode) && line.contains(&process))
}

#[test]
fn closing_one_releases_no_lock() {
    let file = tempfile::tempfile().expect("a file");
    lock(&file);
    drop(SecondDescriptor::of(file.as_fd()).expect("the same open file"));
    assert!(is_locked(&file));
    let opened = SecondDescriptor::reopened(file.as_fd(), OFlag::O_RDONLY);
    opened.expect("opened again").close().expect("closed");
    assert!(is_locked(&file));
    // A descriptor in the process's own table does release the lock when it is closed.
    drop(file.try_clone().expect("a duplicate"));
    assert!(!is_locked(&file));
}

#[test]
fn it_is_the_same_file_and_not_in_the_process_s_table() {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(b"abc").expect("written");
    let second = SecondDescriptor::reopened(file.as_fd(), OFlag::O_RDONLY).expect("opened");
    let there = second.with(|fd| fstat(fd).map(|stat| (stat.st_ino, stat.st_size)));
    let here = fstat(&file).map(|stat| (stat.st_ino, stat.st_size));
    assert_eq!(there.expect("run"), here);
}

#[test]
fn standard_output_and_error_are_not_those_of_the_process() {
    let here: Vec<_> = [1, 2]
        .map(|number| fs::read_link(format!("/proc/self/fd/{number}")))
        .into();
    for number in [0, 1, 2] {
        let there = run([], &|_| {}, |[]| {
            fs::read_link(format!("/proc/thread-self/fd/{number}"))
        });
        let there = there.expect("run").expect("open");
        assert_eq!(there.to_str(), Some("anon_inode:[eventpoll]"));
        assert!(here.iter().flatten().all(|here| *here != there));
    }
}

#[test]
fn descriptors_come_over_in_their_order_from_many_threads_at_a_time() {
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let (near, mut far) = UnixStream::pair().expect("a pair");
                    let file = tempfile::tempfile().expect("a file");
                    let second = SecondDescriptor::of(file.as_fd()).expect("a second");
                    let inodes = run(
                        [
                            Descriptor::Lent(near.as_fd()),
                            Descriptor::Second(&second),
                            Descriptor::Lent(file.as_fd()),
                        ],
                        &|_| {},
                        |fds| fds.map(|fd| fstat(fd).map(|stat| stat.st_ino)),
                    );
                    let expected = [fstat(&near), fstat(&file), fstat(&file)];
                    let expected = expected.map(|stat| stat.map(|stat| stat.st_ino));
                    assert_eq!(inodes.expect("run"), expected);
                    drop(near);
                    // The copy in the second table is closed as well: the peer sees the end.
                    assert_eq!(far.read(&mut [0]).expect("the end"), 0);
                }
            });
        }
    });
}

#[test]
fn a_panic_goes_on_where_it_is_waited_for() {
    let caught = catch_unwind(|| run([], &|_| {}, |[]| panic!("expected by this test")));
    assert!(caught.is_err());
    assert_eq!(run([], &|_| {}, |[]| 42), Ok(42));
}

#[test]
fn a_signal_is_told_with_the_thread_that_works() {
    extern "C" fn nothing(_: libc::c_int) {}
    // SAFETY: the handler does nothing, and no other test uses the signal.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as *const () as usize;
        libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut());
    }
    let (near, _far) = UnixStream::pair().expect("a pair");
    // As a number: musl's is a pointer, which no other thread may be given.
    // SAFETY: the call has no preconditions.
    let waiting = unsafe { libc::pthread_self() } as i64;
    let signals = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        // SAFETY: the thread waits for this one to end.
        unsafe { libc::pthread_kill(waiting as pthread_t, libc::SIGUSR1) };
    });
    let forward = |working: pthread_t| {
        // SAFETY: the thread works for this one, and cannot end meanwhile.
        unsafe { libc::pthread_kill(working, libc::SIGUSR1) };
    };
    let read = run([Descriptor::Lent(near.as_fd())], &forward, |[fd]| {
        nix::unistd::read(fd, &mut [0])
    });
    assert_eq!(read, Ok(Err(Errno::EINTR)));
    signals.join().expect("no panic");
}
