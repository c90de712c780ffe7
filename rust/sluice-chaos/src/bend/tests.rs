//! Promises of a bent call.

use super::*;
use crate::settings::Settings;
use nix::unistd::pipe;
use std::io::{Read as _, Seek as _, Write as _};
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
    let read = Bend::moving(SystemCall::Read, &[fd], buffer.len()).bent(&chaos, |length| {
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
    let bend = Bend::moving(SystemCall::Write, &fds, libc::PIPE_BUF).writing();
    for _ in 0..100 {
        assert_eq!(bend.length(&chaos), libc::PIPE_BUF);
    }
}

#[test]
fn only_a_call_that_waits_is_interrupted_and_not_for_ever() {
    let chaos = always(|settings| settings.eintr = 1000);
    let (reader, _writer) = pipe().expect("a pipe");
    let pipe = [reader.as_raw_fd()];
    let bend = Bend::moving(SystemCall::Read, &pipe, 10);
    let answers = (0..4).map(|_| answered(&chaos, bend)).collect::<Vec<_>>();
    let eintr = Some(libc::EINTR);
    assert_eq!(answers, [eintr, eintr, eintr, None]);

    let file = tempfile::tempfile().expect("a file");
    let file = [file.as_raw_fd()];
    assert_eq!(
        answered(&chaos, Bend::moving(SystemCall::Read, &file, 10)),
        None
    );
    let (socket, _peer) = UnixStream::pair().expect("a socket");
    socket.set_nonblocking(true).expect("a socket");
    let socket = [socket.as_raw_fd()];
    assert_eq!(
        answered(&chaos, Bend::moving(SystemCall::Read, &socket, 10)),
        None
    );
}

#[test]
fn only_a_descriptor_that_does_not_block_is_not_ready() {
    let chaos = always(|settings| settings.eagain = 1000);
    let (socket, _peer) = UnixStream::pair().expect("a socket");
    let fds = [socket.as_raw_fd()];
    let bend = Bend::moving(SystemCall::Read, &fds, 10);
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
    let bend = Bend::moving(SystemCall::Splice, &fds, 1 << 20);
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
    let _ = Bend::moving(SystemCall::Read, &fds, 10).bent(&chaos, |_| 0);
    let text = std::fs::read_to_string(&path).expect("the log");
    let expected = format!("read {} 10 -1 -1 {}\n", fds[0], libc::EAGAIN);
    assert!(text.ends_with(&expected), "{text}");
}
