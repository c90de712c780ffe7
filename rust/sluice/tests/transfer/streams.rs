//! From streams.

use crate::support::{CONTENT, all_of, content, errno_of, pipe, request, run};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::socket::setsockopt;
use nix::sys::socket::sockopt::SndBuf;
use sluice::{Ending, Endpoint, InFlight, Mechanism, Pace, Request, Steps};
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

#[test]
fn a_stream_is_stored_in_full_whatever_the_sizes_of_its_pieces() {
    let target = tempfile::tempfile().unwrap();
    let (mut near, far) = UnixStream::pair().unwrap();
    let writer = std::thread::spawn(move || {
        for piece in content().chunks(777) {
            near.write_all(piece).unwrap();
        }
    });
    let (progress, _) = run(
        request(
            Endpoint::socket(far.as_fd()),
            Endpoint::file_at(target.as_fd(), 0),
            u64::MAX,
        ),
        Mechanism::Auto,
    );
    writer.join().unwrap();
    assert_eq!(progress.bytes, CONTENT as u64);
    assert_eq!(progress.ending, Ending::EndOfFile);
    assert_eq!(all_of(target), content());
}

#[test]
fn an_empty_stream_that_does_not_block_loses_nothing() {
    let target = tempfile::tempfile().unwrap();
    let (source, mut sink) = pipe();
    fcntl(&source, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).unwrap();
    let whole = request(
        Endpoint::pipe(source.as_fd()),
        Endpoint::file_at(target.as_fd(), 0),
        100,
    );
    assert_eq!(errno_of(run(whole, Mechanism::Auto).0), Some(Errno::EAGAIN));
    sink.write_all(b"abc").unwrap();
    let (progress, steps) = run(whole, Mechanism::Auto);
    assert_eq!(progress.bytes, 3);
    assert_eq!(errno_of(progress), Some(Errno::EAGAIN));
    assert_eq!(steps.stranded, 0);
}

#[test]
fn bytes_taken_from_a_stream_that_the_target_refuses_are_counted() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (mut near, far) = UnixStream::pair().unwrap();
    near.write_all(&content()[..1234]).unwrap();
    let (progress, steps) = run(
        request(
            Endpoint::socket(far.as_fd()),
            Endpoint::file_at(full.as_fd(), 0),
            5000,
        ),
        Mechanism::Auto,
    );
    assert_eq!(progress.bytes, 0);
    assert_eq!(errno_of(progress), Some(Errno::ENOSPC));
    assert_eq!(steps.stranded, 1234);
}

#[test]
fn a_pair_that_is_not_waited_for_waits_for_neither_blocking_side() {
    let data = vec![7; 200_000];
    for mechanism in [Mechanism::Auto, Mechanism::ReadWrite, Mechanism::Splice] {
        for (from_socket, into_socket) in
            [(true, true), (true, false), (false, true), (false, false)]
        {
            for idle in [true, false] {
                let (near, mut far) = UnixStream::pair().unwrap();
                let (reader, mut writer) = pipe();
                let (near_target, far_target) = UnixStream::pair().unwrap();
                let (far_reader, near_writer) = pipe();
                if !idle {
                    far.write_all(&data[..60_000]).unwrap();
                    writer.write_all(&data[..60_000]).unwrap();
                    fill(near_target.as_fd());
                    fill(near_writer.as_fd());
                }
                let done = std::thread::spawn(move || {
                    let source = if from_socket {
                        Endpoint::socket(near.as_fd())
                    } else {
                        Endpoint::pipe(reader.as_fd())
                    };
                    let target = if into_socket {
                        Endpoint::socket(near_target.as_fd())
                    } else {
                        Endpoint::pipe(near_writer.as_fd())
                    };
                    let at_once = Request {
                        pace: Pace::AtOnce,
                        ..request(source, target, 100_000)
                    };
                    run(at_once, mechanism)
                });
                let start = std::time::Instant::now();
                while !done.is_finished() && start.elapsed().as_secs() < 10 {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                let told = format!("{mechanism:?}, {from_socket}, {into_socket}, {idle}");
                assert!(done.is_finished(), "{told}");
                let (progress, steps) = done.join().unwrap();
                assert_eq!((progress.bytes, steps.stranded), (0, 0), "{told}");
                let errno = errno_of(progress);
                // Between sockets splicing takes before it gives.
                let refused = mechanism == Mechanism::Splice
                    && from_socket
                    && into_socket
                    && errno == Some(Errno::EINVAL);
                assert!(
                    refused || errno == Some(Errno::EAGAIN),
                    "{told}: {progress:?}"
                );
                drop((far, writer, far_target, far_reader));
            }
        }
    }
}

/// As full as it gets; blocking again afterwards.
fn fill(fd: std::os::fd::BorrowedFd<'_>) {
    let flags = OFlag::from_bits_retain(fcntl(fd, FcntlArg::F_GETFL).unwrap());
    fcntl(fd, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK)).unwrap();
    while nix::unistd::write(fd, &[0; 4096]).is_ok() {}
    fcntl(fd, FcntlArg::F_SETFL(flags)).unwrap();
}

