//! A file onto itself: bytes arrive as by `memmove`, or the mechanism refuses and nothing has changed.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::errno::Errno;
use nix::sys::stat::{Mode, SFlag, mknod};
use sluice::{
    Ending, Endpoint, InFlight, MapRequest, Mapping, Mechanism, Offset, Pace, Progress, Protection,
    Request, Steps,
};
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const MIB: usize = 1 << 20;

/// Numbers in a row, so that no byte can stand for its neighbours.
fn content(size: usize) -> Vec<u8> {
    (0u32..).flat_map(u32::to_be_bytes).take(size).collect()
}

fn moved(before: &[u8], from: usize, to: usize, count: usize) -> Vec<u8> {
    let count = count.min(before.len().saturating_sub(from));
    let mut after = before.to_vec();
    if count > 0 {
        after.resize(before.len().max(to + count), 0);
        after[to..to + count].copy_from_slice(&before[from..from + count]);
    }
    after
}

/// A file by two names.
struct Linked {
    _directory: TempDir,
    name: PathBuf,
    link: PathBuf,
}

impl Linked {
    fn holding(bytes: &[u8]) -> Linked {
        let directory = tempfile::tempdir().unwrap();
        let (name, link) = (directory.path().join("name"), directory.path().join("link"));
        std::fs::write(&name, bytes).unwrap();
        std::fs::hard_link(&name, &link).unwrap();
        Linked {
            _directory: directory,
            name,
            link,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.name).unwrap()
    }
}

fn open(path: &Path) -> File {
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap()
}

fn request<'fd>(source: Endpoint<'fd>, target: Endpoint<'fd>, count: usize) -> Request<'fd> {
    Request {
        source,
        target,
        count: count as u64,
        pace: Pace::Throughout,
    }
}

fn errno_of(progress: Progress) -> Option<Errno> {
    match progress.ending {
        Ending::Failed(error) => Some(error.errno),
        _ => None,
    }
}

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

#[test]
fn a_mapping_is_moved_within_its_file_when_that_has_long_been_closed() {
    let before = content(3_000_000);
    for (from, to, count) in [
        (0, 0, 20_000),
        (50, 0, 2_900_000),
        (4_096, 4_097, 2_900_000),
        (0, 2_999_000, 3_000_000),
        (0, 700_000, 100),
    ] {
        for is_own in [false, true] {
            let linked = Linked::holding(&before);
            let how = MapRequest {
                offset: from as u64,
                length: count,
                protection: Protection::ReadOnly,
                populate: false,
                no_reserve: false,
                synchronous: false,
            };
            let mapping = Mapping::map(open(&linked.name).as_fd(), how).unwrap();
            let mut file = open(&linked.link);
            file.seek(SeekFrom::Start(to as u64)).unwrap();
            let offset = if is_own {
                Offset::Own
            } else {
                Offset::At(to as u64)
            };
            let target = Endpoint {
                offset,
                ..Endpoint::file(file.as_fd())
            };
            let mut in_flight = InFlight::default();
            let progress = loop {
                let progress =
                    mapping.transfer(0, count, &target, Pace::Throughout, &mut in_flight);
                if progress.ending != Ending::Paused || progress.bytes > 0 {
                    break progress;
                }
            };
            assert_eq!(progress.bytes, count as u64);
            assert!(linked.bytes() == moved(&before, from, to, count), "{to}");
            let expected = if is_own { to + count } else { to };
            assert_eq!(file.stream_position().unwrap(), expected as u64);
        }
    }
}

/// A loop device twice, by two nodes: they share their pages, and `fstat(2)` says 0 of their size.
#[test]
fn a_block_device_by_two_nodes_is_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let before = content(2 * MIB);
    let image = directory.path().join("image");
    std::fs::write(&image, &before).unwrap();
    let Some(device) = LoopDevice::over(&image) else {
        eprintln!("skipped: needs root and a loop device");
        return;
    };
    let Some(node) = device.second_node(directory.path()) else {
        eprintln!("skipped: needs a directory for temporary files that may hold devices");
        return;
    };
    let one = open(&device.0);
    let source = Endpoint::file_at(one.as_fd(), 0);
    let target = Endpoint::file_at(node.as_fd(), 100);
    let request = request(source, target, 2 * MIB);
    let progress = request.run(Mechanism::Auto, &mut Steps::default());
    // The last 100 bytes have no room.
    assert_eq!(errno_of(progress), Some(Errno::ENOSPC));
    let request = Request {
        count: 2 * MIB as u64 - 100,
        ..request
    };
    let progress = request.run(Mechanism::Auto, &mut Steps::default());
    assert_eq!(progress.bytes, 2 * MIB as u64 - 100);
    let mut after = vec![0; 2 * MIB];
    one.read_exact_at(&mut after, 0).unwrap();
    assert!(after == moved(&before, 0, 100, 2 * MIB - 100));
}

struct LoopDevice(PathBuf);

impl LoopDevice {
    fn over(image: &Path) -> Option<LoopDevice> {
        let made = Command::new("losetup")
            .args(["--find", "--show"])
            .arg(image)
            .output();
        let made = made.ok().filter(|made| made.status.success())?;
        let device = String::from_utf8(made.stdout).unwrap();
        Some(LoopDevice(PathBuf::from(device.trim())))
    }

    fn second_node(&self, directory: &Path) -> Option<File> {
        let node = directory.join("node");
        let number = std::fs::metadata(&self.0).unwrap().rdev();
        let mode = Mode::S_IRUSR | Mode::S_IWUSR;
        mknod(&node, SFlag::S_IFBLK, mode, number).ok()?;
        OpenOptions::new().read(true).write(true).open(node).ok()
    }
}

impl Drop for LoopDevice {
    fn drop(&mut self) {
        let detached = Command::new("losetup")
            .arg("--detach")
            .arg(&self.0)
            .status();
        assert!(detached.is_ok_and(|status| status.success()));
    }
}
