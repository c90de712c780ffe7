//! One sequence of random numbers for each thread, made of the seed and of the thread's number among the threads that
//! were bent. Nothing here allocates or locks: the calls may come from any code.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many times in a row a thread is told to try again. A thread that polls first, and is then told otherwise for
/// ever, would spin.
const MOST_IN_A_ROW: u32 = 3;

static THREADS: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0) };
    static IN_A_ROW: Cell<u32> = const { Cell::new(0) };
    static ARMED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the current thread has asked to be bent.
pub fn is_armed() -> bool {
    ARMED.get()
}

/// Notes whether the current thread asks to be bent.
pub fn arm(armed: bool) {
    ARMED.set(armed);
}

/// The next number of the current thread.
pub fn next(seed: u64) -> u64 {
    let mut state = STATE.get();
    if state == 0 {
        state = mixed(seed ^ mixed(THREADS.fetch_add(1, Ordering::Relaxed))) | 1;
    }
    // Marsaglia's xorshift, which never becomes 0.
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    STATE.set(state);
    state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
}

/// Draws whether an event of `rate` in a thousand happens.
pub fn falls(seed: u64, rate: u32) -> bool {
    rate > 0 && next(seed) % 1000 < u64::from(rate)
}

/// A length from 1 to `most`; small ones are as likely as large ones.
pub fn length(seed: u64, most: usize) -> usize {
    let bits = u64::from(most.ilog2()) + 1;
    let scale = 1_u64 << (next(seed) % bits + 1).min(63);
    usize::try_from(next(seed) % scale + 1).map_or(most, |length| length.min(most))
}

/// Whether the thread may be told once more to try again. [`put_off`] counts how often it was told, and [`made`] begins
/// anew.
pub fn may_be_put_off() -> bool {
    IN_A_ROW.get() < MOST_IN_A_ROW
}

/// Notes that the thread is told to try again.
pub fn put_off() {
    IN_A_ROW.set(IN_A_ROW.get() + 1);
}

/// Notes that the thread's call is made.
pub fn made() {
    IN_A_ROW.set(0);
}

/// The finaliser of splitmix64: numbers that are close get results that are not.
pub fn mixed(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_share_of_a_thousand() {
        let hits = (0..10_000).filter(|_| falls(1, 250)).count();
        assert!((2000..3000).contains(&hits), "{hits}");
        assert!((0..1000).all(|_| !falls(1, 0) && falls(1, 1000)));
    }

    #[test]
    fn a_length_is_at_least_one_and_at_most_what_was_asked() {
        for most in [1, 2, 3, 4096, usize::MAX] {
            assert!((0..1000).all(|_| (1..=most).contains(&length(2, most))));
        }
        assert!((0..1000).any(|_| length(2, 1 << 20) == 1));
        assert!((0..1000).any(|_| length(2, 1 << 20) > 1 << 19));
    }

    #[test]
    fn nobody_is_put_off_for_ever() {
        made();
        let times = (0..10)
            .take_while(|_| {
                let may = may_be_put_off();
                put_off();
                may
            })
            .count();
        assert_eq!(times, 3);
        made();
        assert!(may_be_put_off());
    }
}
