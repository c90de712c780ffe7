//! What a refusal speaks of, and what is an end of a file.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use sluice::{Ending, Endpoint, Mechanism, Pace, Progress, Request, Steps};
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// From so many bytes on refusals are remembered.
const COUNT: u64 = 1 << 20;

fn run(
    source: &File,
    at: u64,
    target: &File,
    count: u64,
    mechanism: Mechanism,
) -> (Progress, Steps) {
    let request = Request {
        source: Endpoint::file_at(source.as_fd(), at),
        target: Endpoint::file_at(target.as_fd(), 0),
        count,
        pace: Pace::Throughout,
    };
    let mut steps = Steps::default();
    (request.run(mechanism, &mut steps), steps)
}

fn in_memory() -> File {
    File::from(memfd_create(c"memory", MFdFlags::MFD_ALLOW_SEALING).unwrap())
}

#[test]
fn a_sealed_file_slows_no_other_of_its_file_system() {
    let source = in_memory();
    source.set_len(COUNT).unwrap();
    for _ in 0..3 {
        let (other, sealed) = (in_memory(), in_memory());
        other.set_len(COUNT).unwrap();
        let seals = SealFlag::F_SEAL_WRITE | SealFlag::F_SEAL_GROW;
        fcntl(&sealed, FcntlArg::F_ADD_SEALS(seals)).unwrap();
        let (progress, _) = run(&other, 0, &sealed, COUNT, Mechanism::Auto);
        let Ending::Failed(error) = progress.ending else {
            panic!("{progress:?}");
        };
        assert_eq!((progress.bytes, error.errno), (0, Errno::EPERM));
    }
    let (progress, steps) = run(&source, 0, &in_memory(), COUNT, Mechanism::Auto);
    assert_eq!(progress.bytes, COUNT);
    assert_eq!(steps.of(Mechanism::CopyFileRange).bytes, COUNT, "{steps:?}");
}

#[test]
fn a_true_end_is_told_by_every_exact_mechanism() {
    let mut source = tempfile::tempfile().unwrap();
    source.write_all(&[1; 4096]).unwrap();
    let target = tempfile::tempfile().unwrap();
    for mechanism in [
        Mechanism::ReadWrite,
        Mechanism::MmapWrite,
        Mechanism::CopyFileRange,
        Mechanism::Reflink,
    ] {
        for at in [4096, 5000, 1 << 40] {
            let (progress, _) = run(&source, at, &target, COUNT, mechanism);
            assert_eq!(progress.bytes, 0, "{mechanism:?}");
            assert_eq!(progress.ending, Ending::EndOfFile, "{mechanism:?} at {at}");
        }
    }
}

/// What another process appends between two looks is no reason to refuse.
#[test]
fn a_file_that_grows_at_its_end_is_never_refused() {
    const BYTES: u64 = 20_000;
    let mut log = tempfile::tempfile().unwrap();
    let source = log.try_clone().unwrap();
    let target = tempfile::tempfile().unwrap();
    let has_failed = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..BYTES {
                if has_failed.load(Ordering::Relaxed) {
                    return;
                }
                log.write_all(&[7]).unwrap();
            }
        });
        let mut at = 0;
        while at < BYTES {
            let (progress, _) = run(&source, at, &target, COUNT, Mechanism::MmapWrite);
            at += progress.bytes;
            if let Ending::Failed(error) = progress.ending {
                has_failed.store(true, Ordering::Relaxed);
                panic!("at byte {at}: {error}");
            }
        }
    });
}
