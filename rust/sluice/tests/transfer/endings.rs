//! What ends a transfer, or a turn of it.

use crate::support::{CONTENT, content, errno_of, file_with, pipe, request, run};
use nix::errno::Errno;
use sluice::{Ending, Endpoint, InFlight, Mechanism, Pace, Request, Side, Steps};
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

#[test]
fn the_end_of_a_file_is_told() {
    let file = file_with(&content());
    let target = tempfile::tempfile().unwrap();
    for at in [CONTENT as u64, CONTENT as u64 + 5] {
        let source = Endpoint::file_at(file.as_fd(), at);
        let whole = request(source, Endpoint::file(target.as_fd()), 10);
        for mechanism in [Mechanism::ReadWrite, Mechanism::Sendfile] {
            let (progress, _) = run(whole, mechanism);
            assert_eq!(progress.bytes, 0);
            assert_eq!(progress.ending, Ending::EndOfFile);
        }
    }
}

#[test]
fn a_full_socket_that_does_not_block_takes_a_part_and_says_so() {
    let file = file_with(&vec![7; 4 << 20]);
    for mechanism in [Mechanism::ReadWrite, Mechanism::Sendfile] {
        let (near, _far) = UnixStream::pair().unwrap();
        near.set_nonblocking(true).unwrap();
        let target = Endpoint::socket(near.as_fd());
        let mut sent = 0;
        let ending = loop {
            let source = Endpoint::file_at(file.as_fd(), sent);
            let (progress, _) = run(request(source, target, 4 << 20), mechanism);
            sent += progress.bytes;
            if progress.ending != Ending::Short {
                break progress;
            }
        };
        assert!(sent > 0 && sent < 4 << 20, "{mechanism:?} sent {sent}");
        assert_eq!(errno_of(ending), Some(Errno::EAGAIN));
    }
}

