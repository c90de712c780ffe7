//! The size of a page of memory.

use nix::unistd::{SysconfVar, sysconf};
use std::sync::OnceLock;

/// The smallest page of the processors that the crate is built for. Kernels for aarch64 have pages of 4, 16 or 64 KiB.
const SMALLEST: usize = 4096;

/// The size of a page in bytes.
pub(crate) fn page_size() -> usize {
    static SIZE: OnceLock<usize> = OnceLock::new();
    *SIZE.get_or_init(|| {
        let size = sysconf(SysconfVar::PAGE_SIZE).ok().flatten();
        size.and_then(|size| usize::try_from(size).ok())
            .unwrap_or(SMALLEST)
    })
}
