//! From files.

use crate::support::{CONTENT, all_of, content, errno_of, file_with, request, run};
use nix::errno::Errno;
use sluice::{Ending, Endpoint, Kind, Mechanism, Offset};
use std::fs::OpenOptions;
use std::io::{Read, Seek, SeekFrom};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

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
        is_uncached: false,
    };
    let (progress, steps) = run(request(same, same, 0), Mechanism::Auto);
    assert_eq!(progress.ending, Ending::Complete);
    assert_eq!(steps.calls(), 0);
}
