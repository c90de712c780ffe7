//! What FUSE servers answer is met: every errno, to every call that a transfer makes of a file.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::errno::Errno;
use nix::unistd::pipe;
use sluice::{Ending, Endpoint, Mechanism, Pace, Progress, Request, Steps};
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// From so many bytes on refusals are remembered.
const COUNT: usize = 1 << 20;

/// All of Linux, and two that have no name, of which a server may answer up to 511.
fn errnos() -> impl Iterator<Item = i32> {
    (1..=133)
        .filter(|number| Errno::from_raw(*number) != Errno::UnknownErrno)
        .chain([200, 511])
        // Told for ever it is waited for, as by the JDK's own reads: a signal tells whether to go on.
        .filter(|number| *number != Errno::EINTR as i32)
}

/// A mounted file system, unmounted when the test ends, however it does.
struct Served {
    directory: TempDir,
    server: Child,
}

impl Served {
    /// `None`, and a word why, where this machine cannot have one.
    fn start() -> Option<Served> {
        let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
        if !is_root || !fs::exists("/dev/fuse").unwrap() {
            eprintln!("skipped: needs root and /dev/fuse, to mount");
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let mut server = Command::new(env!("CARGO_BIN_EXE_sluice-fuse"))
            .arg(directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = String::new();
        let output = server.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut told).unwrap();
        assert_eq!(told, "ready\n");
        Some(Served { directory, server })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A file that is open for reading, with content that the page cache does not hold.
    fn source(&self, name: &str, content: &[u8]) -> File {
        fs::write(self.path(name), content).unwrap();
        File::open(self.path(name)).unwrap()
    }

    fn target(&self, name: &str) -> File {
        let options = OpenOptions::new().read(true).write(true).clone();
        options.open(self.path(name)).unwrap()
    }

    /// Gives the memory back.
    fn empty(&self, names: &[String]) {
        for name in names {
            File::create(self.path(name)).unwrap();
        }
    }

    /// Whether two files that nothing is wrong with are still copied by the first rung.
    fn assert_not_slowed(&self, after: &str) {
        let content = content();
        let source = self.source("healthy source", content);
        let target = self.target("healthy target");
        let (progress, steps) = run(&source, &target, Mechanism::Auto);
        assert_eq!(progress.ending, Ending::Complete, "{after}");
        let step = steps.of(Mechanism::CopyFileRange);
        assert_eq!(step.bytes, COUNT as u64, "{after}: {steps:?}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // The end of its input ends the server, which unmounts.
        drop(self.server.stdin.take());
        let status = self.server.wait();
        if !std::thread::panicking() {
            assert!(status.unwrap().success());
        }
    }
}

fn content() -> &'static [u8] {
    static CONTENT: OnceLock<Vec<u8>> = OnceLock::new();
    CONTENT.get_or_init(|| (0u8..251).cycle().step_by(31).take(COUNT).collect())
}

fn request<'fd>(source: &'fd File, target: Endpoint<'fd>) -> Request<'fd> {
    Request {
        source: Endpoint::file_at(source.as_fd(), 0),
        target,
        count: COUNT as u64,
        pace: Pace::Throughout,
    }
}

fn run(source: &File, target: &File, mechanism: Mechanism) -> (Progress, Steps) {
    run_to(source, Endpoint::file(target.as_fd()), mechanism)
}

fn run_to(source: &File, target: Endpoint<'_>, mechanism: Mechanism) -> (Progress, Steps) {
    let mut steps = Steps::default();
    let request = request(source, target);
    (request.run(mechanism, &mut steps), steps)
}

/// Every byte moved, or none and this errno was told.
fn assert_whole_or_told(errno: i32, progress: Progress, content: &[u8], target: &[u8], of: &str) {
    match progress.ending {
        Ending::Complete => {
            assert_eq!(progress.bytes, COUNT as u64, "{of}");
            assert!(target == content, "{of}: other bytes");
        }
        Ending::Failed(error) => {
            let has_name = Errno::from_raw(errno) != Errno::UnknownErrno;
            let expected = if has_name { errno } else { Errno::EIO as i32 };
            assert_eq!(error.number(), expected, "{of}: {error}");
            assert_eq!(progress.bytes, 0, "{of}");
        }
        ending => panic!("{of}: {ending:?}"),
    }
}

#[test]
fn whatever_one_file_is_answered_auto_moves_all_or_tells_it_and_no_other_file_is_slowed() {
    let Some(served) = Served::start() else {
        return;
    };
    let content = content();
    for errno in errnos() {
        // That answer switches the call off for the whole mount: fuse_copy_file_range in the kernel.
        let is_for_all = errno == Errno::ENOSYS as i32;
        for call in ["copy_file_range", "read", "write"] {
            if is_for_all && call == "copy_file_range" {
                continue;
            }
            for mode in ["cached", "direct"] {
                let of = format!("{mode} {call} {errno}");
                let healthy = format!("{of}.{mode}");
                let refusing = format!("{healthy}.{call}={errno}");
                let (from, to) = match call {
                    "read" => (&refusing, &healthy),
                    _ => (&healthy, &refusing),
                };
                let (from, to) = (format!("from.{from}"), format!("to.{to}"));
                let source = served.source(&from, content);
                let (progress, _) = run(&source, &served.target(&to), Mechanism::Auto);
                let arrived = fs::read(served.path(&to)).unwrap_or_default();
                assert_whole_or_told(errno, progress, content, &arrived, &of);
                served.empty(&[from, to]);
            }
        }
        served.assert_not_slowed(&errno.to_string());
    }
    drop(served);
    let Some(served) = Served::start() else {
        return;
    };
    let source = served.source("source", content);
    let name = format!("target.copy_file_range={}", Errno::ENOSYS as i32);
    let (progress, _) = run(&source, &served.target(&name), Mechanism::Auto);
    let arrived = fs::read(served.path(&name)).unwrap();
    assert_eq!(progress.ending, Ending::Complete);
    assert!(arrived == content);
    // The kernel copies in the server's stead.
    served.assert_not_slowed("ENOSYS");
}

#[test]
fn a_refusal_of_the_copy_alone_loses_no_byte() {
    let Some(served) = Served::start() else {
        return;
    };
    let content = content();
    for errno in [
        Errno::EPERM,
        Errno::EACCES,
        Errno::EINVAL,
        Errno::EBADF,
        Errno::EXDEV,
        Errno::EOPNOTSUPP,
        Errno::ETXTBSY,
        Errno::EIO,
        Errno::ENOENT,
        Errno::EAGAIN,
    ] {
        let source = served.source(&format!("source {errno:?}"), content);
        let name = format!("target.copy_file_range={}", errno as i32);
        let (progress, steps) = run(&source, &served.target(&name), Mechanism::Auto);
        assert_eq!(progress.ending, Ending::Complete, "{errno}: {steps:?}");
        assert!(fs::read(served.path(&name)).unwrap() == content, "{errno}");
    }
}

#[test]
fn an_open_that_is_refused_says_why() {
    let Some(served) = Served::start() else {
        return;
    };
    for errno in errnos().filter(|errno| *errno != Errno::ENOSYS as i32) {
        let path = served.path(&format!("open={errno}"));
        let error = File::open(path).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(errno));
    }
}

#[test]
fn eagain_between_two_files_is_a_failure_and_no_end() {
    let Some(served) = Served::start() else {
        return;
    };
    let content = content();
    let eagain = Errno::EAGAIN as i32;
    for mode in ["cached", "direct"] {
        let name = format!("{mode}.write={eagain}.copy_file_range={eagain}");
        let source = served.source("source", content);
        let target = served.target(&name);
        for mechanism in [Mechanism::Auto, Mechanism::ReadWrite] {
            let (progress, _) = run(&source, &target, mechanism);
            let Ending::Failed(error) = progress.ending else {
                panic!("{mode}, {mechanism:?}: {progress:?}");
            };
            assert_eq!(error.errno, Errno::EAGAIN, "{mode}, {mechanism:?}");
        }
    }
}

#[test]
fn a_signal_in_the_middle_of_a_servers_work_loses_no_byte() {
    let Some(served) = Served::start() else {
        return;
    };
    let content = content();
    for call in ["copy_file_range", "read", "write"] {
        let refusal = format!("{call}={}:2", Errno::EINTR as i32);
        let is_read = call == "read";
        let source_name = if is_read { &refusal } else { "source" };
        let target_name = if is_read { "target" } else { &refusal };
        let source = served.source(source_name, content);
        let target = served.target(target_name);
        let mut bytes = 0;
        while bytes < COUNT as u64 {
            let request = Request {
                source: Endpoint::file_at(source.as_fd(), bytes),
                count: COUNT as u64 - bytes,
                ..request(&source, Endpoint::file_at(target.as_fd(), bytes))
            };
            let progress = request.run(Mechanism::Auto, &mut Steps::default());
            bytes += progress.bytes;
            if let Ending::Failed(error) = progress.ending {
                assert_eq!(error.errno, Errno::EINTR, "{call}");
            }
        }
        assert!(fs::read(served.path(target_name)).unwrap() == content);
    }
}

/// Moves what `source` has by `mechanism` into a file, a socket and a pipe: bytes, or a refusal, but no end of the file.
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
    // Of this one there is no more than it tells, since the page cache believes it.
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
