//! Promises of a copy from file to file, on every file system there is to write on.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::errno::Errno;
use nix::sys::stat::{Mode, fchmod, fstat};
use sluice::{Attributes, Error, FileCopy, Holes, Sharing, SystemCall, copy_attributes};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, MetadataExt};

const MIB: u64 = 1 << 20;

/// ext4 or an overlay, and tmpfs.
const FOLDERS: [&str; 2] = [env!("CARGO_TARGET_TMPDIR"), "/dev/shm"];

fn new_file(folder: &str) -> File {
    tempfile::tempfile_in(folder).unwrap()
}

/// Data, a hole, a block of written zeros, data that is no whole number of blocks, and a hole at the end.
fn with_holes(folder: &str) -> File {
    let file = new_file(folder);
    let data = |seed: u8| -> Vec<u8> { (seed..251).cycle().take(300_000).collect() };
    file.write_all_at(&data(1), 0).unwrap();
    file.write_all_at(&[0; 128 << 10], MIB).unwrap();
    file.write_all_at(&data(2)[..70_001], 2 * MIB).unwrap();
    file.set_len(5 * MIB + 17).unwrap();
    file.sync_all().unwrap();
    file
}

fn all_of(mut file: &File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

fn of<'fd>(source: &'fd File, target: &'fd File, holes: Holes, sharing: Sharing) -> FileCopy<'fd> {
    FileCopy::new(source.as_fd(), target.as_fd(), holes, sharing)
}

/// Copies in steps of `most` bytes of data: how many steps it took.
fn copy_in_steps(mut copy: FileCopy<'_>, most: u64) -> Result<u64, Error> {
    let mut steps = 1;
    while !copy.advance_by(most)? {
        steps += 1;
    }
    Ok(steps)
}

/// What a file takes on disk.
fn taken(file: &File) -> u64 {
    file.sync_all().unwrap();
    file.metadata().unwrap().blocks() * 512
}

#[test]
fn every_policy_gives_the_same_bytes_in_steps_of_any_size() {
    for folder in FOLDERS {
        let source = with_holes(folder);
        for holes in [Holes::Keep, Holes::Make, Holes::Fill] {
            for sharing in [Sharing::Auto, Sharing::Never] {
                for most in [4096, 65_537, MIB, u64::MAX] {
                    let target = new_file(folder);
                    copy_in_steps(of(&source, &target, holes, sharing), most).unwrap();
                    let same = all_of(&source) == all_of(&target);
                    assert!(same, "{folder} {holes:?} {sharing:?} {most}");
                }
            }
        }
    }
}

#[test]
fn holes_are_kept_made_or_filled() {
    for folder in FOLDERS {
        let source = with_holes(folder);
        let copied = |holes| {
            let target = new_file(folder);
            copy_in_steps(of(&source, &target, holes, Sharing::Never), MIB).unwrap();
            taken(&target)
        };
        assert!(copied(Holes::Keep) <= taken(&source), "{folder}");
        assert!(copied(Holes::Make) + (128 << 10) <= taken(&source));
        assert!(copied(Holes::Fill) > 5 * MIB);
    }
}

#[test]
fn a_file_of_holes_alone_is_one_step_however_long() {
    let source = new_file(FOLDERS[0]);
    source.set_len(1 << 40).unwrap();
    let target = new_file(FOLDERS[0]);
    let copy = of(&source, &target, Holes::Keep, Sharing::Auto);
    assert_eq!(copy_in_steps(copy, 4096), Ok(1));
    assert_eq!(target.metadata().unwrap().len(), 1 << 40);
    assert!(taken(&target) < MIB);
}

#[test]
fn a_step_copies_no_more_data_than_it_is_asked_to() {
    let mut source = new_file(FOLDERS[0]);
    source.write_all(&vec![3; 4 << 20]).unwrap();
    for holes in [Holes::Keep, Holes::Make, Holes::Fill] {
        let target = new_file(FOLDERS[0]);
        let mut copy = of(&source, &target, holes, Sharing::Never);
        for (most, copied) in [(MIB, MIB), (5000, MIB + 5000)] {
            assert_eq!(copy.advance_by(most), Ok(false));
            let mut after = [1];
            // Where the target is longer already, what follows is a hole.
            if target.read_at(&mut after, copied).unwrap() == 1 {
                assert_eq!(after, [0]);
            }
            target.read_exact_at(&mut after, copied - 1).unwrap();
            assert_eq!(after, [3]);
        }
    }
}

#[test]
fn a_file_of_procfs_is_copied_though_its_size_is_0() {
    let source = File::open("/proc/version").unwrap();
    for holes in [Holes::Keep, Holes::Make, Holes::Fill] {
        let target = new_file(FOLDERS[0]);
        copy_in_steps(of(&source, &target, holes, Sharing::Auto), MIB).unwrap();
        assert_eq!(all_of(&target), std::fs::read("/proc/version").unwrap());
    }
}

#[test]
fn a_source_that_shrinks_shortens_the_copy_and_one_that_grows_lengthens_it() {
    for (size, expected) in [(MIB + 5, MIB + 5), (9 * MIB, 9 * MIB)] {
        let source = with_holes(FOLDERS[0]);
        let target = new_file(FOLDERS[0]);
        let mut copy = of(&source, &target, Holes::Keep, Sharing::Auto);
        assert_eq!(copy.advance_by(4096), Ok(false));
        source.set_len(size).unwrap();
        copy_in_steps(copy, MIB).unwrap();
        assert_eq!(target.metadata().unwrap().len(), expected);
    }
}

#[test]
fn sharing_that_is_refused_is_an_error_only_where_it_is_a_must() {
    let (source, target) = (with_holes("/dev/shm"), new_file("/dev/shm"));
    let share = |sharing| of(&source, &target, Holes::Keep, sharing).share();
    assert_eq!(share(Sharing::Auto), Ok(true));
    assert_eq!(share(Sharing::Never), Ok(true));
    let error = share(Sharing::Always).unwrap_err();
    assert_eq!(error.call, SystemCall::Ficlonerange);
    assert_eq!(error.errno, Errno::EOPNOTSUPP);
    let empty = new_file("/dev/shm");
    let mut copy = of(&empty, &target, Holes::Keep, Sharing::Always);
    assert_eq!(copy.share().unwrap_err().errno, Errno::EOPNOTSUPP);
}

#[test]
fn a_full_target_is_an_error() {
    let source = with_holes(FOLDERS[0]);
    let full = File::options().write(true).open("/dev/full").unwrap();
    for sharing in [Sharing::Auto, Sharing::Never] {
        let mut copy = of(&source, &full, Holes::Fill, sharing);
        let error = copy.advance().unwrap_err();
        assert_eq!(error.errno, Errno::ENOSPC, "{sharing:?}");
    }
}

#[test]
fn attributes_are_copied_with_the_times_that_are_given() {
    let (source, target) = (new_file(FOLDERS[0]), new_file(FOLDERS[0]));
    fchmod(&source, Mode::from_bits_truncate(0o640)).unwrap();
    let attributes = Attributes {
        accessed: 1_000_000_001,
        modified: -1,
        own_mode: 0o600,
    };
    copy_attributes(source.as_fd(), target.as_fd(), attributes).unwrap();
    let stat = fstat(&target).unwrap();
    assert_eq!(stat.st_mode & 0o7777, 0o640);
    assert_eq!((stat.st_atime, stat.st_atime_nsec), (1, 1));
    assert_eq!((stat.st_mtime, stat.st_mtime_nsec), (-1, 999_999_999));
}
