//! Changes by another thread.

use crate::support::{
    FOLDERS, KIB, LONGEST, MIB, Random, WAYS, bytes, copy, first_wrong, new_file, punch, size,
    source,
};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

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
