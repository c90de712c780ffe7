//! The order in which [`Mechanism::Auto`] tries: one table, by the kinds of source and target and the size.

use super::request::Request;
use crate::endpoint::Kind::{self, File, Pipe, Socket};
use crate::mechanism::Mechanism::{self, CopyFileRange, MmapWrite, ReadWrite, Sendfile, Splice};

/// One row: requests from this kind to that kind, for at most so many bytes, try these in turn.
struct Row {
    source: Kind,
    target: Kind,
    at_most: u64,
    rungs: &'static [Mechanism],
}

const fn row(source: Kind, target: Kind, at_most: u64, rungs: &'static [Mechanism]) -> Row {
    Row {
        source,
        target,
        at_most,
        rungs,
    }
}

const ANY: u64 = u64::MAX;
const KIB: u64 = 1 << 10;

/// The first row that fits is taken. The last rung serves everything, and [`Mechanism::Reflink`] and
/// [`Mechanism::DirectIo`] are for those who ask for them: the first is what `copy_file_range` does by itself where it
/// can, the second leaves nothing in the page cache for the next reader.
#[rustfmt::skip]
const LADDER: &[Row] = &[
    // One call, and a socket gets references to the pages. Where it is refused, mapping costs more than copying 16 KiB:
    // at 4 KiB mmap + write reaches a third of read + write, at 1 MiB twice as much.
    row(File, Socket, 16 * KIB, &[Sendfile, ReadWrite]),
    // Also from 1 MiB on, where a pipe of 1 MiB hands over 256 pages at a time and sendfile 16: that was 1.05 to 1.15 times as
    // fast in a benchmark and nothing in a server, and takes pages from every process of the user.
    row(File, Socket, ANY, &[Sendfile, MmapWrite, ReadWrite]),
    // Shares extents where the file system can, one copy elsewhere; sendfile does the same across file systems, but
    // at the target's own offset only, and after a look at whether the two are one file: up to 16 KiB read + write is
    // level with it without.
    row(File, File, 16 * KIB, &[CopyFileRange, ReadWrite]),
    row(File, File, ANY, &[CopyFileRange, Sendfile, MmapWrite, ReadWrite]),
    // A pipe takes references to the pages of the file: 3.8 times JDK 25's copies at 4 KiB, and 1.3 times JDK 17's sendfile.
    row(File, Pipe, ANY, &[Splice, Sendfile, ReadWrite]),
    // Up to 16 KiB one read and one write are as few calls as splice needs, and each costs less: 1.44 times NIO at 4 KiB
    // where splice reaches 1.31. Beyond, splice copies once instead of twice: 2.6 times NIO at 64 KiB, 6 at 1 MiB, where
    // read + write reaches 2.0 and 3.6.
    row(Socket, File, 16 * KIB, &[ReadWrite]),
    row(Socket, File, ANY, &[Splice, ReadWrite]),
    // One call instead of two: 1.9 to 2.1 times NIO at 4 KiB and 3.3 at 64 KiB, where read + write reaches 1.5 and 2.8. With
    // more to move splice holds the pipe while it writes, so that nobody fills it meanwhile: 2.8 GB/s at 1 MiB where read +
    // write reaches 3.7.
    row(Pipe, File, 64 * KIB, &[Splice, ReadWrite]),
    row(Pipe, File, ANY, &[ReadWrite]),
    // Pages move and no byte is copied: level with read + write at 4 KiB, 1.6 times a loop with 64 KiB at 64 KiB, 4 to 5
    // times at 1 MiB, for a sixth of its CPU.
    row(Socket, Socket, ANY, &[Splice, ReadWrite]),
    row(Socket, Pipe, ANY, &[Splice, ReadWrite]),
    row(Pipe, Socket, ANY, &[Splice, ReadWrite]),
    row(Pipe, Pipe, ANY, &[Splice, ReadWrite]),
];

/// What is tried for a request, in this order.
pub(super) fn rungs(request: &Request<'_>) -> &'static [Mechanism] {
    LADDER
        .iter()
        .find(|row| {
            row.source == request.source.kind
                && row.target == request.target.kind
                && request.count <= row.at_most
        })
        .map_or(&[ReadWrite], |row| row.rungs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_to_a_socket_by_sendfile_at_every_size_and_never_through_a_pipe() {
        let rows = LADDER
            .iter()
            .filter(|row| (row.source, row.target) == (File, Socket));
        for row in rows {
            assert_eq!(row.rungs.first(), Some(&Sendfile));
            assert!(!row.rungs.contains(&Splice));
        }
    }

    #[test]
    fn every_pair_and_size_ends_with_the_mechanism_that_serves_everything() {
        for row in LADDER {
            assert_eq!(row.rungs.last(), Some(&ReadWrite));
        }
        for source in [File, Socket, Pipe] {
            for target in [File, Socket, Pipe] {
                let last = LADDER
                    .iter()
                    .rfind(|row| row.source == source && row.target == target);
                assert_eq!(last.map(|row| row.at_most), Some(ANY));
            }
        }
    }
}
