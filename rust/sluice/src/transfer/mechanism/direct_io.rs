//! `O_DIRECT`: aligned buffers go between a file and its device past the page cache, which is left to other readers.
//!
//! One of the two files is read or written in this way: the source, or, if the source is no file at a given offset, a
//! target file. The other side is read or written as usual. A file whose descriptor lacks the flag is opened again through
//! procfs, which leaves the caller's own descriptor alone. The close of the new descriptor must release no lock of the
//! process, so that it is a [`SecondDescriptor`](crate::second_descriptor::SecondDescriptor). A head or tail of the
//! range that fills no block goes through the page cache.
//!
//! # Errors
//! `EINVAL`: the file system has no direct I/O (procfs), the target is open with `O_APPEND`, or no side is a file;
//! `EACCES`, `EPERM`, `ENOENT`: the file's link in procfs may not be opened or is not there; those of `unshare(2)`:
//! there can be no second descriptor table; those of `read(2)` and `write(2)`. Source: `open(2)`, `O_DIRECT`;
//! `statx(2)`, `STATX_DIOALIGN`.

mod block_writer;
mod reopened;

use crate::endpoint::{Kind, Offset};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::Buffer;
use crate::system_call::SystemCall;
use crate::transfer::file_position::{advance_position, position_of};
use crate::transfer::progress::Progress;
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use block_writer::BlockWriter;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use reopened::{Chosen, LentFile};

const SELF: Mechanism = Mechanism::DirectIo;

pub(in crate::transfer) fn run(
    request: &Request<'_>,
    has_moved: bool,
    steps: &mut Steps,
) -> Progress {
    let (source, target) = (&request.source, &request.target);
    let serves_target =
        target.kind == Kind::File && (source.kind != Kind::File || source.offset == Offset::Own);
    if serves_target {
        return into_file(request, has_moved, steps);
    }
    if source.kind == Kind::File {
        return request.positioned(SELF, steps, from_file);
    }
    Progress::refused(SystemCall::Open, Errno::EINVAL)
}

fn from_file(request: &Request<'_>, steps: &mut Steps) -> Progress {
    let lent_file = LentFile::of(request.source.fd, OFlag::O_RDONLY, steps);
    let (lent_file, mut buffer) =
        match lent_file.and_then(|lent_file| Ok((lent_file, Buffer::take()?))) {
            Ok(opened) => opened,
            Err(error) => return Progress::failed(0, error),
        };
    let start = match request.source.offset {
        Offset::At(at) => at,
        Offset::Own => 0,
    };
    let count = match request.clipped_to_source() {
        Ok(count) => count,
        Err(error) => return Progress::failed(0, error),
    };
    let (first, len) = lent_file.next(start, count);
    if matches!(first, Chosen::Opened) && len as u64 == count {
        return request.by_pieces(count, buffer.whole(), SELF, steps, |bytes, chunk, _| {
            let asked = chunk.len();
            Ok((
                asked,
                lent_file.read_once(chunk, start.saturating_add(bytes))?,
            ))
        });
    }
    let both = match lent_file.open() {
        Ok(both) => both,
        Err(error) => return Progress::failed(0, error),
    };
    request.by_pieces(count, buffer.whole(), SELF, steps, |bytes, chunk, _| {
        let at = start.saturating_add(bytes);
        let (chosen, asked) = both.lent_file.next(at, chunk.len() as u64);
        let filled = both.read(chosen, &mut chunk[..asked], at)?;
        Ok((asked, filled))
    })
}

fn into_file(request: &Request<'_>, has_moved: bool, steps: &mut Steps) -> Progress {
    let target = &request.target;
    let opened = LentFile::of(target.fd, OFlag::O_WRONLY, steps)
        .and_then(LentFile::open)
        .and_then(|both| Ok((position_of(target, SELF, steps)?, both, Buffer::take()?)));
    let (start, both, mut buffer) = match opened {
        Ok(opened) => opened,
        Err(error) => return Progress::failed(0, error),
    };
    let mut store = |request: &Request<'_>, steps: &mut Steps| {
        let mut store = BlockWriter {
            both: &both,
            start,
            bytes: 0,
            held: 0,
        };
        let ending = store.fill_and_write(request, has_moved, buffer.whole(), steps);
        if store.held > 0 && request.source.kind != Kind::File {
            steps.stranded += store.held as u64;
        }
        Progress {
            bytes: store.bytes,
            ending,
        }
    };
    let progress = if request.source.kind == Kind::File {
        request.positioned(SELF, steps, store)
    } else {
        store(request, steps)
    };
    match advance_position(target, start, progress.bytes, SELF, steps) {
        Ok(()) => progress,
        Err(error) => Progress::failed(progress.bytes, error),
    }
}
