//! One file for each way to move bytes, by the name of its system call.

pub(super) mod copy_file_range;
pub(super) mod direct_io;
pub(super) mod mmap_write;
pub(super) mod read_write;
pub(crate) mod reflink;
pub(super) mod sendfile;
pub(super) mod splice;
