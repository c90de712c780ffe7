//! Which transfers from file to file `AUTO` makes by windows of the source, and that they are exact.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::errno::Errno;
use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
use nix::libc;
use nix::sys::statfs::{EXT4_SUPER_MAGIC, fstatfs};
use sluice::{
    Ending, Endpoint, FileCopy, Holes, Mechanism, Pace, Progress, Request, Sharing, Steps,
};
use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::FileExt;
use std::sync::Barrier;
use std::thread;

const MIB: u64 = 1 << 20;

/// More than two windows, and no whole number of pages.
const SIZE: u64 = 19 * MIB + 4321;

const MEMORY: &str = "/dev/shm";

/// A folder on ext4, if there is one to write to. The other tests of transfers run on every file system.
fn disk() -> Option<&'static str> {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let kind = fstatfs(File::open(folder).unwrap()).unwrap();
    let is_there = kind.filesystem_type() == EXT4_SUPER_MAGIC && is_memory_told(folder);
    if !is_there {
        eprintln!("skipped: needs ext4, and a kernel that tells what is in the page cache");
    }
    is_there.then_some(folder)
}

/// Whether the kernel reads what is in memory alone (`RWF_NOWAIT`). qemu's does not.
fn is_memory_told(folder: &str) -> bool {
    let file = file_of(folder, &[1]);
    let mut byte = 0_u8;
    let into = libc::iovec {
        iov_base: (&raw mut byte).cast(),
        iov_len: 1,
    };
    // SAFETY: the kernel writes at most the one byte that `into` names, and both outlive the call.
    let read = unsafe {
        libc::syscall(
            libc::SYS_preadv2,
            file.as_raw_fd(),
            &raw const into,
            1,
            0,
            0,
            libc::RWF_NOWAIT,
        )
    };
    read == 1
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

fn by_windows(steps: &Steps) -> u64 {
    steps.of(Mechanism::MmapWrite).bytes
}

#[test]
fn a_warm_file_goes_to_another_by_windows_wherever_the_bytes_lie() {
    let Some(disk) = disk() else { return };
    let bytes = content(SIZE);
    let mut source = file_of(disk, &bytes);
    for (from, to, count) in [
        (0, 0, SIZE),
        (0, 0, MIB),
        (4096, 8192, 9 * MIB),
        (77, 5, SIZE - 77),
        (5, 4096, 8 * MIB + 1),
    ] {
        for is_own in [false, true] {
            let mut target = file_of(disk, b"");
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
            let name = format!("{from} to {to}, {count}, own {is_own}: {steps:?}");
            assert_eq!(
                (progress.bytes, progress.ending),
                (count, Ending::Complete),
                "{name}"
            );
            let others = steps
                .by_mechanism
                .iter()
                .map(|step| step.bytes)
                .sum::<u64>();
            assert_eq!(others, count, "{name}");
            // The rest of 16 MiB may be too small for a window.
            assert!(by_windows(&steps) > count - MIB, "{name}");
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

#[test]
fn small_pieces_stay_with_the_kernels_own_call() {
    let Some(disk) = disk() else { return };
    let source = file_of(disk, &content(MIB));
    let target = file_of(disk, b"");
    let ends = || {
        (
            Endpoint::file_at(source.as_fd(), 0),
            Endpoint::file(target.as_fd()),
        )
    };
    for count in [1, 65_536, MIB - 1] {
        let (progress, steps) = run(ends().0, ends().1, count);
        assert_eq!(progress.bytes, count);
        assert_eq!(steps.of(Mechanism::MmapWrite).calls, 0, "{steps:?}");
        assert_eq!(steps.of(Mechanism::CopyFileRange).calls, 1, "{steps:?}");
    }
}

#[test]
fn a_cold_file_stays_with_the_kernels_own_call() {
    let Some(disk) = disk() else { return };
    let bytes = content(SIZE);
    let source = file_of(disk, &bytes);
    source.sync_all().unwrap();
    let dropped = PosixFadviseAdvice::POSIX_FADV_DONTNEED;
    posix_fadvise(&source, 0, 0, dropped).unwrap();
    let target = file_of(disk, b"");
    let ends = (
        Endpoint::file_at(source.as_fd(), 0),
        Endpoint::file(target.as_fd()),
    );
    let (progress, steps) = run(ends.0, ends.1, SIZE);
    assert_eq!(progress.bytes, SIZE);
    assert_eq!(by_windows(&steps), 0, "{steps:?}");
    assert!(all_of(&target) == bytes);
}

#[test]
fn the_end_of_a_file_alone_in_memory_does_not_make_it_warm() {
    let Some(disk) = disk() else { return };
    let source = file_of(disk, &content(8 * MIB));
    source.sync_all().unwrap();
    let dropped = PosixFadviseAdvice::POSIX_FADV_DONTNEED;
    posix_fadvise(&source, 0, 0, dropped).unwrap();
    source.read_exact_at(&mut [0; 100], 8 * MIB - 100).unwrap();
    let target = file_of(disk, b"");
    let ends = (
        Endpoint::file_at(source.as_fd(), 0),
        Endpoint::file(target.as_fd()),
    );
    let (_, steps) = run(ends.0, ends.1, 8 * MIB);
    assert_eq!(by_windows(&steps), 0, "{steps:?}");
}

#[test]
fn memory_files_stay_with_the_kernels_own_calls() {
    let Some(disk) = disk() else { return };
    let bytes = content(2 * MIB);
    for (from, to) in [(MEMORY, MEMORY), (MEMORY, disk), (disk, MEMORY)] {
        let (source, target) = (file_of(from, &bytes), file_of(to, b""));
        let ends = (
            Endpoint::file_at(source.as_fd(), 0),
            Endpoint::file(target.as_fd()),
        );
        let (_, steps) = run(ends.0, ends.1, 2 * MIB);
        assert_eq!(by_windows(&steps), 0, "{from} to {to}: {steps:?}");
        assert!(all_of(&target) == bytes, "{from} to {to}");
    }
}

#[test]
fn one_file_never_goes_by_windows_whether_its_ranges_overlap_or_not() {
    let Some(disk) = disk() else { return };
    let folder = tempfile::tempdir_in(disk).unwrap();
    let names = ["one", "other"].map(|name| folder.path().join(name));
    for to in [50, MIB, 3 * MIB] {
        let bytes = content(2 * MIB);
        fs::write(&names[0], &bytes).unwrap();
        _ = fs::remove_file(&names[1]);
        fs::hard_link(&names[0], &names[1]).unwrap();
        let source = File::open(&names[0]).unwrap();
        let target = OpenOptions::new().write(true).open(&names[1]).unwrap();
        let ends = (
            Endpoint::file_at(source.as_fd(), 0),
            Endpoint::file_at(target.as_fd(), to),
        );
        let (progress, steps) = run(ends.0, ends.1, 2 * MIB);
        assert_eq!(progress.bytes, 2 * MIB);
        assert_eq!(steps.of(Mechanism::MmapWrite).bytes, 0, "{to}: {steps:?}");
        let to = usize::try_from(to).unwrap();
        assert!(fs::read(&names[0]).unwrap()[to..] == bytes, "{to}");
    }
}

#[test]
fn a_hole_of_the_source_is_zeros() {
    let Some(disk) = disk() else { return };
    let source = file_of(disk, &content(3 * MIB));
    source.write_all_at(&content(MIB), 12 * MIB + 1).unwrap();
    let bytes = all_of(&source);
    let target = file_of(disk, b"");
    let ends = (
        Endpoint::file_at(source.as_fd(), 0),
        Endpoint::file(target.as_fd()),
    );
    let (progress, steps) = run(ends.0, ends.1, bytes.len() as u64);
    assert_eq!(progress.ending, Ending::Complete);
    assert!(by_windows(&steps) > 0, "{steps:?}");
    assert!(all_of(&target) == bytes);
}

#[test]
fn a_count_beyond_the_end_moves_what_there_is() {
    let Some(disk) = disk() else { return };
    for size in [MIB, 8 * MIB, SIZE] {
        let bytes = content(size);
        let source = file_of(disk, &bytes);
        for count in [size + 1, size + 8 * MIB, u64::MAX >> 1] {
            let target = file_of(disk, b"");
            let ends = (
                Endpoint::file_at(source.as_fd(), 0),
                Endpoint::file(target.as_fd()),
            );
            let (progress, steps) = run(ends.0, ends.1, count);
            let name = format!("{count} of {size}: {steps:?}");
            assert_eq!(
                (progress.bytes, progress.ending),
                (size, Ending::EndOfFile),
                "{name}"
            );
            assert!(by_windows(&steps) > 0, "{name}");
            assert!(all_of(&target) == bytes, "{name}");
        }
    }
}

#[test]
fn a_target_that_appends_gets_the_bytes_at_its_end() {
    let Some(disk) = disk() else { return };
    let bytes = content(2 * MIB);
    let source = file_of(disk, &bytes);
    let folder = tempfile::tempdir_in(disk).unwrap();
    let path = folder.path().join("log");
    fs::write(&path, b"head").unwrap();
    let log = OpenOptions::new().append(true).open(&path).unwrap();
    let ends = (
        Endpoint::file_at(source.as_fd(), 0),
        Endpoint::file(log.as_fd()),
    );
    let (progress, _) = run(ends.0, ends.1, 2 * MIB);
    assert_eq!(progress.ending, Ending::Complete);
    assert!(fs::read(&path).unwrap() == [b"head", bytes.as_slice()].concat());
}

#[test]
fn a_target_that_is_open_for_reading_alone_is_refused() {
    let Some(disk) = disk() else { return };
    let source = file_of(disk, &content(2 * MIB));
    let file = tempfile::NamedTempFile::new_in(disk).unwrap();
    let target = File::open(file.path()).unwrap();
    let ends = (
        Endpoint::file_at(source.as_fd(), 0),
        Endpoint::file(target.as_fd()),
    );
    let (progress, _) = run(ends.0, ends.1, 2 * MIB);
    let Ending::Failed(error) = progress.ending else {
        panic!("{progress:?}");
    };
    assert_eq!((progress.bytes, error.errno), (0, Errno::EBADF));
    assert_eq!(target.metadata().unwrap().len(), 0);
}

/// The bytes of the source's last page behind its new end are zeros, which a write may still see.
#[test]
fn a_source_that_shrinks_ends_the_transfer_without_an_error() {
    const PAGE: usize = 65_536;
    let Some(disk) = disk() else { return };
    let bytes = content(SIZE);
    for end in [0, 100, 5 * MIB + 100, 8 * MIB, SIZE - 1] {
        let source = file_of(disk, &bytes);
        let target = file_of(disk, b"");
        let begin = Barrier::new(2);
        let progress = thread::scope(|scope| {
            scope.spawn(|| {
                begin.wait();
                source.set_len(end).unwrap();
            });
            begin.wait();
            let ends = (
                Endpoint::file_at(source.as_fd(), 0),
                Endpoint::file(target.as_fd()),
            );
            run(ends.0, ends.1, SIZE).0
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
fn the_mechanism_itself_serves_cold_files_and_memory_files_as_well() {
    let bytes = content(SIZE);
    for folder in [env!("CARGO_TARGET_TMPDIR"), MEMORY] {
        let source = file_of(folder, &bytes);
        source.sync_all().unwrap();
        let dropped = PosixFadviseAdvice::POSIX_FADV_DONTNEED;
        posix_fadvise(&source, 0, 0, dropped).unwrap();
        let target = file_of(folder, b"");
        let request = Request {
            source: Endpoint::file_at(source.as_fd(), 0),
            target: Endpoint::file_at(target.as_fd(), 0),
            count: SIZE,
            pace: Pace::Throughout,
        };
        let progress = request.run(Mechanism::MmapWrite, &mut Steps::default());
        assert_eq!(progress.ending, Ending::Complete, "{folder}");
        assert!(all_of(&target) == bytes, "{folder}");
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
