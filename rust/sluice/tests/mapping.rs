//! Mappings of real files: what is seen where, and what is left after they are closed.

use nix::errno::Errno;
use nix::unistd::{SysconfVar, sysconf};
use sluice::{Advice, After, MapRequest, Mapping, Protection, prepare_retirement};
use std::fs::{File, read_to_string};
use std::io::{Read, Seek, Write};
use std::os::fd::AsFd;

fn file(content: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(content).expect("written");
    file
}

fn map(file: &File, protection: Protection, offset: u64, length: usize) -> Mapping {
    Mapping::map(file.as_fd(), how(protection, offset, length)).expect("mapped")
}

fn how(protection: Protection, offset: u64, length: usize) -> MapRequest {
    MapRequest {
        offset,
        length,
        protection,
        populate: false,
        synchronous: false,
        no_reserve: false,
    }
}

fn content(file: &mut File) -> Vec<u8> {
    let mut all = Vec::new();
    file.rewind().expect("rewound");
    file.read_to_end(&mut all).expect("read");
    all
}

#[test]
fn what_is_written_is_seen_by_the_file_or_by_the_mapping_alone() {
    let mut file = file(&[7; 10_000]);
    let shared = map(&file, Protection::ReadWrite, 5, 9_000);
    let private = map(&file, Protection::Private, 5, 9_000);
    assert_eq!(shared.write(10, &[8, 9]), Ok(2));
    assert_eq!(private.write(20, &[1, 2]), Ok(2));
    let now = content(&mut file);
    assert_eq!(now[14..18], [7, 8, 9, 7]);
    assert_eq!(now[25..27], [7, 7]);
    let mut seen = [0; 12];
    assert_eq!(private.read(10, &mut seen), Ok(12));
    assert_eq!(seen, [8, 9, 7, 7, 7, 7, 7, 7, 7, 7, 1, 2]);
    let read_only = map(&file, Protection::ReadOnly, 0, 10_000);
    assert_eq!(
        read_only.write(0, &[1]).map_err(|error| error.errno),
        Err(Errno::EFAULT)
    );
}

#[test]
fn what_cannot_be_mapped_says_why() {
    let file = file(&[7; 100]);
    let errno = |file: &File, how| Mapping::map(file.as_fd(), how).map_err(|error| error.errno);
    let empty = errno(&file, how(Protection::ReadOnly, 0, 0)).expect_err("empty");
    assert_eq!(empty, Errno::EINVAL);
    let directory = File::open("/").expect("a directory");
    let unmappable = errno(&directory, how(Protection::ReadOnly, 0, 10)).expect_err("unmappable");
    assert_eq!(unmappable, Errno::ENODEV);
    let read_only = File::open("/proc/self/exe").expect("this program");
    let forbidden = errno(&read_only, how(Protection::ReadWrite, 0, 10)).expect_err("forbidden");
    assert_eq!(forbidden, Errno::EACCES);
    let large = errno(&file, how(Protection::ReadOnly, 0, 1 << 60)).expect_err("large");
    assert_eq!(large, Errno::ENOMEM);
}

#[test]
fn a_part_that_is_not_within_the_mapping_is_refused() {
    let file = file(&[7; 10_000]);
    let mapping = map(&file, Protection::ReadWrite, 0, 10_000);
    let mut two = [0; 2];
    for offset in [9_999, 10_001, usize::MAX] {
        assert_eq!(
            mapping.read(offset, &mut two).map_err(|e| e.errno),
            Err(Errno::EINVAL)
        );
        assert_eq!(
            mapping.write(offset, &two).map_err(|e| e.errno),
            Err(Errno::EINVAL)
        );
        assert_eq!(
            mapping.sync(offset, 2).map_err(|e| e.errno),
            Err(Errno::EINVAL)
        );
        assert_eq!(
            mapping.resident(offset, 2).map_err(|e| e.errno),
            Err(Errno::EINVAL)
        );
        let advised = mapping.advise(Advice::Normal, offset, 2);
        assert_eq!(advised.map_err(|e| e.errno), Err(Errno::EINVAL));
    }
}

#[test]
fn advice_is_taken_and_residency_told() {
    let file = file(&[7; 1 << 20]);
    let mapping = map(&file, Protection::ReadWrite, 0, 1 << 20);
    for number in 0..=10 {
        let advice = Advice::from_number(number).expect("an advice");
        assert_eq!(advice as u8, number);
        match mapping.advise(advice, 100, 100_000) {
            Ok(()) => {}
            // A kernel without large pages.
            Err(error) => assert_eq!((number, error.errno), (5, Errno::EINVAL)),
        }
    }
    assert_eq!(Advice::from_number(11), None);
    mapping
        .advise(Advice::PopulateRead, 0, 1 << 20)
        .expect("read in");
    assert_eq!(mapping.resident(0, 1 << 20), Ok(1 << 20));
    let page = sysconf(SysconfVar::PAGE_SIZE)
        .expect("asked")
        .expect("known");
    assert_eq!(mapping.resident(1 << 16, 1), Ok(page.unsigned_abs()));
    mapping.sync(10, 20).expect("synchronised");
    // One page: a user without rights may lock 64 KiB.
    let small = map(&file, Protection::ReadWrite, 0, 100);
    small.lock(0, 100).expect("locked");
    small.unlock(0, 100).expect("unlocked");
}

