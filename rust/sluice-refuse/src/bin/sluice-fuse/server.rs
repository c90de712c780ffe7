//! Answers the kernel's requests, one after another.

use crate::file::File;
use crate::wire::{HEADER, Reply, Request, error, long_at, number_at};
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read, Write};
use std::thread;

const LOOKUP: u32 = 1;
const FORGET: u32 = 2;
const GETATTR: u32 = 3;
const SETATTR: u32 = 4;
const OPEN: u32 = 14;
const READ: u32 = 15;
const WRITE: u32 = 16;
const STATFS: u32 = 17;
const RELEASE: u32 = 18;
const FSYNC: u32 = 20;
const FLUSH: u32 = 25;
const INIT: u32 = 26;
const OPENDIR: u32 = 27;
const READDIR: u32 = 28;
const RELEASEDIR: u32 = 29;
const INTERRUPT: u32 = 36;
const DESTROY: u32 = 38;
const BATCH_FORGET: u32 = 42;
const FALLOCATE: u32 = 43;
const COPY_FILE_RANGE: u32 = 47;

/// The protocol of Linux 5.4. The server asks for no later additions.
const MAJOR: u32 = 7;
const MINOR: u32 = 31;

/// A flag of `INIT`: one `WRITE` may carry more than a page.
const BIG_WRITES: u32 = 1 << 5;

/// A bit of `SETATTR`: the size is set.
const SETS_SIZE: u32 = 1 << 3;

/// A flag of an open file: `FOPEN_DIRECT_IO`.
const DIRECT_IO: u32 = 1;

/// The most bytes that one `WRITE` or `READ` carries.
const MOST: u32 = 128 * 1024;

const ROOT: u64 = 1;

/// Serves until the file system is unmounted.
///
/// # Errors
/// Those of `/dev/fuse`.
pub fn serve(mut device: &fs::File) -> io::Result<()> {
    let mut files = Files::default();
    let mut buffer = vec![0; MOST as usize + 4096];
    loop {
        let length = match device.read(&mut buffer) {
            Ok(length) => length,
            // The file system was unmounted.
            Err(e) if e.raw_os_error() == Some(libc::ENODEV) => return Ok(()),
            // The kernel took the request back before it was read, as after a signal.
            Err(e) if matches!(e.raw_os_error(), Some(libc::ENOENT | libc::EINTR)) => continue,
            Err(e) => return Err(e),
        };
        let request = Request(&buffer[..length]);
        let reply = match files.answer(&request) {
            Ok(Some(reply)) => reply.to(request.unique()),
            Ok(None) => continue,
            Err(errno) => error(request.unique(), errno),
        };
        match device.write_all(&reply) {
            Err(e) if e.raw_os_error() != Some(libc::ENOENT) => return Err(e),
            // No caller waits for the reply any more.
            _ => {}
        }
    }
}

/// The files by their numbers, in the order in which they were first looked up.
#[derive(Default)]
struct Files {
    numbers: HashMap<String, u64>,
    files: Vec<File>,
}

type Answer = Result<Option<Reply>, i32>;

impl Files {
    fn answer(&mut self, request: &Request<'_>) -> Answer {
        let body = request.body();
        let node = request.node();
        let reply = match request.opcode() {
            INIT => init(),
            LOOKUP => self.lookup(body),
            GETATTR => self.attributes(node),
            SETATTR => {
                if number_at(body, 0) & SETS_SIZE != 0 {
                    self.file(node)?.resize(long_at(body, 16));
                }
                self.attributes(node)
            }
            OPEN => {
                let file = self.file(node)?;
                refused(file, "open")?;
                let flags = if file.is_direct { DIRECT_IO } else { 0 };
                Reply::default().zeros(8).number(flags).zeros(4)
            }
            READ => {
                let file = self.file(node)?;
                refused(file, "read")?;
                thread::sleep(file.slowness);
                let count = u64::from(number_at(body, 16));
                Reply::default().bytes(file.read(long_at(body, 8), count))
            }
            WRITE => {
                let file = self.file(node)?;
                refused(file, "write")?;
                let size = number_at(body, 16);
                let data = body.get(HEADER..).unwrap_or_default();
                file.write(long_at(body, 8), data);
                Reply::default().number(size).zeros(4)
            }
            FALLOCATE => {
                let file = self.file(node)?;
                refused(file, "fallocate")?;
                let end = long_at(body, 8).saturating_add(long_at(body, 16));
                if end > file.size() {
                    file.resize(end);
                }
                Reply::default()
            }
            COPY_FILE_RANGE => self.copy(node, body)?,
            STATFS => Reply::default().zeros(80),
            OPENDIR => Reply::default().zeros(16),
            // Then the kernel sends no more of them, and no close waits behind a slow read.
            FLUSH if !self.file(node)?.slowness.is_zero() => return Err(libc::ENOSYS),
            RELEASE | FSYNC | FLUSH | READDIR | RELEASEDIR | DESTROY => Reply::default(),
            FORGET | BATCH_FORGET | INTERRUPT => return Ok(None),
            _ => return Err(libc::ENOSYS),
        };
        Ok(Some(reply))
    }

    fn lookup(&mut self, body: &[u8]) -> Reply {
        let name = String::from_utf8_lossy(body.strip_suffix(b"\0").unwrap_or(body)).into_owned();
        let files = &mut self.files;
        let node = *self.numbers.entry(name.clone()).or_insert_with(|| {
            files.push(File::named(&name));
            ROOT + files.len() as u64
        });
        let size = self.file(node).map_or(0, |file| file.size());
        // Both times are 0, so that the kernel keeps neither the entry nor its attributes.
        let entry = Reply::default().long(node).zeros(32);
        attributes(entry, node, size)
    }

    fn attributes(&mut self, node: u64) -> Reply {
        let size = self.file(node).map_or(0, |file| file.size());
        attributes(Reply::default().zeros(16), node, size)
    }

    fn copy(&mut self, source: u64, body: &[u8]) -> Result<Reply, i32> {
        let target = long_at(body, 16);
        refused(self.file(target)?, "copy_file_range")?;
        let count = long_at(body, 40).min(u64::from(u32::MAX >> 1));
        let bytes = self.file(source)?.read(long_at(body, 8), count).to_vec();
        self.file(target)?.write(long_at(body, 32), &bytes);
        let copied = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Ok(Reply::default().number(copied).zeros(4))
    }

    fn file(&mut self, node: u64) -> Result<&mut File, i32> {
        node.checked_sub(ROOT + 1)
            .and_then(|at| usize::try_from(at).ok())
            .and_then(|at| self.files.get_mut(at))
            .ok_or(libc::EISDIR)
    }
}

fn refused(file: &mut File, call: &str) -> Result<(), i32> {
    file.refuses(call).map_or(Ok(()), Err)
}

/// `struct fuse_init_out`.
fn init() -> Reply {
    Reply::default()
        .number(MAJOR)
        .number(MINOR)
        .number(MOST)
        .number(BIG_WRITES)
        .short(16)
        .short(12)
        .number(MOST)
        .number(1)
        .zeros(36)
}

/// Appends `struct fuse_attr` to a reply.
fn attributes(reply: Reply, node: u64, size: u64) -> Reply {
    let (mode, links) = if node == ROOT {
        (libc::S_IFDIR | 0o755, 2)
    } else {
        (libc::S_IFREG | 0o644, 1)
    };
    reply
        .long(node)
        .long(size)
        .long(size.div_ceil(512))
        .zeros(24 + 12)
        .number(mode)
        .number(links)
        .zeros(12)
        .number(4096)
        .zeros(4)
}
