//! A mounted file system, and requests between its files.

use nix::errno::Errno;
use sluice::{Ending, Endpoint, Mechanism, Pace, Progress, Request, Steps};
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// From so many bytes on refusals are remembered.
pub(crate) const COUNT: usize = 1 << 20;

/// All of Linux, and two that have no name, of which a server may answer up to 511.
pub(crate) fn errnos() -> impl Iterator<Item = i32> {
    (1..=133)
        .filter(|number| Errno::from_raw(*number) != Errno::UnknownErrno)
        .chain([200, 511])
        // Told for ever it is waited for, as by the JDK's own reads: a signal tells whether to go on.
        .filter(|number| *number != Errno::EINTR as i32)
}

/// A mounted file system, unmounted when the test ends, however it does.
pub(crate) struct Served {
    directory: TempDir,
    server: Child,
}

impl Served {
    /// `None`, and a word why, where this machine cannot have one.
    pub(crate) fn start() -> Option<Served> {
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

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A file that is open for reading, with content that the page cache does not hold.
    pub(crate) fn source(&self, name: &str, content: &[u8]) -> File {
        fs::write(self.path(name), content).unwrap();
        File::open(self.path(name)).unwrap()
    }

    pub(crate) fn target(&self, name: &str) -> File {
        let options = OpenOptions::new().read(true).write(true).clone();
        options.open(self.path(name)).unwrap()
    }

    /// Gives the memory back.
    pub(crate) fn empty(&self, names: &[String]) {
        for name in names {
            File::create(self.path(name)).unwrap();
        }
    }

    /// Whether two files that nothing is wrong with are still copied by the first rung.
    pub(crate) fn assert_not_slowed(&self, after: &str) {
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

pub(crate) fn content() -> &'static [u8] {
    static CONTENT: OnceLock<Vec<u8>> = OnceLock::new();
    CONTENT.get_or_init(|| (0u8..251).cycle().step_by(31).take(COUNT).collect())
}

pub(crate) fn request<'fd>(source: &'fd File, target: Endpoint<'fd>) -> Request<'fd> {
    Request {
        source: Endpoint::file_at(source.as_fd(), 0),
        target,
        count: COUNT as u64,
        pace: Pace::Throughout,
    }
}

pub(crate) fn run(source: &File, target: &File, mechanism: Mechanism) -> (Progress, Steps) {
    run_to(source, Endpoint::file(target.as_fd()), mechanism)
}

pub(crate) fn run_to(
    source: &File,
    target: Endpoint<'_>,
    mechanism: Mechanism,
) -> (Progress, Steps) {
    let mut steps = Steps::default();
    let request = request(source, target);
    (request.run(mechanism, &mut steps), steps)
}

/// Every byte moved, or none and this errno was told.
pub(crate) fn assert_whole_or_told(
    errno: i32,
    progress: Progress,
    content: &[u8],
    target: &[u8],
    of: &str,
) {
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
