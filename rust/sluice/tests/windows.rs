//! Which transfers from file to file `AUTO` tries by windows of the source, and that they are exact. Which way wins is a
//! matter of time, and not tested here.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::errno::Errno;
use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
use nix::sys::statfs::{EXT4_SUPER_MAGIC, fstatfs};
use sluice::{
    Ending, Endpoint, FileCopy, Holes, MapRequest, Mapping, Mechanism, Pace, Progress, Protection,
    Request, Sharing, Steps,
};
use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

const MIB: u64 = 1 << 20;

/// Enough for a contest within one transfer, and no whole number of pages.
const SIZE: u64 = 11 * MIB + 4321;

/// More calls than a contest has.
const CALLS: usize = 10;

const MEMORY: &str = "/dev/shm";

/// A folder on ext4, if there is one to write to. The other tests of transfers run on every file system.
fn disk() -> Option<&'static str> {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let kind = fstatfs(File::open(folder).unwrap()).unwrap();
    let is_ext4 = kind.filesystem_type() == EXT4_SUPER_MAGIC;
    if !is_ext4 {
        eprintln!("skipped: {folder} is not on ext4");
    }
    is_ext4.then_some(folder)
}

fn content(size: u64) -> Vec<u8> {
    let numbers = (1_u64..).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let size = usize::try_from(size).unwrap();
    numbers.flat_map(u64::to_le_bytes).take(size).collect()
}

fn file_of(folder: &str, bytes: &[u8]) -> File {
    let file = tempfile::tempfile_in(folder).unwrap();
    file.write_all_at(bytes, 0).unwrap();
    file
}

