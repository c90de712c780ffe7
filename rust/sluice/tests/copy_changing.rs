//! Promises of a copy whose source is changed meanwhile: between two steps, and by another thread.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::fcntl::{FallocateFlags, fallocate};
use sluice::{FileCopy, Holes, Sharing};
use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const LONGEST: u64 = 16 * MIB;

/// ext4 or an overlay, and tmpfs.
const FOLDERS: [&str; 2] = [env!("CARGO_TARGET_TMPDIR"), "/dev/shm"];

const WAYS: [(Holes, Sharing); 4] = [
    (Holes::Keep, Sharing::Auto),
    (Holes::Keep, Sharing::Never),
    (Holes::Make, Sharing::Auto),
    (Holes::Fill, Sharing::Never),
];

/// The byte that belongs at an offset: never 0, so that a hole shows.
fn byte_at(offset: u64) -> u8 {
    u8::try_from((offset ^ offset >> 9 ^ offset >> 17) % 255 + 1).unwrap()
}

/// The bytes that belong into a file, up to the longest there is.
static PATTERN: LazyLock<Vec<u8>> = LazyLock::new(|| (0..LONGEST).map(byte_at).collect());

fn bytes(from: u64, to: u64) -> &'static [u8] {
    &PATTERN[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()]
}

fn new_file(folder: &str) -> File {
    tempfile::tempfile_in(folder).unwrap()
}

fn source(folder: &str, size: u64) -> File {
    let file = new_file(folder);
    file.write_all_at(bytes(0, size), 0).unwrap();
    file
}

fn size(file: &File) -> u64 {
    file.metadata().unwrap().len()
}

fn content(file: &File) -> Vec<u8> {
    let mut content = vec![0; usize::try_from(size(file)).unwrap()];
    file.read_exact_at(&mut content, 0).unwrap();
    content
}

/// The first offset whose byte is not the one that belongs there, nor a 0 where holes are made meanwhile.
fn first_wrong(file: &File, zeros: bool) -> Option<usize> {
    const PIECE: usize = 512;
    let content = content(file);
    let pieces = content.chunks(PIECE).zip(PATTERN.chunks(PIECE));
    let mut different = pieces
        .enumerate()
        .filter(|(_, (seen, known))| *seen != &known[..seen.len()]);
    different.find_map(|(piece, (seen, known))| {
        let wrong = |(byte, known): (&u8, &u8)| byte != known && !(zeros && *byte == 0);
        let at = seen.iter().zip(known).position(wrong)?;
        Some(piece * PIECE + at)
    })
}

