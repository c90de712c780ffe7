//! Files whose every byte is known by its offset, and ways to change them.

use nix::fcntl::{FallocateFlags, fallocate};
use sluice::{FileCopy, Holes, Sharing};
use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::sync::LazyLock;

pub(crate) const KIB: u64 = 1 << 10;

pub(crate) const MIB: u64 = 1 << 20;

pub(crate) const LONGEST: u64 = 16 * MIB;

/// ext4 or an overlay, and tmpfs.
pub(crate) const FOLDERS: [&str; 2] = [env!("CARGO_TARGET_TMPDIR"), "/dev/shm"];

pub(crate) const WAYS: [(Holes, Sharing); 4] = [
    (Holes::Keep, Sharing::Auto),
    (Holes::Keep, Sharing::Never),
    (Holes::Make, Sharing::Auto),
    (Holes::Fill, Sharing::Never),
];

/// The byte that belongs at an offset: never 0, so that a hole shows.
pub(crate) fn byte_at(offset: u64) -> u8 {
    u8::try_from((offset ^ (offset >> 9) ^ (offset >> 17)) % 255 + 1).unwrap()
}

/// The bytes that belong into a file, up to the longest there is.
pub(crate) static PATTERN: LazyLock<Vec<u8>> =
    LazyLock::new(|| (0..LONGEST).map(byte_at).collect());

pub(crate) fn bytes(from: u64, to: u64) -> &'static [u8] {
    &PATTERN[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()]
}

pub(crate) fn new_file(folder: &str) -> File {
    tempfile::tempfile_in(folder).unwrap()
}

pub(crate) fn source(folder: &str, size: u64) -> File {
    let file = new_file(folder);
    file.write_all_at(bytes(0, size), 0).unwrap();
    file
}

pub(crate) fn size(file: &File) -> u64 {
    file.metadata().unwrap().len()
}

pub(crate) fn content(file: &File) -> Vec<u8> {
    let mut content = vec![0; usize::try_from(size(file)).unwrap()];
    file.read_exact_at(&mut content, 0).unwrap();
    content
}

/// The first offset whose byte is not the one that belongs there, nor a 0 where holes are made meanwhile.
pub(crate) fn first_wrong(file: &File, zeros: bool) -> Option<usize> {
    const PIECE: usize = 512;
    let content = content(file);
    let pieces = content.chunks(PIECE).zip(PATTERN.chunks(PIECE));
    let mut different = pieces
        .enumerate()
        .filter(|(_, (seen, known))| *seen != &known[..seen.len()]);
    different.find_map(|(piece, (seen, known))| {
        let wrong = |(byte, known): (&u8, &u8)| byte != known && !(zeros && *byte == 0);
        let at = seen.iter().zip(known).position(wrong)?;
        Some(piece * PIECE + at)
    })
}

/// As Java copies: sharing first, both in turns.
pub(crate) fn copy(source: &File, target: &File, (holes, sharing): (Holes, Sharing)) {
    let mut copy = FileCopy::new(source.as_fd(), target.as_fd(), holes, sharing);
    while !copy.share().unwrap() {}
    while !copy.advance().unwrap() {}
}

pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

pub(crate) fn punch(file: &File, at: u64, length: u64) {
    let how = FallocateFlags::FALLOC_FL_PUNCH_HOLE | FallocateFlags::FALLOC_FL_KEEP_SIZE;
    let (at, length) = (i64::try_from(at).unwrap(), i64::try_from(length).unwrap());
    fallocate(file, how, at, length).unwrap();
}
