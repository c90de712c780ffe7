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

/// From this number of bytes on refusals are remembered.
pub(crate) const COUNT: usize = 1 << 20;

/// All errnos of Linux, and two numbers without a name. A server may answer any number up to 511.
pub(crate) fn errnos() -> impl Iterator<Item = i32> {
    (1..=133)
        .filter(|number| Errno::from_raw(*number) != Errno::UnknownErrno)
        .chain([200, 511])
        // EINTR is left out. While a server answers EINTR, a transfer goes on waiting, as the JDK's own reads do: a
        // signal tells whether to go on.
        .filter(|number| *number != Errno::EINTR as i32)
}

/// A mounted file system. It is unmounted when the test ends, whether it passes or fails.
pub(crate) struct Served {
    directory: TempDir,
    server: Child,
}

impl Served {
    /// Starts the server. Answers `None`, and prints the reason, if this machine cannot mount FUSE.
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

    /// Frees the memory of these files in the server.
    pub(crate) fn empty(&self, names: &[String]) {
        for name in names {
            File::create(self.path(name)).unwrap();
        }
    }

    /// Asserts that the first rung still copies between two files that refuse nothing.
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
        // The end of its input ends the server, and the server unmounts.
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

/// Asserts that every byte was moved, or that no byte was moved and the transfer failed with this errno
/// (`EIO` for a number without a name).
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