/// So that a caller sees what has become of its channels, however long the bytes go on.
#[test]
fn what_takes_long_pauses() {
    let data = vec![7; 16 << 20];
    let file = file_with(&data);
    for mechanism in [Mechanism::ReadWrite, Mechanism::Sendfile, Mechanism::Splice] {
        let (mut reader, writer) = pipe();
        let count = data.len();
        let slow = std::thread::spawn(move || {
            let mut left = count;
            let mut chunk = vec![0; 64 << 10];
            while left > 0 {
                left -= reader.read(&mut chunk).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        });
        let source = Endpoint::file_at(file.as_fd(), 0);
        let all = request(source, Endpoint::pipe(writer.as_fd()), count as u64);
        let (mut steps, mut in_flight) = (Steps::default(), InFlight::default());
        let first = all.resume(mechanism, &mut steps, &mut in_flight);
        assert_eq!(first.ending, Ending::Paused, "{mechanism:?}");
        assert!(first.bytes < all.count, "{mechanism:?}");
        let rest = Request {
            source: Endpoint::file_at(file.as_fd(), first.bytes),
            count: all.count - first.bytes,
            ..all
        };
        let (progress, _) = run(rest, mechanism);
        assert_eq!(progress.ending, Ending::Complete, "{mechanism:?}");
        slow.join().unwrap();
    }
}

/// The caller waits for such a target, and needs no second call that would only say `EAGAIN`.
#[test]
fn a_call_that_fills_a_polled_socket_says_that_the_target_would_block() {
    let file = tempfile::tempfile().unwrap();
    file.set_len(64 << 20).unwrap();
    for pace in [Pace::Polled, Pace::Lingering] {
        for mechanism in [Mechanism::Auto, Mechanism::Sendfile, Mechanism::ReadWrite] {
            let (near, _far) = UnixStream::pair().unwrap();
            near.set_nonblocking(true).unwrap();
            let told = format!("{mechanism:?}, {pace:?}");
            let all = Request {
                pace,
                ..request(
                    Endpoint::file_at(file.as_fd(), 0),
                    Endpoint::socket(near.as_fd()),
                    64 << 20,
                )
            };
            for is_full in [false, true] {
                let (mut steps, mut in_flight) = (Steps::default(), InFlight::default());
                let progress = all.resume(mechanism, &mut steps, &mut in_flight);
                assert_eq!(progress.ending, Ending::WouldBlock(Side::Target), "{told}");
                assert_eq!(progress.bytes == 0, is_full, "{told}");
            }
        }
    }
}

/// The end of the file is told, although the target may be full.
#[test]
fn a_short_call_into_a_polled_socket_tells_the_end_of_the_file() {
    let file = tempfile::tempfile().unwrap();
    file.set_len(1000).unwrap();
    for pace in [Pace::Polled, Pace::Lingering] {
        let (near, _far) = UnixStream::pair().unwrap();
        near.set_nonblocking(true).unwrap();
        let all = Request {
            pace,
            ..request(
                Endpoint::file_at(file.as_fd(), 0),
                Endpoint::socket(near.as_fd()),
                5000,
            )
        };
        let (progress, _) = run(all, Mechanism::Auto);
        assert_eq!(
            (progress.bytes, progress.ending),
            (1000, Ending::EndOfFile),
            "{pace:?}"
        );
    }
}

/// After bytes were moved, nobody could be told of an error: it is left for the next call.
#[test]
fn an_error_behind_bytes_is_left_to_the_next_call() {
    for mechanism in [Mechanism::Auto, Mechanism::ReadWrite, Mechanism::Splice] {
        for (pace, into_file) in [
            (Pace::Throughout, true),
            (Pace::AtOnce, true),
            (Pace::Throughout, false),
            (Pace::Polled, false),
            (Pace::Lingering, false),
            (Pace::AtOnce, false),
        ] {
            let (near, mut far) = UnixStream::pair().unwrap();
            let file = tempfile::tempfile().unwrap();
            let (target, _peer) = UnixStream::pair().unwrap();
            if pace != Pace::Throughout {
                near.set_nonblocking(true).unwrap();
            }
            (&near).write_all(b"never read").unwrap();
            far.write_all(&[7; 1000]).unwrap();
            // With bytes that were not read, the close of a unix-domain socket resets its peer.
            drop(far);
            let to = if into_file {
                Endpoint::file_at(file.as_fd(), 0)
            } else {
                Endpoint::socket(target.as_fd())
            };
            let all = Request {
                pace,
                ..request(Endpoint::socket(near.as_fd()), to, 5000)
            };
            if mechanism == Mechanism::Splice && !into_file && pace == Pace::AtOnce {
                continue;
            }
            let told = format!("{mechanism:?}, {pace:?}, into a file: {into_file}");
            let (progress, steps) = run(all, mechanism);
            assert_eq!((progress.bytes, steps.stranded), (1000, 0), "{told}");
            assert_ne!(progress.ending, Ending::EndOfFile, "{told}");
            let (next, _) = run(all, mechanism);
            assert_eq!(errno_of(next), Some(Errno::ECONNRESET), "{told}");
        }
    }
}

/// Bytes that a target cannot take stay in the source.
#[test]
fn nothing_is_taken_for_a_target_that_is_gone() {
    for mechanism in [Mechanism::Auto, Mechanism::ReadWrite, Mechanism::Splice] {
        for into_socket in [true, false] {
            let (near, mut far) = UnixStream::pair().unwrap();
            far.write_all(&[7; 1000]).unwrap();
            let (socket, peer) = UnixStream::pair().unwrap();
            let (reader, writer) = pipe();
            drop((peer, reader));
            let target = if into_socket {
                Endpoint::socket(socket.as_fd())
            } else {
                Endpoint::pipe(writer.as_fd())
            };
            let all = request(Endpoint::socket(near.as_fd()), target, 1000);
            let (progress, steps) = run(all, mechanism);
            assert_eq!((progress.bytes, steps.stranded), (0, 0), "{mechanism:?}");
            assert_eq!(errno_of(progress), Some(Errno::EPIPE), "{mechanism:?}");
            let mut left = [0; 1000];
            (&near).read_exact(&mut left).unwrap();
        }
    }
}
