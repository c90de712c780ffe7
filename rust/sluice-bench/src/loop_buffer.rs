//! The buffer of the loop in C that reads and writes: each thread has its own, and keeps it until the
//! thread ends.

use std::cell::Cell;
use std::io;

use memmap2::MmapMut;

/// `BUFFER_BYTES` of `c/baseline.c`.
const BUFFER_BYTES: usize = 256 * 1024;

thread_local! {
    static BUFFER: Cell<Option<MmapMut>> = const { Cell::new(None) };
}

/// Runs a loop over the thread's buffer, and returns the loop's answer.
///
/// # Errors
/// Whatever `mmap` answers when the thread has no buffer yet.
pub fn with_buffer(run: impl FnOnce(&mut MmapMut) -> i64) -> io::Result<i64> {
    let mut buffer = match BUFFER.take() {
        Some(buffer) => buffer,
        None => MmapMut::map_anon(BUFFER_BYTES)?,
    };
    let moved = run(&mut buffer);
    BUFFER.set(Some(buffer));
    Ok(moved)
}
