//! Copies data without its blocks of zeros, which are holes in a new file then.

use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::{Buffer, SIZE};
use crate::system_call::SystemCall;
use crate::transfer::steps::Steps;
use nix::errno::Errno;
use nix::sys::stat::fstat;
use nix::sys::uio::{pread, pwrite};
use std::os::fd::BorrowedFd;

const SELF: Mechanism = Mechanism::ReadWrite;

/// Copies `count` bytes from byte `at` of `source` to the same place in `target`, without its blocks of zeros. The
/// answer is how many bytes were read, fewer than `count` if the file ends. `steps` gets those that were stored.
pub(super) fn copy_all_else(
    source: BorrowedFd<'_>,
    target: BorrowedFd<'_>,
    at: u64,
    count: u64,
    steps: &mut Steps,
) -> Result<u64, Error> {
    let block = block_size(target)?;
    let mut buffer = Buffer::take()?;
    let mut moved = 0;
    while moved < count {
        let piece = buffer.first(count - moved);
        let read = read_piece(source, at + moved, piece, steps)?;
        if read == 0 {
            break;
        }
        store(target, at + moved, &piece[..read], block, steps)?;
        moved += read as u64;
    }
    Ok(moved)
}

/// The smallest hole that the target can have, in bytes.
fn block_size(target: BorrowedFd<'_>) -> Result<usize, Error> {
    let size = fstat(target).naming(SystemCall::Statx)?.st_blksize;
    Ok(usize::try_from(size).unwrap_or(SIZE).clamp(512, SIZE))
}

fn read_piece(
    source: BorrowedFd<'_>,
    at: u64,
    piece: &mut [u8],
    steps: &mut Steps,
) -> Result<usize, Error> {
    let at = i64::try_from(at).map_err(|_| Errno::EOVERFLOW);
    loop {
        steps.called(SELF);
        match at.and_then(|at| pread(source, &mut *piece, at)) {
            Err(Errno::EINTR) => {}
            result => return result.naming(SystemCall::Read),
        }
    }
}

fn store(
    target: BorrowedFd<'_>,
    at: u64,
    piece: &[u8],
    block: usize,
    steps: &mut Steps,
) -> Result<(), Error> {
    let mut done = 0;
    while done < piece.len() {
        let is_hole = is_zero(block_at(at, piece, done, block));
        let mut end = done;
        while end < piece.len() {
            let next = block_at(at, piece, end, block);
            if is_zero(next) != is_hole {
                break;
            }
            end += next.len();
        }
        if !is_hole {
            write_all(target, at + done as u64, &piece[done..end], steps)?;
        }
        done = end;
    }
    Ok(())
}

/// The part of a piece from `start` to the end of the file's block in which `start` lies.
fn block_at(at: u64, piece: &[u8], start: usize, block: usize) -> &[u8] {
    let into = (at + start as u64) % block as u64;
    let left = usize::try_from(block as u64 - into).unwrap_or(block);
    &piece[start..piece.len().min(start + left)]
}

/// Whether all bytes are 0: the first is 0, and each equals the one before, which is one `memcmp`.
fn is_zero(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0) && bytes[1..] == bytes[..bytes.len() - 1]
}

fn write_all(target: BorrowedFd<'_>, at: u64, data: &[u8], steps: &mut Steps) -> Result<(), Error> {
    let mut stored = 0;
    while stored < data.len() {
        steps.called(SELF);
        let offset = i64::try_from(at + stored as u64).map_err(|_| Errno::EOVERFLOW);
        match offset.and_then(|offset| pwrite(target, &data[stored..], offset)) {
            Ok(0) => return Err(Error::stuck(SystemCall::Write)),
            Ok(written) => {
                steps.moved(SELF, written as u64);
                stored += written;
            }
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno).naming(SystemCall::Write),
        }
    }
    Ok(())
}
