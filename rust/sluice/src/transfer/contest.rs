//! Which of two ways moves bytes at less cost, by what each has cost lately: the rules alone, without clocks or files.
//!
//! The first bytes go by the kernel's own call and are not measured. Then the two ways take turns until each has been
//! measured [`AT_FIRST`] times. From then on the bytes go the cheaper way, and now and then each is measured once more. Of
//! each the least of the last samples counts: whatever else a machine does makes a call dearer, and none cheaper.

/// How often each of the two is measured before a verdict.
const AT_FIRST: u32 = 3;

/// How many samples of each are kept.
const KEPT: usize = 7;

/// The most that windows may cost to win, in percent of the kernel's own call.
const WINS_AT: u64 = 95;

/// For how many calls nothing is measured after a source that was not in the page cache.
const REST: u8 = 120;

/// A way to move bytes from file to file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The calls of the kernel that read and write at once, `copy_file_range(2)` first.
    Kernel,
    /// `mmap(2)` of windows and `write(2)` out of them.
    Windows,
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The first bytes, which go the kernel's way.
    Begin,
    /// The bytes go this way.
    Go(Way),
    /// The bytes go this way, and [`Contest::cost`] is told what they cost.
    Measure(Way),
}

/// A contest of the two ways.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contest {
    has_begun: bool,
    kernel: Costs,
    windows: Costs,
    /// How many samples there are to be of each.
    wanted: u32,
    /// How many calls have gone by the verdict since the last sample.
    served: u8,
    /// For how many calls nothing is to be measured.
    rest: u8,
}

/// The last costs of one way, in nanoseconds a MiB.
#[derive(Debug, Clone, Copy)]
struct Costs {
    last: [u64; KEPT],
    samples: u32,
}

impl Costs {
    const NEW: Costs = Costs {
        last: [0; KEPT],
        samples: 0,
    };

    fn note(&mut self, cost: u64) {
        self.last[self.samples as usize % KEPT] = cost;
        self.samples += 1;
    }

    /// The least of the last ones.
    fn least(&self) -> u64 {
        let known = &self.last[..KEPT.min(self.samples as usize)];
        known.iter().copied().min().unwrap_or(u64::MAX)
    }
}

impl Contest {
    pub(super) const NEW: Contest = Contest {
        has_begun: false,
        kernel: Costs::NEW,
        windows: Costs::NEW,
        wanted: AT_FIRST,
        served: 0,
        rest: 0,
    };

    /// Which way the next bytes go. After `every` calls that went by the verdict, each way is measured once more.
    pub(super) fn next(&mut self, every: u8) -> Next {
        if !self.has_begun {
            self.has_begun = true;
            return Next::Begin;
        }
        if self.rest > 0 {
            self.rest -= 1;
            return Next::Go(Way::Kernel);
        }
        if self.windows.samples.min(self.kernel.samples) < self.wanted {
            let is_windows_turn = self.windows.samples <= self.kernel.samples;
            return Next::Measure(if is_windows_turn {
                Way::Windows
            } else {
                Way::Kernel
            });
        }
        self.served += 1;
        if self.served >= every {
            self.served = 0;
            self.wanted += 1;
        }
        Next::Go(self.verdict())
    }

    fn verdict(&self) -> Way {
        let most = u128::from(self.kernel.least()) * u128::from(WINS_AT);
        if u128::from(self.windows.least()) * 100 <= most {
            Way::Windows
        } else {
            Way::Kernel
        }
    }

    /// Notes what `bytes` bytes have cost that went one way.
    pub(super) fn cost(&mut self, way: Way, bytes: u64, nanoseconds: u64) {
        let cost = nanoseconds.saturating_mul(1 << 20) / bytes.max(1);
        match way {
            Way::Kernel => self.kernel.note(cost),
            Way::Windows => self.windows.note(cost),
        }
    }

