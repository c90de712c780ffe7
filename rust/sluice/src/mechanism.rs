//! The ways in which the kernel moves bytes, as one table.

use crate::numbered::numbered;
use crate::system_call::SystemCall;

/// Makes the enum [`Mechanism`] of one table, and what follows from the table.
macro_rules! mechanisms {
    ($($(#[$doc:meta])* $number:literal $name:literal $variant:ident => $call:ident,)+) => {
        numbered! {
            /// A way to move bytes from one descriptor to another.
            ///
            /// ```
            /// use sluice::Mechanism;
            ///
            /// assert_eq!(Mechanism::from_number(4), Some(Mechanism::Splice));
            /// assert_eq!(Mechanism::Splice.name(), "SPLICE");
            /// assert!(!Mechanism::EXACT.contains(&Mechanism::Auto));
            /// ```
            pub enum Mechanism {
                $($(#[$doc])* $number $name $variant,)+
            }
        }

        impl Mechanism {
            /// The call that a refusal names where none was made.
            pub(crate) fn call(self) -> SystemCall {
                match self {
                    $(Mechanism::$variant => SystemCall::$call,)+
                }
            }
        }
    };
}

mechanisms! {
    /// The ladder: for each pair of kinds and size the mechanism that measured best and that the kernel does not refuse.
    0 "AUTO" Auto => Read,
    /// `read` into a buffer of ours and `write` out of it: two copies by the CPU, serves everything.
    1 "READ_WRITE" ReadWrite => Read,
    /// `mmap` a window of a file and `write` out of it: one copy by the CPU.
    2 "MMAP_WRITE" MmapWrite => Mmap,
    /// `sendfile`: the pages of a file are handed to the target inside the kernel.
    3 "SENDFILE" Sendfile => Sendfile,
    /// `splice`: pages move through a pipe, the pair's own or a pooled one.
    4 "SPLICE" Splice => Splice,
    /// `copy_file_range`: file to file inside the kernel, or inside the file system where it can share extents.
    5 "COPY_FILE_RANGE" CopyFileRange => CopyFileRange,
    /// `ioctl(FICLONERANGE)`: file to file by sharing extents, copied when one side is changed.
    6 "REFLINK" Reflink => Ficlonerange,
    /// `O_DIRECT` reads or writes of aligned buffers, past the page cache.
    7 "DIRECT_IO" DirectIo => Open,
}

impl Mechanism {
    /// One more than the largest number of a mechanism: the length of a table that is indexed by them.
    pub const COUNT: usize = Mechanism::ALL.len();

    /// Every mechanism that moves bytes itself, in the order of their numbers: all but [`Mechanism::Auto`].
    pub const EXACT: &[Mechanism] = Mechanism::ALL.split_at(1).1;
}

/// The numbers begin with that of [`Mechanism::Auto`] and leave none out.
const _: () = {
    assert!(Mechanism::Auto.number() == 0);
    let mut at = 0;
    while at < Mechanism::COUNT {
        assert!(Mechanism::ALL[at] as usize == at);
        at += 1;
    }
};
