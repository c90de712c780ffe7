//! The size of a page of memory.

use nix::unistd::{SysconfVar, sysconf};
use std::sync::OnceLock;

/// The size of a page in bytes.
pub(crate) fn page_size() -> usize {
    static SIZE: OnceLock<usize> = OnceLock::new();
    *SIZE.get_or_init(|| {
        let size = sysconf(SysconfVar::PAGE_SIZE).ok().flatten();
        size.and_then(|size| usize::try_from(size).ok())
            .unwrap_or(4096)
    })
}
