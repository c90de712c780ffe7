//! Files with known bytes, and requests.

use nix::errno::Errno;
use sluice::{Ending, Endpoint, Mechanism, Pace, Progress, Request, Steps};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

pub(crate) const CONTENT: usize = 20_000;

pub(crate) fn content() -> Vec<u8> {
    (0u8..251).cycle().step_by(31).take(CONTENT).collect()
}

pub(crate) fn file_with(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

pub(crate) fn all_of(mut file: File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

/// The ends of a new pipe, of which the first is read.
pub(crate) fn pipe() -> (File, File) {
    let (reader, writer) = nix::unistd::pipe().unwrap();
    (reader.into(), writer.into())
}

pub(crate) fn request<'fd>(
    source: Endpoint<'fd>,
    target: Endpoint<'fd>,
    count: u64,
) -> Request<'fd> {
    Request {
        source,
        target,
        count,
        pace: Pace::Throughout,
    }
}

pub(crate) fn run(request: Request<'_>, mechanism: Mechanism) -> (Progress, Steps) {
    let mut steps = Steps::default();
    let progress = request.run(mechanism, &mut steps);
    (progress, steps)
}

pub(crate) fn errno_of(progress: Progress) -> Option<Errno> {
    match progress.ending {
        Ending::Failed(error) => Some(error.errno),
        Ending::WouldBlock(_) => Some(Errno::EAGAIN),
        _ => None,
    }
}
