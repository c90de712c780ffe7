//! Out of a mapping of the file.

use crate::support::{Linked, content, moved, open};
use sluice::{Ending, Endpoint, InFlight, MapRequest, Mapping, Offset, Pace, Protection};
use std::io::{Seek, SeekFrom};
use std::os::fd::AsFd;

#[test]
fn a_mapping_is_moved_within_its_file_when_that_has_long_been_closed() {
    let before = content(3_000_000);
    for (from, to, count) in [
        (0, 0, 20_000),
        (50, 0, 2_900_000),
        (4_096, 4_097, 2_900_000),
        (0, 2_999_000, 3_000_000),
        (0, 700_000, 100),
    ] {
        for is_own in [false, true] {
            let linked = Linked::holding(&before);
            let how = MapRequest {
                offset: from as u64,
                length: count,
                protection: Protection::ReadOnly,
                populate: false,
                no_reserve: false,
                synchronous: false,
            };
            let mapping = Mapping::map(open(&linked.name).as_fd(), how).unwrap();
            let mut file = open(&linked.link);
            file.seek(SeekFrom::Start(to as u64)).unwrap();
            let offset = if is_own {
                Offset::Own
            } else {
                Offset::At(to as u64)
            };
            let target = Endpoint {
                offset,
                ..Endpoint::file(file.as_fd())
            };
            let mut in_flight = InFlight::default();
            let mut done = 0;
            let ending = loop {
                let to = Endpoint {
                    offset: target.offset.advanced(done as u64),
                    ..target
                };
                let pace = Pace::Throughout;
                let progress = mapping.transfer(done, count - done, &to, pace, &mut in_flight);
                done += usize::try_from(progress.bytes).unwrap();
                if progress.ending != Ending::Paused {
                    break progress.ending;
                }
            };
            assert_eq!((done, ending), (count, Ending::Complete));
            assert!(linked.bytes() == moved(&before, from, to, count), "{to}");
            let expected = if is_own { to + count } else { to };
            assert_eq!(file.stream_position().unwrap(), expected as u64);
        }
    }
}
