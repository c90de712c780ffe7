//! The memory of refusals: which mechanisms two file systems refuse, or are suspected to refuse.

use crate::mechanism::Mechanism;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// For how long a refusal is remembered.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// The most refusals that are remembered. The oldest gives way.
const MOST: usize = 64;

/// Whether anything is remembered. It is stored under the lock of the memory. A thread that does not see it yet makes
/// the call that is refused, as without a memory.
pub(super) static ANY: AtomicBool = AtomicBool::new(false);

static MEMORY: Mutex<Memory> = Mutex::new(Memory(Vec::new()));

/// A set of mechanisms, with a bit for each number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mechanisms(u64);

const _: () = assert!(Mechanism::COUNT <= u64::BITS as usize);

impl Mechanisms {
    fn add(&mut self, mechanism: Mechanism) {
        self.0 |= 1 << mechanism as u8;
    }

    pub(super) fn contains(self, mechanism: Mechanism) -> bool {
        self.0 & (1 << mechanism as u8) != 0
    }
}

/// Forgets all.
pub(crate) fn forget() {
    let mut memory = memory();
    memory.0 = Vec::new();
    ANY.store(false, Ordering::Relaxed);
}

/// What is remembered of the two file systems of a request.
#[derive(Debug, Default)]
pub(in crate::transfer) struct Known {
    refused: Mechanisms,
    pub(super) suspected: Mechanisms,
}

impl Known {
    pub(in crate::transfer) fn refuses(&self, mechanism: Mechanism) -> bool {
        self.refused.contains(mechanism)
    }
}

/// A file, by the file system and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct File {
    pub(super) device: u64,
    pub(super) inode: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) source: File,
    pub(super) target: File,
}

impl Pair {
    fn is_on_the_file_systems_of(&self, other: &Pair) -> bool {
        (self.source.device, self.target.device) == (other.source.device, other.target.device)
    }

    fn has_no_file_of(&self, other: &Pair) -> bool {
        let others = [other.source, other.target];
        !others.contains(&self.source) && !others.contains(&self.target)
    }
}

/// A mechanism that two file systems refuse, or are suspected to refuse.
#[derive(Debug)]
pub(super) struct Remembered {
    mechanism: Mechanism,
    /// The pair of files that met the refusal first.
    pair: Pair,
    is_proved: bool,
    since: Instant,
}

#[derive(Debug)]
pub(super) struct Memory(pub(super) Vec<Remembered>);

impl Memory {
    pub(super) fn known(&mut self, pair: &Pair, now: Instant) -> Known {
        self.0
            .retain(|entry| now.duration_since(entry.since) < KEPT_FOR);
        let mut known = Known::default();
        for entry in &self.0 {
            if entry.pair.is_on_the_file_systems_of(pair) {
                let mechanisms = if entry.is_proved {
                    &mut known.refused
                } else {
                    &mut known.suspected
                };
                mechanisms.add(entry.mechanism);
            }
        }
        known
    }

    pub(super) fn refused(&mut self, pair: &Pair, mechanism: Mechanism, now: Instant) {
        match self.position(pair, mechanism) {
            Some(at) => {
                let entry = &mut self.0[at];
                if !entry.is_proved && entry.pair.has_no_file_of(pair) {
                    entry.is_proved = true;
                    entry.since = now;
                }
            }
            None => {
                if self.0.len() == MOST {
                    self.0.remove(0);
                }
                self.0.push(Remembered {
                    mechanism,
                    pair: *pair,
                    is_proved: false,
                    since: now,
                });
            }
        }
    }

    pub(super) fn served(&mut self, pair: &Pair, mechanism: Mechanism) {
        if let Some(at) = self.position(pair, mechanism) {
            self.0.remove(at);
        }
    }

    fn position(&self, pair: &Pair, mechanism: Mechanism) -> Option<usize> {
        self.0.iter().position(|entry| {
            entry.mechanism == mechanism && entry.pair.is_on_the_file_systems_of(pair)
        })
    }
}

pub(super) fn memory() -> MutexGuard<'static, Memory> {
    // A panic elsewhere cannot leave a Vec of plain values half changed.
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Mechanism = Mechanism::CopyFileRange;

    fn pair(source: (u64, u64), target: (u64, u64)) -> Pair {
        let file = |(device, inode)| File { device, inode };
        Pair {
            source: file(source),
            target: file(target),
        }
    }

    fn is_refused(memory: &mut Memory, pair: &Pair) -> bool {
        memory.known(pair, Instant::now()).refuses(CALL)
    }

    #[test]
    fn two_pairs_without_a_common_file_prove_it_for_their_file_systems_alone() {
        let mut memory = Memory(Vec::new());
        let now = Instant::now();
        memory.refused(&pair((1, 10), (2, 20)), CALL, now);
        for again in [
            pair((1, 10), (2, 20)),
            pair((1, 10), (2, 21)),
            pair((1, 11), (2, 20)),
        ] {
            memory.refused(&again, CALL, now);
            assert!(!is_refused(&mut memory, &again), "{again:?}");
        }
        memory.refused(&pair((1, 11), (2, 21)), CALL, now);
        assert!(is_refused(&mut memory, &pair((1, 12), (2, 22))));
        for others in [
            pair((2, 20), (1, 10)),
            pair((1, 10), (1, 11)),
            pair((2, 20), (2, 21)),
            pair((1, 10), (3, 30)),
        ] {
            assert!(!is_refused(&mut memory, &others), "{others:?}");
        }
        let known = memory.known(&pair((1, 12), (2, 22)), now);
        assert!(!known.refuses(Mechanism::Sendfile));
    }

    #[test]
    fn what_has_moved_bytes_is_no_longer_suspected() {
        let mut memory = Memory(Vec::new());
        let now = Instant::now();
        memory.refused(&pair((1, 10), (2, 20)), CALL, now);
        memory.served(&pair((1, 12), (2, 22)), CALL);
        memory.refused(&pair((1, 11), (2, 21)), CALL, now);
        assert!(!is_refused(&mut memory, &pair((1, 11), (2, 21))));
    }

    #[test]
    fn it_is_forgotten_after_a_minute() {
        let mut memory = Memory(Vec::new());
        let now = Instant::now();
        memory.refused(&pair((1, 10), (2, 20)), CALL, now);
        memory.refused(&pair((1, 11), (2, 21)), CALL, now);
        let any = pair((1, 12), (2, 22));
        assert!(memory.known(&any, now + KEPT_FOR / 2).refuses(CALL));
        assert!(!memory.known(&any, now + KEPT_FOR).refuses(CALL));
        assert!(memory.0.is_empty());
    }

    #[test]
    fn the_oldest_gives_way() {
        let mut memory = Memory(Vec::new());
        for device in 0..=MOST as u64 {
            memory.refused(&pair((device, 1), (99, 2)), CALL, Instant::now());
        }
        assert_eq!(memory.0.len(), MOST);
        assert_eq!(memory.0[0].pair.source.device, 1);
    }
}
