//! How much one system call is asked for, and when the caller is to look at its channels.
//!
//! The caller sees a close or an interrupt between two system calls, so that a call must not take long; and the speed
//! of storage differs by a factor of a thousand. So the first call of a long transfer is asked for a piece that slow
//! storage takes 100 ms for, and each further call for as many bytes as the last call's speed moves in a millisecond. A
//! call that waits for a peer is slow as well. It ends the turn, and the next turn begins with the first piece again,
//! so that waiting is never taken for slow storage.

use std::time::{Duration, Instant};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// For how long calls are repeated before the caller looks at its channels. A signal leaves no other trace if it came
/// between two calls, or in a call that had moved some bytes already.
const TURN: Duration = Duration::from_millis(10);

/// How large the pieces of one kind of work are, in bytes.
#[derive(Debug)]
pub(crate) struct Pieces {
    least: u64,
    first: u64,
    most: u64,
    /// How long one piece is to take.
    goal: Duration,
    /// Each piece is a multiple of this.
    unit: u64,
}

/// The pieces of a transfer. On storage of 10 MB/s the first piece takes 100 ms.
pub(crate) const TRANSFER: Pieces = Pieces {
    least: MIB,
    first: MIB,
    most: 16 * MIB,
    goal: Duration::from_millis(1),
    unit: MIB,
};

/// The pieces of a transfer from a file into a stream that is not waited for: one call fills a socket's buffer.
pub(crate) const INTO_BUFFERS: Pieces = Pieces {
    first: 4 * MIB,
    ..TRANSFER
};

/// The pieces of a copy of data from file to file: 16 MiB take 3 to 8 ms in memory, and much longer on a disk.
pub(crate) const DATA: Pieces = Pieces {
    least: 64 * KIB,
    goal: Duration::from_millis(8),
    unit: 64 * KIB,
    ..TRANSFER
};

/// The pieces of extents that are shared. Time goes into the number of extents, and into bytes that are not yet written
/// back. A piece is a multiple of every block size: a range that is not aligned cannot be shared.
pub(crate) const EXTENTS: Pieces = Pieces {
    least: MIB,
    first: 16 * MIB,
    most: 1 << 40,
    goal: Duration::from_millis(8),
    unit: MIB,
};

/// The largest factor by which a piece grows from one call to the next.
const GROWTH: f64 = 16.0;

/// The budget of one turn, which is the calls before the caller looks at its channels.
#[derive(Debug)]
pub(crate) struct Budget {
    pieces: &'static Pieces,
    piece: u64,
    /// When the last call ended, or the first call began.
    since: Option<Instant>,
    /// When the turn is over.
    until: Option<Instant>,
}

impl Budget {
    pub(crate) const fn of(pieces: &'static Pieces) -> Budget {
        Budget {
            pieces,
            piece: pieces.first,
            since: None,
            until: None,
        }
    }

    /// Begins a new turn, with pieces of the size that the last turn ended with.
    pub(crate) fn begin_turn(&mut self) {
        self.since = Some(Instant::now());
        self.until = None;
    }

    /// For how many of the `left` bytes the next call is asked. Most transfers are one call, and read no clock.
    pub(crate) fn piece_of(&mut self, left: u64) -> u64 {
        if left > self.piece && self.since.is_none() {
            self.begin_turn();
        }
        left.min(self.piece)
    }

    /// Notes that a call has moved so many bytes. The answer is whether the turn is over.
    pub(crate) fn is_spent(&mut self, moved: u64) -> bool {
        let now = Instant::now();
        if let Some(since) = self.since {
            self.resize(moved, now.saturating_duration_since(since));
        }
        let begun = self.since.replace(now).unwrap_or(now);
        now >= *self.until.get_or_insert(begun + TURN)
    }

    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a size is a guess, and is bounded after"
    )]
    fn resize(&mut self, moved: u64, took: Duration) {
        let speed = moved as f64 / took.as_secs_f64().max(1e-9);
        let next = (speed * self.pieces.goal.as_secs_f64()).min(self.piece as f64 * GROWTH);
        let next = next as u64 / self.pieces.unit * self.pieces.unit;
        self.piece = next.clamp(self.pieces.least, self.pieces.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_of_one_piece_reads_no_clock() {
        let mut budget = Budget::of(&TRANSFER);
        assert_eq!(budget.piece_of(MIB), MIB);
        assert!(budget.since.is_none());
    }

    #[test]
    fn pieces_follow_the_speed_within_their_bounds() {
        let mut budget = Budget::of(&TRANSFER);
        assert_eq!(budget.piece_of(u64::MAX), MIB);
        budget.resize(MIB, Duration::from_micros(250));
        assert_eq!(budget.piece_of(u64::MAX), 4 * MIB);
        budget.resize(4 * MIB, Duration::from_nanos(1));
        assert_eq!(budget.piece_of(u64::MAX), 16 * MIB);
        budget.resize(1, Duration::from_secs(10));
        assert_eq!(budget.piece_of(u64::MAX), MIB);
        assert_eq!(budget.piece_of(7), 7);
    }

    #[test]
    fn a_turn_ends_after_its_time_whatever_was_moved() {
        let mut budget = Budget::of(&TRANSFER);
        assert!(
            !budget.is_spent(1),
            "the clock starts at the first question"
        );
        std::thread::sleep(TURN);
        assert!(budget.is_spent(0));
        budget.begin_turn();
        assert!(!budget.is_spent(1));
    }

    #[test]
    fn a_copy_keeps_the_size_of_its_pieces_from_turn_to_turn() {
        let mut budget = Budget::of(&DATA);
        budget.begin_turn();
        budget.resize(MIB, Duration::from_millis(80));
        assert_eq!(budget.piece_of(u64::MAX), 64 * KIB);
        budget.begin_turn();
        assert_eq!(budget.piece_of(u64::MAX), 64 * KIB);
    }
}