    /// Leaves the next calls to the kernel: this one could not be measured, nor served by windows.
    pub(super) fn rest(&mut self) {
        self.rest = REST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: u8 = 24;

    /// The calls that lead to a verdict.
    const CONTEST: usize = 1 + 2 * AT_FIRST as usize;

    /// Plays `rounds` calls of 1 MiB, of which each costs what `price` says. The answer is the way of each.
    fn play(contest: &mut Contest, rounds: usize, price: impl Fn(Way, usize) -> u64) -> Vec<Way> {
        (0..rounds)
            .map(|round| match contest.next(EVERY) {
                Next::Begin => Way::Kernel,
                Next::Go(way) => way,
                Next::Measure(way) => {
                    contest.cost(way, 1 << 20, price(way, round));
                    way
                }
            })
            .collect()
    }

    fn by_windows(ways: &[Way]) -> usize {
        ways.iter().filter(|way| **way == Way::Windows).count()
    }

    /// Prices of which windows cost so many percent.
    fn windows_at(percent: u64) -> impl Fn(Way, usize) -> u64 {
        move |way, _| match way {
            Way::Kernel => 100_000,
            Way::Windows => percent * 1_000,
        }
    }

    #[test]
    fn the_first_call_is_the_kernels_and_then_the_two_take_turns() {
        let mut contest = Contest::NEW;
        let ways = play(&mut contest, CONTEST, windows_at(100));
        assert_eq!(ways[0], Way::Kernel);
        for pair in ways[1..].chunks(2) {
            assert_eq!(pair, [Way::Windows, Way::Kernel]);
        }
    }

    #[test]
    fn windows_have_to_win_by_a_margin() {
        for (percent, wins) in [
            (50, true),
            (94, true),
            (96, false),
            (100, false),
            (200, false),
        ] {
            let mut contest = Contest::NEW;
            play(&mut contest, CONTEST, windows_at(percent));
            let way = if wins { Way::Windows } else { Way::Kernel };
            assert_eq!(contest.next(EVERY), Next::Go(way), "{percent} %");
        }
    }

    #[test]
    fn one_dear_call_of_each_decides_nothing() {
        for odd in [200_000, 10_000_000] {
            let mut contest = Contest::NEW;
            play(&mut contest, CONTEST, |way, round| match way {
                Way::Kernel if round == 2 => odd,
                Way::Windows if round == 3 => odd,
                way => windows_at(80)(way, round),
            });
            assert_eq!(contest.next(EVERY), Next::Go(Way::Windows), "{odd}");
        }
    }

    #[test]
    fn what_loses_is_called_now_and_then_and_may_win_later() {
        const ROUNDS: usize = 10_000;
        let most = ROUNDS / usize::from(EVERY);
        let mut contest = Contest::NEW;
        let losses = by_windows(&play(&mut contest, ROUNDS, windows_at(150)));
        assert!(0 < losses && losses <= most, "{losses}");
        let again = play(&mut contest, ROUNDS, windows_at(50));
        let soon = CONTEST * usize::from(EVERY);
        assert!(by_windows(&again[..soon]) > soon / 4);
        assert!(again.len() - soon - by_windows(&again[soon..]) <= most);
    }

    #[test]
    fn a_contest_rests_and_goes_on() {
        let mut contest = Contest::NEW;
        play(&mut contest, 2, windows_at(50));
        contest.rest();
        let ways = play(&mut contest, usize::from(REST) + CONTEST, windows_at(50));
        assert_eq!(by_windows(&ways[..usize::from(REST)]), 0);
        assert!(by_windows(&ways[usize::from(REST)..]) >= AT_FIRST as usize - 1);
    }

    #[test]
    fn costs_are_compared_by_the_byte() {
        let mut contest = Contest::NEW;
        contest.next(EVERY);
        for _ in 0..AT_FIRST {
            contest.cost(Way::Windows, 1 << 20, 500);
            contest.cost(Way::Kernel, 1 << 18, 250);
        }
        assert_eq!(contest.next(EVERY), Next::Go(Way::Windows));
    }
}