#[test]
fn what_one_mechanism_has_left_on_its_way_comes_before_what_the_next_takes() {
    let data: Vec<u8> = (0u32..4_000).flat_map(u32::to_le_bytes).collect();
    for from_socket in [true, false] {
        let (near, mut far) = UnixStream::pair().unwrap();
        let (reader, mut writer) = pipe();
        let (mut drain, target) = UnixStream::pair().unwrap();
        target.set_nonblocking(true).unwrap();
        // It is ready for a write, and takes less than a small piece.
        setsockopt(&target, SndBuf, &1).unwrap();
        if from_socket {
            far.write_all(&data).unwrap();
        } else {
            writer.write_all(&data).unwrap();
        }
        let source = if from_socket {
            Endpoint::socket(near.as_fd())
        } else {
            Endpoint::pipe(reader.as_fd())
        };
        let mut rest = Request {
            pace: Pace::Polled,
            ..request(source, Endpoint::socket(target.as_fd()), data.len() as u64)
        };
        let (mut steps, mut in_flight, mut arrived) =
            (Steps::default(), InFlight::default(), Vec::new());
        let mut held_once = false;
        for turn in 0.. {
            let mechanism = [Mechanism::ReadWrite, Mechanism::Splice][turn % 2];
            let progress = rest.resume(mechanism, &mut steps, &mut in_flight);
            rest.count -= progress.bytes;
            held_once |= mechanism == Mechanism::ReadWrite && in_flight.held() > 0;
            let mut chunk = vec![0; usize::try_from(progress.bytes).unwrap()];
            drain.read_exact(&mut chunk).unwrap();
            arrived.extend(chunk);
            if rest.count == 0 {
                break;
            }
        }
        assert!(held_once, "nothing was on its way");
        assert!(arrived == data, "{from_socket}: in another order");
    }
}

/// A burst of small writes and reads that change the size of every turn: what is told is what arrives, and the next byte of
/// the source is the one after.
#[test]
fn no_turn_moves_more_than_the_count_that_is_left() {
    let data: Vec<u8> = (0u32..100_000).flat_map(u32::to_le_bytes).collect();
    for (mechanism, count) in [
        (Mechanism::Auto, 70_000),
        (Mechanism::Splice, 200_000),
        (Mechanism::ReadWrite, 131_073),
    ] {
        let (near, mut far) = UnixStream::pair().unwrap();
        let (mut drain, target) = UnixStream::pair().unwrap();
        target.set_nonblocking(true).unwrap();
        let fed = data.clone();
        let feeder = std::thread::spawn(move || {
            _ = far.write_all(&fed);
            far
        });
        let mut rest = Request {
            pace: Pace::Polled,
            ..request(
                Endpoint::socket(near.as_fd()),
                Endpoint::socket(target.as_fd()),
                count,
            )
        };
        let (mut steps, mut in_flight, mut told) = (Steps::default(), InFlight::default(), 0);
        let mut arrived = Vec::new();
        drain.set_nonblocking(true).unwrap();
        for turn in 0.. {
            let progress = rest.resume(mechanism, &mut steps, &mut in_flight);
            rest.count -= progress.bytes;
            told += progress.bytes;
            assert!(in_flight.held() <= rest.count, "held for nobody");
            if progress.ending == Ending::Complete {
                break;
            }
            // As a slow peer would: little, and then much.
            let mut chunk = vec![0; if turn % 3 == 0 { 1000 } else { 100_000 }];
            if let Ok(read) = drain.read(&mut chunk) {
                arrived.extend_from_slice(&chunk[..read]);
            }
        }
        drop(target);
        drain.set_nonblocking(false).unwrap();
        drain.read_to_end(&mut arrived).unwrap();
        assert_eq!(
            (told, arrived.len() as u64),
            (count, count),
            "{mechanism:?}"
        );
        let at = usize::try_from(count).unwrap();
        assert!(arrived == data[..at]);
        let mut next = [0; 8];
        (&near).read_exact(&mut next).unwrap();
        assert_eq!(next, data[at..at + 8], "{mechanism:?}");
        drop(near);
        feeder.join().unwrap();
    }
}
