//! Files by two names, and what they hold after a move.

use nix::errno::Errno;
use sluice::{Ending, Endpoint, Pace, Progress, Request};
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) const MIB: usize = 1 << 20;

/// Numbers in a row, so that no byte can stand for its neighbours.
pub(crate) fn content(size: usize) -> Vec<u8> {
    (0u32..).flat_map(u32::to_be_bytes).take(size).collect()
}

pub(crate) fn moved(before: &[u8], from: usize, to: usize, count: usize) -> Vec<u8> {
    let count = count.min(before.len().saturating_sub(from));
    let mut after = before.to_vec();
    if count > 0 {
        after.resize(before.len().max(to + count), 0);
        after[to..to + count].copy_from_slice(&before[from..from + count]);
    }
    after
}

/// A file by two names.
pub(crate) struct Linked {
    _directory: TempDir,
    pub(crate) name: PathBuf,
    pub(crate) link: PathBuf,
}

impl Linked {
    pub(crate) fn holding(bytes: &[u8]) -> Linked {
        let directory = tempfile::tempdir().unwrap();
        let (name, link) = (directory.path().join("name"), directory.path().join("link"));
        std::fs::write(&name, bytes).unwrap();
        std::fs::hard_link(&name, &link).unwrap();
        Linked {
            _directory: directory,
            name,
            link,
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.name).unwrap()
    }
}

pub(crate) fn open(path: &Path) -> File {
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap()
}

pub(crate) fn request<'fd>(
    source: Endpoint<'fd>,
    target: Endpoint<'fd>,
    count: usize,
) -> Request<'fd> {
    Request {
        source,
        target,
        count: count as u64,
        pace: Pace::Throughout,
    }
}

pub(crate) fn errno_of(progress: Progress) -> Option<Errno> {
    match progress.ending {
        Ending::Failed(error) => Some(error.errno),
        _ => None,
    }
}
