//! By every mechanism.

use crate::support::{Linked, MIB, content, errno_of, moved, open, request};
use nix::errno::Errno;
use sluice::{Ending, Endpoint, InFlight, Mechanism, Steps};
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom};
use std::os::fd::AsFd;

const SIZE: usize = 1_500_000;

const MOVES: &[(usize, usize, usize)] = &[
    (0, 0, 20_000),
    (0, 1, 20_000),
    (1, 0, 20_000),
    (50, 0, 1_200_000),
    (0, 50, 1_200_000),
    (0, 262_144, 800_000),
    (4096, 262_143, 1_200_000),
    (600_000, 0, 900_000),
    (0, 600_000, 900_000),
    (0, 1_500_000, 1_200_000),
    (0, 1_499_000, 1_500_000),
    (100, 1_500_000, usize::MAX >> 1),
    (100, 1_200_000, usize::MAX >> 1),
    (1_499_990, 1_500_005, 100),
    (0, 1_500_000, 1_600_000),
];

/// At offsets that are given, and at the descriptors' own, which stand behind the bytes then.
#[test]
fn every_mechanism_moves_exactly_or_refuses() {
    let before = content(SIZE);
    for &(from, to, count) in MOVES {
        let clipped = count.min(before.len() - from);
        for mechanism in [Mechanism::Auto].iter().chain(Mechanism::EXACT) {
            for is_own in [false, true] {
                let linked = Linked::holding(&before);
                let (mut one, mut other) = (open(&linked.name), open(&linked.link));
                one.seek(SeekFrom::Start(from as u64)).unwrap();
                other.seek(SeekFrom::Start(to as u64)).unwrap();
                let (source, target) = if is_own {
                    (Endpoint::file(one.as_fd()), Endpoint::file(other.as_fd()))
                } else {
                    (
                        Endpoint::file_at(one.as_fd(), from as u64),
                        Endpoint::file_at(other.as_fd(), to as u64),
                    )
                };
                let progress =
                    request(source, target, count).run(*mechanism, &mut Steps::default());
                let name = format!("{mechanism:?} {from} to {to}, {count}, own {is_own}");
                if from.abs_diff(to) < clipped
                    && ![Mechanism::Auto, Mechanism::ReadWrite].contains(mechanism)
                {
                    assert_eq!(progress.bytes, 0, "{name}");
                    assert!(errno_of(progress).is_some(), "{name}");
                }
                if errno_of(progress).is_some() {
                    assert!(*mechanism != Mechanism::Auto, "{name}: {progress:?}");
                    assert!(*mechanism != Mechanism::ReadWrite, "{name}: {progress:?}");
                    assert_eq!(linked.bytes(), before, "{name}");
                    continue;
                }
                assert_eq!(progress.bytes, clipped as u64, "{name}: {progress:?}");
                let expected = if clipped == count {
                    Ending::Complete
                } else {
                    Ending::EndOfFile
                };
                assert_eq!(progress.ending, expected, "{name}");
                assert!(linked.bytes() == moved(&before, from, to, count), "{name}");
                let own = |mut file: &File| file.stream_position().unwrap();
                let done = if is_own { clipped as u64 } else { 0 };
                assert_eq!(own(&one), from as u64 + done, "{name}");
                assert_eq!(own(&other), to as u64 + done, "{name}");
            }
        }
    }
}

#[test]
fn a_refused_overlap_names_the_call_and_einval() {
    let linked = Linked::holding(&content(100_000));
    let (one, other) = (open(&linked.name), open(&linked.link));
    let source = Endpoint::file_at(one.as_fd(), 0);
    for (mechanism, call) in [
        (Mechanism::MmapWrite, "mmap"),
        (Mechanism::Sendfile, "sendfile"),
        (Mechanism::CopyFileRange, "copy_file_range"),
        (Mechanism::DirectIo, "open"),
    ] {
        let request = request(source, Endpoint::file(other.as_fd()), 50_000);
        let progress = request.run(mechanism, &mut Steps::default());
        let Ending::Failed(error) = progress.ending else {
            panic!("{mechanism:?}: {progress:?}");
        };
        assert_eq!((error.call.name(), error.errno), (call, Errno::EINVAL));
    }
}

#[test]
fn a_move_to_a_later_place_that_pauses_tells_all_at_the_end() {
    let before = content(40 * MIB);
    let linked = Linked::holding(&before);
    let (one, other) = (open(&linked.name), open(&linked.link));
    let (from, to, count) = (5, 77, 39 * MIB);
    (&other).seek(SeekFrom::Start(to as u64)).unwrap();
    let source = Endpoint::file_at(one.as_fd(), from as u64);
    let request = request(source, Endpoint::file(other.as_fd()), count);
    let (mut steps, mut in_flight) = (Steps::default(), InFlight::default());
    let progress = loop {
        let progress = request.resume(Mechanism::Auto, &mut steps, &mut in_flight);
        if progress.ending != Ending::Paused {
            break progress;
        }
        assert_eq!(progress.bytes, 0);
        assert!(in_flight.is_needed());
        assert_eq!(in_flight.held(), 0);
        assert_eq!((&other).stream_position().unwrap(), to as u64);
    };
    assert_eq!(in_flight.held(), 0);
    assert_eq!(progress.bytes, count as u64);
    assert_eq!(progress.ending, Ending::Complete);
    assert_eq!(steps.of(Mechanism::ReadWrite).bytes, count as u64);
    assert_eq!((&other).stream_position().unwrap(), (to + count) as u64);
    assert!(linked.bytes() == moved(&before, from, to, count));
}

#[test]
fn two_files_by_copy_file_range_are_one_system_call() {
    let (one, other) = (Linked::holding(&content(9_000)), Linked::holding(&[]));
    let (source, target) = (open(&one.name), open(&other.name));
    let mut steps = Steps::default();
    let source = Endpoint::file_at(source.as_fd(), 0);
    let request = request(source, Endpoint::file(target.as_fd()), 9_000);
    assert_eq!(request.run(Mechanism::Auto, &mut steps).bytes, 9_000);
    assert_eq!(steps.calls(), 1);
}

#[test]
fn what_is_appended_goes_to_the_end_wherever_the_offset_is() {
    let before = content(2_000_000);
    for mechanism in [Mechanism::Auto, Mechanism::ReadWrite, Mechanism::MmapWrite] {
        let linked = Linked::holding(&before);
        let one = open(&linked.name);
        let other = OpenOptions::new().append(true).open(&linked.link).unwrap();
        let source = Endpoint::file_at(one.as_fd(), 1_000);
        let request = request(
            source,
            Endpoint::file_at(other.as_fd(), 1_001),
            usize::MAX >> 1,
        );
        let progress = request.run(mechanism, &mut Steps::default());
        assert_eq!(progress.bytes, 1_999_000, "{mechanism:?}");
        assert!(linked.bytes() == moved(&before, 1_000, 2_000_000, 1_999_000));
    }
}