#[test]
fn a_retired_mapping_is_nobodys_and_its_neighbours_merge() {
    let file = file(&[7; 1 << 20]);
    let mappings: Vec<Mapping> = (0..500)
        .map(|_| map(&file, Protection::ReadWrite, 0, 1 << 20))
        .collect();
    for mapping in &mappings {
        mapping.retire(After::Fault).expect("retired");
        mapping.retire(After::Fault).expect("retired again");
        let mut buffer = [0; 10];
        let read = mapping.read(0, &mut buffer).map_err(|error| error.errno);
        assert_eq!(read, Err(Errno::EFAULT));
        let written = mapping.write(0, &buffer).map_err(|error| error.errno);
        assert_eq!(written, Err(Errno::EFAULT));
    }
    assert!(retired() > 0);
    assert!(
        retired() <= 20,
        "{} mappings of retired addresses",
        retired()
    );
    drop(mappings);
    assert_eq!(retired(), 0);
}

fn retired() -> usize {
    let maps = read_to_string("/proc/self/maps").expect("the maps of this process");
    maps.lines()
        .filter(|line| line.contains("sluice-retired"))
        .count()
}

/// The lines of the process's map that name an address of a range.
fn lines_at(address: usize) -> Vec<String> {
    let maps = read_to_string("/proc/self/maps").expect("the maps of this process");
    let holds = |line: &&str| {
        let range = line
            .split(' ')
            .next()
            .and_then(|range| range.split_once('-'));
        let (from, to) = range.expect("a range");
        let number = |text| usize::from_str_radix(text, 16).expect("an address");
        (number(from)..number(to)).contains(&address)
    };
    maps.lines().filter(holds).map(str::to_owned).collect()
}

#[test]
fn zeros_are_left_where_nothing_may_fault_and_no_descriptor_is_needed() {
    let file = file(&[7; 3 << 20]);
    for protection in [
        Protection::ReadOnly,
        Protection::ReadWrite,
        Protection::Private,
    ] {
        let mapping = map(&file, protection, 4096, (3 << 20) - 4096);
        mapping.retire(After::Zeros).expect("retired");
        let mut buffer = [1; 4096];
        assert_eq!(mapping.read(1 << 20, &mut buffer), Ok(4096));
        assert!(buffer.iter().all(|byte| *byte == 0));
        assert_eq!(mapping.write(1 << 20, &[3; 10]), Ok(10));
        let lines = lines_at(mapping.address());
        assert_eq!(lines.len(), 1);
        assert!(
            lines[0].contains("rw-p") && !lines[0].contains("memfd"),
            "{lines:?}"
        );
    }
    let mut file = file;
    assert!(content(&mut file).iter().all(|byte| *byte == 7));
}

#[test]
fn a_duplicate_shows_the_same_bytes_and_is_retired_by_itself() {
    let file = file(&[7; 1 << 20]);
    prepare_retirement().expect("prepared");
    // Not from a page's first byte on.
    let mapping = map(&file, Protection::ReadWrite, 4099, 500_000);
    drop(file);
    let duplicate = mapping.duplicate().expect("duplicated");
    assert_eq!(duplicate.length(), 500_000);
    assert_ne!(duplicate.address(), mapping.address());
    assert_eq!(duplicate.write(499_990, &[9; 10]), Ok(10));
    let mut seen = [0; 10];
    assert_eq!(mapping.read(499_990, &mut seen), Ok(10));
    assert_eq!(seen, [9; 10]);
    duplicate.retire(After::Fault).expect("retired");
    assert_eq!(mapping.read(0, &mut seen), Ok(10));
    assert_eq!(seen, [7; 10]);
    let private = map(&self::file(&[1; 10]), Protection::Private, 0, 10);
    let refused = private.duplicate().map(drop).map_err(|error| error.errno);
    assert_eq!(refused, Err(Errno::EINVAL));
}

#[test]
fn private_pages_move_with_what_was_written_to_them() {
    let file = file(&[7; 1 << 20]);
    let mapping = map(&file, Protection::Private, 5, 1_000_000);
    assert_eq!(mapping.write(70_000, &[1, 2, 3]), Ok(3));
    let moved = match mapping.moved() {
        // Before Linux 5.13.
        Err(error) if error.errno == Errno::EINVAL => return,
        moved => moved.expect("moved"),
    };
    let mut seen = [0; 5];
    assert_eq!(moved.read(69_999, &mut seen), Ok(5));
    assert_eq!(seen, [7, 1, 2, 3, 7]);
    // The old place shows the file, until it is retired.
    assert_eq!(mapping.read(70_000, &mut seen), Ok(5));
    assert_eq!(seen, [7; 5]);
    mapping.retire(After::Zeros).expect("retired");
    assert_eq!(moved.read(69_999, &mut seen), Ok(5));
    assert_eq!(seen, [7, 1, 2, 3, 7]);
}

#[test]
fn a_refused_synchronous_mapping_leaves_nothing_and_nobody_else_without_memory() {
    let file = file(&[7; 1 << 20]);
    let synchronous = MapRequest {
        synchronous: true,
        ..how(Protection::ReadWrite, 0, 1 << 20)
    };
    let plain = || map(&file, Protection::ReadWrite, 0, 1 << 20);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..2_000 {
                match Mapping::map(file.as_fd(), synchronous).map(drop) {
                    // The files of this machine lie on memory that keeps what is written.
                    Ok(()) => {}
                    Err(error) => assert_eq!(error.errno, Errno::EOPNOTSUPP),
                }
            }
        });
        for _ in 0..500 {
            let mapping = plain();
            let mut seen = [0; 64];
            for page in 0..256 {
                assert_eq!(mapping.read(page * 4096, &mut seen), Ok(64));
                assert_eq!(seen, [7; 64]);
            }
        }
    });
}
