//! Promises of the core, over descriptors of every kind.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::socket::setsockopt;
use nix::sys::socket::sockopt::SndBuf;
use sluice::{Ending, Endpoint, InFlight, Kind, Mechanism, Offset, Pace, Progress, Request, Steps};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write, pipe};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

const CONTENT: usize = 20_000;

fn content() -> Vec<u8> {
    (0u8..251).cycle().step_by(31).take(CONTENT).collect()
}

fn file_with(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

fn all_of(mut file: File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

fn request<'fd>(source: Endpoint<'fd>, target: Endpoint<'fd>, count: u64) -> Request<'fd> {
    Request {
        source,
        target,
        count,
        pace: Pace::Throughout,
    }
}

fn run(request: Request<'_>, mechanism: Mechanism) -> (Progress, Steps) {
    let mut steps = Steps::default();
    let progress = request.run(mechanism, &mut steps);
    (progress, steps)
}

fn errno_of(progress: Progress) -> Option<Errno> {
    match progress.ending {
        Ending::Failed(error) => Some(error.errno),
        Ending::WouldBlock(_) => Some(Errno::EAGAIN),
        _ => None,
    }
}

#[test]
fn every_mechanism_sends_a_file_into_a_socket() {
    let file = file_with(&content());
    for mechanism in [Mechanism::Auto].iter().chain(Mechanism::EXACT) {
        let (near, mut far) = UnixStream::pair().unwrap();
        let source = Endpoint::file_at(file.as_fd(), 100);
        let target = Endpoint::socket(near.as_fd());
        let (progress, steps) = run(request(source, target, 5000), *mechanism);
        if [Mechanism::CopyFileRange, Mechanism::Reflink].contains(mechanism) {
            assert_eq!(progress.bytes, 0);
            assert_eq!(errno_of(progress), Some(Errno::EINVAL), "{mechanism:?}");
            continue;
        }
        assert_eq!(progress.bytes, 5000, "{mechanism:?}");
        assert_eq!(progress.ending, Ending::Complete);
        assert_eq!(
            steps.by_mechanism.iter().map(|e| e.bytes).sum::<u64>(),
            5000
        );
        let mut arrived = vec![0; 5000];
        far.read_exact(&mut arrived).unwrap();
        assert_eq!(arrived, content()[100..5100]);
    }
}

#[test]
fn a_file_into_a_socket_is_one_system_call() {
    let file = file_with(&content());
    let (near, _far) = UnixStream::pair().unwrap();
    let source = Endpoint::file_at(file.as_fd(), 0);
    let (_, steps) = run(
        request(source, Endpoint::socket(near.as_fd()), 4096),
        Mechanism::Auto,
    );
    assert_eq!(steps.calls(), 1);
    assert_eq!(steps.of(Mechanism::Sendfile).bytes, 4096);
}

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

#[test]
fn sendfile_refuses_an_append_target_and_the_ladder_goes_on() {
    let file = file_with(&content());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("log");
    std::fs::write(&path, b"head").unwrap();
    let log = OpenOptions::new().append(true).open(&path).unwrap();
    let whole = request(
        Endpoint::file_at(file.as_fd(), 0),
        Endpoint::file(log.as_fd()),
        CONTENT as u64,
    );
    let (refused, steps) = run(whole, Mechanism::Sendfile);
    assert_eq!(errno_of(refused), Some(Errno::EINVAL));
    assert_eq!(steps.of(Mechanism::Sendfile).refused_errno, 22);
    let (progress, _) = run(whole, Mechanism::Auto);
    assert_eq!(progress.bytes, CONTENT as u64);
    let mut expected = b"head".to_vec();
    expected.extend(content());
    assert_eq!(std::fs::read(&path).unwrap(), expected);
}

#[test]
fn sendfile_refuses_a_target_offset_that_is_not_the_descriptors_own() {
    let file = file_with(&content());
    let target = tempfile::tempfile().unwrap();
    let (progress, steps) = run(
        request(
            Endpoint::file_at(file.as_fd(), 0),
            Endpoint::file_at(target.as_fd(), 0),
            10,
        ),
        Mechanism::Sendfile,
    );
    assert_eq!(errno_of(progress), Some(Errno::EINVAL));
    assert_eq!(steps.calls(), 0);
}

#[test]
fn a_files_own_offset_moves_by_what_was_transferred() {
    let mut file = file_with(&content());
    file.seek(SeekFrom::Start(50)).unwrap();
    let target = tempfile::tempfile().unwrap();
    let (progress, _) = run(
        request(
            Endpoint::file(file.as_fd()),
            Endpoint::file_at(target.as_fd(), 0),
            300,
        ),
        Mechanism::Auto,
    );
    assert_eq!(progress.bytes, 300);
    assert_eq!(file.stream_position().unwrap(), 350);
    assert_eq!(all_of(target), content()[50..350]);
}

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
    let (source, mut sink) = pipe().unwrap();
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
fn more_than_the_kernels_cap_is_moved_by_one_request() {
    const FIVE_GIB: u64 = 5 << 30;
    // A hole on tmpfs is read from the zero page, and /dev/null takes pages without copying them.
    let file = tempfile::tempfile_in("/dev/shm").unwrap();
    file.set_len(FIVE_GIB).unwrap();
    let null = OpenOptions::new().write(true).open("/dev/null").unwrap();
    let (progress, _) = run(
        request(
            Endpoint::file_at(file.as_fd(), 0),
            Endpoint::file(null.as_fd()),
            FIVE_GIB,
        ),
        Mechanism::Auto,
    );
    assert_eq!(progress.bytes, FIVE_GIB);
    assert_eq!(progress.ending, Ending::Complete);
}

#[test]
fn a_count_of_zero_is_no_system_call() {
    let file = file_with(b"");
    let same = Endpoint {
        fd: file.as_fd(),
        kind: Kind::File,
        offset: Offset::At(0),
    };
    let (progress, steps) = run(request(same, same, 0), Mechanism::Auto);
    assert_eq!(progress.ending, Ending::Complete);
    assert_eq!(steps.calls(), 0);
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
                let (reader, mut writer) = pipe().unwrap();
                let (near_target, far_target) = UnixStream::pair().unwrap();
                let (far_reader, near_writer) = pipe().unwrap();
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
        let (reader, mut writer) = pipe().unwrap();
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

/// So that a caller sees what has become of its channels, however long the bytes go on.
#[test]
fn what_takes_long_pauses() {
    let data = vec![7; 16 << 20];
    let file = file_with(&data);
    for mechanism in [Mechanism::ReadWrite, Mechanism::Sendfile, Mechanism::Splice] {
        let (mut reader, writer) = pipe().unwrap();
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

/// After bytes were moved, nobody could be told of an error: it is left for the next call.
#[test]
fn an_error_behind_bytes_is_left_to_the_next_call() {
    for mechanism in [Mechanism::Auto, Mechanism::ReadWrite, Mechanism::Splice] {
        for (pace, into_file) in [
            (Pace::Throughout, true),
            (Pace::AtOnce, true),
            (Pace::Throughout, false),
            (Pace::Polled, false),
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
            let (reader, writer) = pipe().unwrap();
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