/// As Java copies: sharing first, both in turns.
fn copy(source: &File, target: &File, (holes, sharing): (Holes, Sharing)) {
    let mut copy = FileCopy::new(source.as_fd(), target.as_fd(), holes, sharing);
    while !copy.share().unwrap() {}
    while !copy.advance().unwrap() {}
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

fn punch(file: &File, at: u64, length: u64) {
    let how = FallocateFlags::FALLOC_FL_PUNCH_HOLE | FallocateFlags::FALLOC_FL_KEEP_SIZE;
    let (at, length) = (i64::try_from(at).unwrap(), i64::try_from(length).unwrap());
    fallocate(file, how, at, length).unwrap();
}

#[test]
fn a_hole_as_large_as_what_is_allocated_behind_the_end_stays_a_hole() {
    for folder in FOLDERS {
        let source = new_file(folder);
        source.write_all_at(bytes(0, MIB), 0).unwrap();
        source
            .write_all_at(bytes(3 * MIB, 4 * MIB), 3 * MIB)
            .unwrap();
        let (at, length) = (
            i64::try_from(4 * MIB).unwrap(),
            i64::try_from(2 * MIB).unwrap(),
        );
        fallocate(&source, FallocateFlags::FALLOC_FL_KEEP_SIZE, at, length).unwrap();
        source.sync_all().unwrap();
        let seen = source.metadata().unwrap();
        assert!(
            seen.blocks() * 512 >= seen.len(),
            "{folder}: it looks dense"
        );
        for sharing in [Sharing::Auto, Sharing::Never] {
            let target = new_file(folder);
            copy(&source, &target, (Holes::Keep, sharing));
            target.sync_all().unwrap();
            let taken = target.metadata().unwrap().blocks() * 512;
            assert!(taken <= 2 * MIB + 64 * KIB, "{folder}: {taken}");
            assert!(content(&source) == content(&target), "{folder}");
        }
    }
}

#[test]
fn a_file_that_grows_at_every_step_is_copied_to_its_size_when_its_first_end_was_reached() {
    for folder in FOLDERS {
        for (holes, sharing) in WAYS {
            let source = source(folder, MIB);
            let target = new_file(folder);
            let mut copy = FileCopy::new(source.as_fd(), target.as_fd(), holes, sharing);
            let mut steps = 0;
            while !copy.advance_by(64 * KIB).unwrap() {
                let end = size(&source);
                source
                    .write_all_at(bytes(end, end + 128 * KIB), end)
                    .unwrap();
                steps += 1;
                assert!(
                    steps < 1000,
                    "{folder} {holes:?} {sharing:?}: chased for ever"
                );
            }
            assert_eq!(first_wrong(&target, false), None, "{folder} {holes:?}");
            // 16 steps for the first MiB, in which 2 MiB more were written.
            assert_eq!(size(&target), 3 * MIB, "{folder} {holes:?} {sharing:?}");
        }
    }
}

#[test]
fn an_empty_file_that_grows_at_every_step_is_not_chased() {
    for (holes, sharing) in WAYS {
        let source = new_file(FOLDERS[0]);
        let target = new_file(FOLDERS[0]);
        let mut copy = FileCopy::new(source.as_fd(), target.as_fd(), holes, sharing);
        assert_eq!(copy.share(), Ok(true));
        source.write_all_at(bytes(0, 10 * KIB), 0).unwrap();
        let mut steps = 0;
        while !copy.advance_by(4 * KIB).unwrap() {
            let end = size(&source);
            source.write_all_at(bytes(end, end + 8 * KIB), end).unwrap();
            steps += 1;
            assert!(steps < 1000, "{holes:?} {sharing:?}: chased for ever");
        }
        assert_eq!(first_wrong(&target, false), None, "{holes:?}");
    }
}

#[test]
fn steps_between_which_anything_happens_end_with_bytes_that_were_there() {
    for seed in 1..300 {
        let mut random = Random(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
        let folder = FOLDERS[usize::try_from(random.below(2)).unwrap()];
        let (holes, sharing) = WAYS[usize::try_from(random.below(4)).unwrap()];
        let source = source(folder, 1 + random.below(300 * KIB));
        for _ in 0..random.below(4) {
            punch(
                &source,
                random.below(size(&source)),
                1 + random.below(64 * KIB),
            );
        }
        let (first, mut most, mut least) = (size(&source), size(&source), size(&source));
        let target = new_file(folder);
        let mut copy = FileCopy::new(source.as_fd(), target.as_fd(), holes, sharing);
        let mut steps = 0;
        while !copy.advance_by(1 + random.below(32 * KIB)).unwrap() {
            let end = size(&source);
            match random.below(6) {
                0 => source.set_len(random.below(end + 1)).unwrap(),
                1 => punch(&source, random.below(end + 1), 1 + random.below(64 * KIB)),
                2 => {
                    let more = end + random.below(64 * KIB);
                    source.write_all_at(bytes(end, more), end).unwrap();
                }
                3 => {
                    let at = random.below(end + 1);
                    let to = end.min(at + 8 * KIB);
                    source.write_all_at(bytes(at, to), at).unwrap();
                }
                4 => source.set_len(end + random.below(64 * KIB)).unwrap(),
                _ => {}
            }
            most = most.max(size(&source));
            least = least.min(size(&source));
            steps += 1;
            assert!(steps < 10_000, "seed {seed} does not end");
        }
        let copied = size(&target);
        assert_eq!(first_wrong(&target, true), None, "seed {seed} {holes:?}");
        assert!(copied <= most, "seed {seed}: {copied} of {most}");
        // What was always there is in the copy.
        assert!(
            copied >= least.min(first),
            "seed {seed}: {copied}, never below {least}"
        );
    }
}

#[test]
fn a_file_that_another_thread_shortens_ends_the_copy_without_a_byte_that_was_not_there() {
    let mut random = Random(42);
    for round in 0..320 {
        let folder = FOLDERS[round % 2];
        let way = WAYS[round / 2 % 4];
        let first = 256 * KIB + random.below(MIB);
        let last = random.below(first);
        let source = source(folder, first);
        let target = new_file(folder);
        let delay = Duration::from_nanos(random.below(600_000));
        thread::scope(|scope| {
            scope.spawn(|| {
                let start = Instant::now();
                while start.elapsed() < delay {}
                source.set_len(last).unwrap();
            });
            copy(&source, &target, way);
        });
        let copied = size(&target);
        let end = format!("round {round} {folder} {way:?}: {copied} of {first}, cut to {last}");
        assert_eq!(first_wrong(&target, false), None, "{end}");
        assert!((last..=first).contains(&copied), "{end}");
    }
}

/// Runs `change` on the source, over and over, while it is copied for some rounds.
fn while_changing(size: u64, change: impl Fn(&File, &mut Random) + Sync, check: impl Fn(&File)) {
    for folder in FOLDERS {
        for way in WAYS {
            let source = source(folder, size);
            let over = AtomicBool::new(false);
            thread::scope(|scope| {
                scope.spawn(|| {
                    let mut random = Random(7);
                    while !over.load(Ordering::Relaxed) {
                        change(&source, &mut random);
                    }
                });
                for _ in 0..5 {
                    let start = Instant::now();
                    let target = new_file(folder);
                    copy(&source, &target, way);
                    assert!(
                        start.elapsed() < Duration::from_secs(20),
                        "{folder} {way:?}"
                    );
                    check(&target);
                }
                over.store(true, Ordering::Relaxed);
            });
        }
    }
}

#[test]
fn a_file_that_is_appended_to_for_ever_is_copied_to_its_size_at_the_beginning_and_not_chased() {
    let append = |file: &File, _: &mut Random| {
        let end = size(file);
        // As much as the disk may hold.
        if end < LONGEST {
            file.write_all_at(bytes(end, end + 32 * KIB), end).unwrap();
        }
    };
    while_changing(MIB, append, |target| {
        assert!(size(target) >= MIB);
        assert_eq!(first_wrong(target, false), None);
    });
}

#[test]
fn a_file_that_is_punched_and_filled_meanwhile_keeps_its_size_and_its_bytes() {
    let change = |file: &File, random: &mut Random| {
        let at = random.below(2 * MIB);
        let to = (at + 1 + random.below(64 * KIB)).min(2 * MIB);
        punch(file, at, to - at);
        file.write_all_at(bytes(at, to), at).unwrap();
    };
    while_changing(2 * MIB, change, |target| {
        assert_eq!(size(target), 2 * MIB);
        assert_eq!(first_wrong(target, true), None);
    });
}

#[test]
fn a_file_that_shrinks_and_grows_without_an_end_is_copied_in_one_of_its_sizes() {
    let change = |file: &File, random: &mut Random| {
        file.set_len(random.below(2 * MIB)).unwrap();
        let end = size(file);
        file.write_all_at(bytes(end, 2 * MIB), end).unwrap();
    };
    while_changing(2 * MIB, change, |target| {
        assert!(size(target) <= 2 * MIB);
        // A file that has its old size again by the time one looks may have been read with zeros at its former end.
        assert_eq!(first_wrong(target, true), None);
    });
}