/// Drops the file from the page cache, and has it read without reading ahead.
fn cool(file: &File) {
    file.sync_all().unwrap();
    let request = MapRequest {
        offset: 0,
        length: usize::try_from(file.metadata().unwrap().len()).unwrap(),
        protection: Protection::ReadOnly,
        populate: false,
        no_reserve: false,
        synchronous: false,
    };
    let pages = Mapping::map(file.as_fd(), request).unwrap();
    // A page that the kernel is just looking at stays.
    loop {
        posix_fadvise(file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED).unwrap();
        if pages.resident(0, pages.length()).unwrap() == 0 {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    posix_fadvise(file, 0, 0, PosixFadviseAdvice::POSIX_FADV_RANDOM).unwrap();
}

fn all_of(file: &File) -> Vec<u8> {
    let size = usize::try_from(file.metadata().unwrap().len()).unwrap();
    let mut bytes = vec![0; size];
    file.read_exact_at(&mut bytes, 0).unwrap();
    bytes
}

fn run(source: Endpoint<'_>, target: Endpoint<'_>, count: u64) -> (Progress, Steps) {
    let request = Request {
        source,
        target,
        count,
        pace: Pace::Throughout,
    };
    let mut steps = Steps::default();
    (request.run(Mechanism::Auto, &mut steps), steps)
}

/// From the beginning of one file to the beginning of another.
fn run_all(source: &File, target: &File, count: u64) -> (Progress, Steps) {
    let source = Endpoint::file_at(source.as_fd(), 0);
    run(source, Endpoint::file_at(target.as_fd(), 0), count)
}

fn by_windows(steps: &Steps) -> u64 {
    steps.of(Mechanism::MmapWrite).bytes
}

/// Whether a kernel tells what is in the page cache. qemu's does not, and no windows are tried then.
fn are_tried(disk: &str) -> bool {
    let source = file_of(disk, &content(SIZE));
    let (_, steps) = run_all(&source, &file_of(disk, b""), SIZE);
    by_windows(&steps) > 0
}

#[test]
fn a_warm_file_goes_to_another_by_both_ways_wherever_the_bytes_lie() {
    let Some(disk) = disk() else { return };
    let bytes = content(SIZE);
    let mut source = file_of(disk, &bytes);
    for (from, to, count) in [
        (0, 0, SIZE),
        (0, 0, MIB / 2),
        (4096, 8192, 9 * MIB),
        (77, 5, SIZE - 77),
        (5, 4096, MIB + 1),
    ] {
        for is_own in [false, true] {
            let mut target = file_of(disk, b"");
            for call in 0..CALLS {
                target.set_len(0).unwrap();
                let (progress, steps) = if is_own {
                    source.seek(SeekFrom::Start(from)).unwrap();
                    target.seek(SeekFrom::Start(to)).unwrap();
                    let ends = (
                        Endpoint::file(source.as_fd()),
                        Endpoint::file(target.as_fd()),
                    );
                    run(ends.0, ends.1, count)
                } else {
                    let source = Endpoint::file_at(source.as_fd(), from);
                    run(source, Endpoint::file_at(target.as_fd(), to), count)
                };
                let name = format!("{from} to {to}, {count}, own {is_own}, {call}: {steps:?}");
                let done = (progress.bytes, progress.ending);
                assert_eq!(done, (count, Ending::Complete), "{name}");
                let all = steps.by_mechanism.iter().map(|step| step.bytes);
                assert_eq!(all.sum::<u64>(), count, "{name}");
                let range = usize::try_from(from).unwrap()..usize::try_from(from + count).unwrap();
                let to_index = usize::try_from(to).unwrap();
                assert!(all_of(&target)[to_index..] == bytes[range], "{name}");
                if is_own {
                    assert_eq!(source.stream_position().unwrap(), from + count, "{name}");
                    assert_eq!(target.stream_position().unwrap(), to + count, "{name}");
                }
            }
        }
    }
}

#[test]
fn the_first_bytes_of_a_file_go_by_the_kernels_own_call_and_then_windows_are_tried() {
    let Some(disk) = disk() else { return };
    if !are_tried(disk) {
        return;
    }
    let bytes = content(SIZE);
    let (source, target) = (file_of(disk, &bytes), file_of(disk, &bytes));
    for (count, first) in [(MIB / 2, 0), (MIB, 0), (3 * MIB, 0), (SIZE, MIB)] {
        let (_, steps) = run_all(&source, &target, count);
        let by_kernel = steps.of(Mechanism::CopyFileRange).bytes;
        if first == 0 {
            assert_eq!(by_kernel, count, "{count}: {steps:?}");
            let (_, steps) = run_all(&source, &target, count);
            assert_eq!(by_windows(&steps), count, "{count}: {steps:?}");
        } else {
            assert!(by_kernel >= first, "{count}: {steps:?}");
            assert!(by_windows(&steps) > 0, "{count}: {steps:?}");
        }
    }
}

fn never_by_windows(source: &File, mut target: &File, count: u64) {
    for _ in 0..CALLS {
        // sendfile, which goes from one file system to another, writes at the target's own offset.
        target.rewind().unwrap();
        let source = Endpoint::file_at(source.as_fd(), 0);
        let (progress, steps) = run(source, Endpoint::file(target.as_fd()), count);
        assert_eq!(progress.bytes, count);
        assert_eq!(
            steps.of(Mechanism::MmapWrite).calls,
            0,
            "{count}: {steps:?}"
        );
    }
}

#[test]
fn small_pieces_stay_with_the_kernels_own_call() {
    let Some(disk) = disk() else { return };
    let source = file_of(disk, &content(MIB));
    for count in [1, 65_536, MIB / 2 - 1] {
        never_by_windows(&source, &file_of(disk, b""), count);
    }
}

#[test]
fn a_cold_file_stays_with_the_kernels_own_call() {
    let Some(disk) = disk() else { return };
    let bytes = content(SIZE);
    for is_end_warm in [false, true] {
        let source = file_of(disk, &bytes);
        cool(&source);
        if is_end_warm {
            source.read_exact_at(&mut [0; 100], SIZE - 100).unwrap();
        }
        let target = file_of(disk, b"");
        let (_, steps) = run_all(&source, &target, SIZE);
        assert_eq!(by_windows(&steps), 0, "{steps:?}");
        assert!(all_of(&target) == bytes);
    }
}

#[test]
fn memory_files_stay_with_the_kernels_own_calls() {
    let Some(disk) = disk() else { return };
    let bytes = content(5 * MIB);
    for (from, to) in [(MEMORY, MEMORY), (MEMORY, disk), (disk, MEMORY)] {
        let (source, target) = (file_of(from, &bytes), file_of(to, b""));
        never_by_windows(&source, &target, MIB);
        never_by_windows(&source, &target, 5 * MIB);
        assert!(all_of(&target) == bytes, "{from} to {to}");
    }
}

#[test]
fn one_file_never_goes_by_windows_whether_its_ranges_overlap_or_not() {
    let Some(disk) = disk() else { return };
    let folder = tempfile::tempdir_in(disk).unwrap();
    let names = ["one", "other"].map(|name| folder.path().join(name));
    for to in [50, MIB, 6 * MIB] {
        let bytes = content(5 * MIB);
        for count in [MIB, 5 * MIB] {
            for _ in 0..3 {
                fs::write(&names[0], &bytes).unwrap();
                _ = fs::remove_file(&names[1]);
                fs::hard_link(&names[0], &names[1]).unwrap();
                let source = File::open(&names[0]).unwrap();
                let target = OpenOptions::new().write(true).open(&names[1]).unwrap();
                let ends = (
                    Endpoint::file_at(source.as_fd(), 0),
                    Endpoint::file_at(target.as_fd(), to),
                );
                let (progress, steps) = run(ends.0, ends.1, count);
                assert_eq!(progress.bytes, count);
                assert_eq!(by_windows(&steps), 0, "{to}: {steps:?}");
                let range = usize::try_from(to).unwrap()..usize::try_from(to + count).unwrap();
                let moved = &bytes[..usize::try_from(count).unwrap()];
                assert!(fs::read(&names[0]).unwrap()[range] == *moved, "{to}");
            }
        }
    }
}

#[test]
fn a_hole_of_the_source_is_zeros() {
    let Some(disk) = disk() else { return };
    let source = file_of(disk, &content(MIB));
    source.write_all_at(&content(MIB), 12 * MIB + 1).unwrap();
    let bytes = all_of(&source);
    let target = file_of(disk, b"");
    let (progress, _) = run_all(&source, &target, bytes.len() as u64);
    assert_eq!(progress.ending, Ending::Complete);
    assert!(all_of(&target) == bytes);
}

#[test]
fn a_count_beyond_the_end_moves_what_there_is() {
    let Some(disk) = disk() else { return };
    for size in [MIB, 5 * MIB, SIZE] {
        let bytes = content(size);
        let source = file_of(disk, &bytes);
        for count in [size + 1, size + 8 * MIB, u64::MAX >> 1] {
            for _ in 0..CALLS {
                let target = file_of(disk, b"");
                let (progress, steps) = run_all(&source, &target, count);
                let done = (progress.bytes, progress.ending);
                assert_eq!(done, (size, Ending::EndOfFile), "{count}: {steps:?}");
                assert!(all_of(&target) == bytes, "{count}: {steps:?}");
            }
        }
    }
}

#[test]
fn a_target_that_appends_gets_the_bytes_at_its_end() {
    let Some(disk) = disk() else { return };
    let bytes = content(5 * MIB);
    let source = file_of(disk, &bytes);
    let folder = tempfile::tempdir_in(disk).unwrap();
    let path = folder.path().join("log");
    for count in [MIB, 5 * MIB] {
        for _ in 0..CALLS {
            fs::write(&path, b"head").unwrap();
            let log = OpenOptions::new().append(true).open(&path).unwrap();
            let from = Endpoint::file_at(source.as_fd(), 0);
            let (progress, _) = run(from, Endpoint::file(log.as_fd()), count);
            assert_eq!(progress.ending, Ending::Complete);
            let moved = &bytes[..usize::try_from(count).unwrap()];
            assert!(fs::read(&path).unwrap() == [b"head", moved].concat());
        }
    }
}

#[test]
fn a_target_that_is_open_for_reading_alone_is_refused() {
    let Some(disk) = disk() else { return };
    let source = file_of(disk, &content(5 * MIB));
    let file = tempfile::NamedTempFile::new_in(disk).unwrap();
    let target = File::open(file.path()).unwrap();
    for count in [MIB, MIB, 5 * MIB] {
        let (progress, _) = run_all(&source, &target, count);
        let Ending::Failed(error) = progress.ending else {
            panic!("{progress:?}");
        };
        assert_eq!((progress.bytes, error.errno), (0, Errno::EBADF));
        assert_eq!(target.metadata().unwrap().len(), 0);
    }
}

/// The bytes of the source's last page behind its new end are zeros, which a write may still see.
#[test]
fn a_source_that_shrinks_ends_the_transfer_without_an_error() {
    const PAGE: usize = 65_536;
    let Some(disk) = disk() else { return };
    let bytes = content(SIZE);
    for end in [0, 100, 2 * MIB + 100, 8 * MIB, SIZE - 1] {
        let source = file_of(disk, &bytes);
        let target = file_of(disk, b"");
        let begin = Barrier::new(2);
        let progress = thread::scope(|scope| {
            scope.spawn(|| {
                begin.wait();
                source.set_len(end).unwrap();
            });
            begin.wait();
            run_all(&source, &target, SIZE).0
        });
        assert!(
            matches!(progress.ending, Ending::EndOfFile | Ending::Complete),
            "{end}: {progress:?}"
        );
        let moved = all_of(&target);
        assert_eq!(moved.len() as u64, progress.bytes, "{end}");
        let end = usize::try_from(end).unwrap();
        for (at, byte) in moved.iter().enumerate() {
            let is_zeroed = *byte == 0 && at >= end && at < end.next_multiple_of(PAGE);
            assert!(*byte == bytes[at] || is_zeroed, "{end}: byte {at}");
        }
    }
}

#[test]
fn a_copy_of_a_warm_file_is_exact() {
    for folder in [env!("CARGO_TARGET_TMPDIR"), MEMORY] {
        let bytes = content(SIZE);
        let source = file_of(folder, &bytes);
        for sharing in [Sharing::Auto, Sharing::Never] {
            for holes in [Holes::Keep, Holes::Fill] {
                let target = file_of(folder, b"");
                let (from, to) = (source.as_fd(), target.as_fd());
                let mut copy = FileCopy::new(from, to, holes, sharing);
                while !copy.advance().unwrap() {}
                assert!(all_of(&target) == bytes, "{folder} {sharing:?} {holes:?}");
            }
        }
    }
}
