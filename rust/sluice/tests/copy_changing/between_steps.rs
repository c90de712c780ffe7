//! Changes between two steps of the copy.

use crate::support::{
    FOLDERS, KIB, MIB, Random, WAYS, bytes, content, copy, first_wrong, new_file, punch, size,
    source,
};
use nix::fcntl::{FallocateFlags, fallocate};
use sluice::{FileCopy, Holes, Sharing};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, MetadataExt};

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
