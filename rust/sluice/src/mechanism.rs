//! The ways in which the kernel moves bytes, as one enum.

use crate::system_call::SystemCall;

/// A way to move bytes from one descriptor to another.
///
/// The numbers are part of the boundary with other languages and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Mechanism {
    /// The ladder: for each pair of kinds and size the mechanism that measured best and that the kernel does not refuse.
    Auto = 0,
    /// `read` into a buffer of ours and `write` out of it: two copies by the CPU, serves everything.
    ReadWrite = 1,
    /// `mmap` a window of a file and `write` out of it: one copy by the CPU.
    MmapWrite = 2,
    /// `sendfile`: the pages of a file are handed to the target inside the kernel.
    Sendfile = 3,
    /// `splice`: pages move through a pipe, the pair's own or a pooled one.
    Splice = 4,
    /// `copy_file_range`: file to file inside the kernel, or inside the file system where it can share extents.
    CopyFileRange = 5,
    /// `ioctl(FICLONERANGE)`: file to file by sharing extents, copied when one side is changed.
    Reflink = 6,
    /// `O_DIRECT` reads or writes of aligned buffers, past the page cache.
    DirectIo = 7,
}

impl Mechanism {
    /// One more than the largest number of a mechanism: the length of a table that is indexed by them.
    pub const COUNT: usize = 8;

    /// Every mechanism that moves bytes itself, in the order of their numbers: all but [`Mechanism::Auto`].
    pub const EXACT: &[Mechanism] = &[
        Mechanism::ReadWrite,
        Mechanism::MmapWrite,
        Mechanism::Sendfile,
        Mechanism::Splice,
        Mechanism::CopyFileRange,
        Mechanism::Reflink,
        Mechanism::DirectIo,
    ];

    /// The mechanism with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Mechanism> {
        if number == Mechanism::Auto as u8 {
            return Some(Mechanism::Auto);
        }
        Mechanism::EXACT
            .iter()
            .copied()
            .find(|mechanism| *mechanism as u8 == number)
    }
}

impl Mechanism {
    /// The call that a refusal names where none was made.
    pub(crate) fn call(self) -> SystemCall {
        match self {
            Mechanism::Auto | Mechanism::ReadWrite => SystemCall::Read,
            Mechanism::MmapWrite => SystemCall::Mmap,
            Mechanism::Sendfile => SystemCall::Sendfile,
            Mechanism::Splice => SystemCall::Splice,
            Mechanism::CopyFileRange => SystemCall::CopyFileRange,
            Mechanism::Reflink => SystemCall::Ficlonerange,
            Mechanism::DirectIo => SystemCall::Open,
        }
    }
}
