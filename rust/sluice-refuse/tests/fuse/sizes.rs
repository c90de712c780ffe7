//! Files whose attributes tell another size than their content has.

use crate::support::{Served, request, run};
use nix::unistd::pipe;
use sluice::{Ending, Endpoint, Mechanism, Request, Steps};
use std::fs::{self, File};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

/// Moves the content of `source` by `mechanism` into a file, a socket and a pipe. Each transfer has to move bytes
/// or to be refused; none may find the end of the file.
fn assert_no_false_end(source: &File, of: &str) {
    for mechanism in Mechanism::EXACT {
        let directory = tempfile::tempdir().unwrap();
        let file = File::create(directory.path().join("target")).unwrap();
        let (socket, _peer) = UnixStream::pair().unwrap();
        let (_reader, writer) = pipe().unwrap();
        let targets = [
            Endpoint::file(file.as_fd()),
            Endpoint::file_at(file.as_fd(), 0),
            Endpoint::socket(socket.as_fd()),
            Endpoint::pipe(writer.as_fd()),
        ];
        for target in targets {
            let mut steps = Steps::default();
            let request = Request {
                count: 5,
                ..request(source, target)
            };
            let progress = request.run(*mechanism, &mut steps);
            let what = format!("{of}, {mechanism:?} to {target:?}: {progress:?}");
            match progress.ending {
                Ending::Failed(error) => {
                    assert_eq!(progress.bytes, 0, "{what}");
                    assert!(error.is_refusal(), "{what}");
                    assert_ne!(steps.of(*mechanism).refused_call, 0, "{what}");
                }
                _ => assert!(progress.bytes > 0, "{what}"),
            }
        }
    }
}

#[test]
fn a_file_that_tells_too_small_a_size_is_moved_or_refused_but_never_at_its_end() {
    let Some(served) = Served::start() else {
        return;
    };
    let told_nothing = served.source("direct.told=0", b"some bytes");
    assert_no_false_end(&told_nothing, "told=0");
    // This file has no more bytes than its size tells, because the page cache believes the size.
    let believed = served.source("told=0", b"some bytes");
    for mechanism in [Mechanism::MmapWrite, Mechanism::CopyFileRange] {
        let target = served.target("target");
        let (progress, _) = run(&believed, &target, mechanism);
        assert_eq!(progress.ending, Ending::EndOfFile, "{mechanism:?}");
    }
}

#[test]
fn a_file_of_the_kernels_own_is_moved_or_refused_but_never_at_its_end() {
    for path in ["/proc/version", "/proc/self/status", "/dev/zero"] {
        assert_no_false_end(&File::open(path).unwrap(), path);
    }
    if fs::exists("/sys/kernel/mm/transparent_hugepage/enabled").unwrap() {
        let path = "/sys/kernel/mm/transparent_hugepage/enabled";
        assert_no_false_end(&File::open(path).unwrap(), path);
    }
}
