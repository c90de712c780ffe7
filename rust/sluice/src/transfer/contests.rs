//! The contests of the last pairs of files, so that calls of a fraction of a MiB are measured from call to call.
//!
//! A pair is a source file as it is now (`st_dev`, `st_ino`, `st_mtime`) and the file system of the target, with the
//! order of the size, and whether the bytes of the target are overwritten: each changes what the two ways cost. The table
//! has a fixed number of places. A pair has one place, where it forgets the one that was there. A thread that finds a place in
//! use goes on without it.

use super::contest::Contest;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

/// For how long a contest is remembered: file systems are mounted anew, and pages leave the page cache and come back.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// How many pairs are remembered at the most.
const PLACES: usize = 64;

type Table = [Mutex<Place>; PLACES];

static TABLE: Table = [const { Mutex::new(Place::EMPTY) }; PLACES];

/// A pair of files, by a number that others hardly have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair(u64);

impl Pair {
    pub(super) fn of(what_it_is_known_by: &[u64]) -> Pair {
        // Each step is a bijection of 64 bits that carries high bits down (the finalizer of MurmurHash3).
        Pair(what_it_is_known_by.iter().fold(1, |hash, part| {
            let mixed = (hash ^ part).wrapping_mul(0xff51_afd7_ed55_8ccd);
            mixed ^ mixed >> 33
        }))
    }

    /// What is remembered of the pair. `None` while another thread looks at the same place of the table.
    pub(super) fn remembered(self) -> Option<MutexGuard<'static, Place>> {
        let mut place = self.place(&TABLE)?;
        place.make_that_of(self, Instant::now());
        Some(place)
    }

    #[allow(clippy::cast_possible_truncation, reason = "the rest is below 64")]
    fn place(self, table: &Table) -> Option<MutexGuard<'_, Place>> {
        match table[(self.0 % PLACES as u64) as usize].try_lock() {
            Ok(place) => Some(place),
            // A panic elsewhere cannot leave plain values half changed.
            Err(TryLockError::Poisoned(error)) => Some(PoisonError::into_inner(error)),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

/// What is remembered of a pair.
#[derive(Debug)]
pub(super) struct Place {
    pair: Pair,
    since: Option<Instant>,
    pub(super) contest: Contest,
    /// Whether the two file systems are such that windows may win, if that was asked.
    pub(super) may_win: Option<bool>,
}

impl Place {
    const EMPTY: Place = Place {
        pair: Pair(0),
        since: None,
        contest: Contest::NEW,
        may_win: None,
    };

    fn make_that_of(&mut self, pair: Pair, now: Instant) {
        let is_remembered = self.pair == pair
            && self
                .since
                .is_some_and(|since| now.saturating_duration_since(since) < KEPT_FOR);
        if !is_remembered {
            *self = Place {
                pair,
                since: Some(now),
                ..Place::EMPTY
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::contest::Next;

    #[test]
    fn a_pair_is_remembered_for_a_minute_and_until_another_takes_its_place() {
        let mut place = Place::EMPTY;
        let now = Instant::now();
        let begins = |place: &mut Place, pair, now| {
            place.make_that_of(Pair(pair), now);
            place.contest.next(1) == Next::Begin
        };
        assert!(begins(&mut place, 1, now));
        assert!(!begins(&mut place, 1, now + KEPT_FOR / 2));
        assert!(begins(&mut place, 1, now + KEPT_FOR));
        assert!(begins(&mut place, 2, now));
        assert!(begins(&mut place, 1, now));
    }

    #[test]
    fn a_place_in_use_is_not_waited_for() {
        let table: Table = [const { Mutex::new(Place::EMPTY) }; PLACES];
        let pair = Pair::of(&[1, 2, 3]);
        let held = pair.place(&table);
        assert!(held.is_some());
        assert!(pair.place(&table).is_none());
    }

    #[test]
    fn pairs_differ_by_each_of_their_parts() {
        let pairs = [
            [0, 0, 0, 0],
            [1, 0, 0, 0],
            [0, 1, 0, 0],
            [0, 0, 1, 0],
            [0, 0, 0, 1],
            [1, 1, 0, 0],
        ]
        .map(|parts| Pair::of(&parts).0);
        for (at, pair) in pairs.iter().enumerate() {
            assert!(!pairs[at + 1..].contains(pair), "{pairs:?}");
        }
    }
}
