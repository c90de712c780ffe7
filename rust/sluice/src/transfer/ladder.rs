//! The order in which [`Mechanism::Auto`] tries mechanisms: one table, by the kinds of source and target and the size.

use super::request::Request;
use crate::endpoint::Kind::{self, File, Pipe, Socket};
use crate::mechanism::Mechanism::{
    self, CopyFileRange, MmapWrite, ReadWrite, Reflink, Sendfile, Splice,
};

/// One row: requests from `source` to `target` for at most `at_most` bytes try `rungs` in turn.
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

/// The first row that fits is taken. The last rung serves everything. [`Mechanism::Reflink`] and
/// [`Mechanism::DirectIo`] are only for callers that ask for them: `copy_file_range` shares extents by itself where it
/// can, and `O_DIRECT` leaves nothing in the page cache for the next reader.
#[rustfmt::skip]
const LADDER: &[Row] = &[
    // sendfile is one call, and hands the socket references to the pages. Where it is refused, mapping costs more than
    // copying up to 16 KiB: mmap + write reaches a third of read + write at 4 KiB, and twice as much at 1 MiB.
    row(File, Socket, 16 * KIB, &[Sendfile, ReadWrite]),
    // sendfile stays first from 1 MiB on, although splice hands over 256 pages at a time by a pipe of 1 MiB and
    // sendfile 16. splice was 1.05 to 1.15 times as fast in a benchmark and no faster in a server, and its pipe takes
    // pages from every process of the user.
    row(File, Socket, ANY, &[Sendfile, MmapWrite, ReadWrite]),
    // copy_file_range shares extents where the file system can, and is one copy elsewhere. sendfile is one copy across
    // file systems as well, but only at the target's own offset, and after a look at whether the two files are one. Up
    // to 16 KiB read + write is as fast and needs no such look.
    row(File, File, 16 * KIB, &[CopyFileRange, ReadWrite]),
    row(File, File, ANY, &[CopyFileRange, Sendfile, MmapWrite, ReadWrite]),
    // By splice a pipe takes references to the pages of the file. At 4 KiB that is 3.8 times as fast as the copies of
    // JDK 25, and 1.3 times as fast as the sendfile of JDK 17.
    row(File, Pipe, ANY, &[Splice, Sendfile, ReadWrite]),
    // Up to 16 KiB one read and one write are as few calls as splice needs, and each costs less: at 4 KiB they reach
    // 1.44 times NIO's speed, and splice 1.31. Beyond, splice copies once instead of twice: it reaches 2.6 times NIO's
    // speed at 64 KiB and 6 times at 1 MiB, where read + write reaches 2.0 and 3.6.
    row(Socket, File, 16 * KIB, &[ReadWrite]),
    row(Socket, File, ANY, &[Splice, ReadWrite]),
    // splice is one call instead of two: it reaches 1.9 to 2.1 times NIO's speed at 4 KiB and 3.3 times at 64 KiB,
    // where read + write reaches 1.5 and 2.8. With more to move, splice holds the pipe while it writes, so that the
    // peer cannot fill it meanwhile: it reaches 2.8 GB/s at 1 MiB, where read + write reaches 3.7.
    row(Pipe, File, 64 * KIB, &[Splice, ReadWrite]),
    row(Pipe, File, ANY, &[ReadWrite]),
    // By splice pages move and no byte is copied. It is level with read + write at 4 KiB, 1.6 times as fast as a loop
    // with 64 KiB at 64 KiB, and 4 to 5 times at 1 MiB, for a sixth of that loop's CPU time.
    row(Socket, Socket, ANY, &[Splice, ReadWrite]),
    row(Socket, Pipe, ANY, &[Splice, ReadWrite]),
    row(Pipe, Socket, ANY, &[Splice, ReadWrite]),
    row(Pipe, Pipe, ANY, &[Splice, ReadWrite]),
];

/// As [`LADDER`], for transfers that leave nothing in the page cache. Shared extents bring nothing into it.
#[rustfmt::skip]
const UNCACHED: &[Row] = &[
    row(File, File, ANY, &[Reflink, ReadWrite]),
];

/// The mechanisms that are tried for a request, in this order.
pub(super) fn rungs(request: &Request<'_>) -> &'static [Mechanism] {
    let ladder = if request.is_uncached() {
        UNCACHED
    } else {
        LADDER
    };
    ladder
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
