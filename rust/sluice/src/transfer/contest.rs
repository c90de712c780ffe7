//! Which of two ways moves bytes at less cost, by what each has cost so far: the rules alone, without clocks or files.
//!
//! The first bytes go by the kernel's own call and are not measured. Then the two ways take turns until each has been
//! measured [`SAMPLES`] times. Of each the cheapest counts, since whatever else the machine does makes a call dearer and
//! none cheaper. What wins serves the next [`SERVED`] times, and then the contest begins again.

/// How often each of the two is measured.
const SAMPLES: u8 = 3;

/// How often a verdict is followed. A contest costs [`SAMPLES`] calls of the way that loses: one in 40.
const SERVED: u8 = 120;

/// The most that windows may cost to win, in percent of the kernel's own call.
const WINS_AT: u64 = 95;

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
    kernel: Cost,
    windows: Cost,
    verdict: Option<Way>,
    served: u8,
}

#[derive(Debug, Clone, Copy)]
struct Cost {
    samples: u8,
    /// The least, in nanoseconds a MiB.
    least: u64,
}

impl Cost {
    const NEW: Cost = Cost {
        samples: 0,
        least: 0,
    };

    fn note(&mut self, cost: u64) {
        self.least = match self.samples {
            0 => cost,
            _ => self.least.min(cost),
        };
        self.samples = self.samples.saturating_add(1);
    }
}

impl Contest {
    pub(super) const NEW: Contest = Contest {
        has_begun: false,
        kernel: Cost::NEW,
        windows: Cost::NEW,
        verdict: None,
        served: 0,
    };

    /// Which way the next bytes go.
    pub(super) fn next(&mut self) -> Next {
        if !self.has_begun {
            self.has_begun = true;
            return Next::Begin;
        }
        if let Some(way) = self.verdict {
            if self.served < SERVED {
                self.served += 1;
                return Next::Go(way);
            }
            *self = Contest {
                has_begun: true,
                ..Contest::NEW
            };
        }
        Next::Measure(if self.windows.samples <= self.kernel.samples {
            Way::Windows
        } else {
            Way::Kernel
        })
    }

    /// Notes what `bytes` bytes have cost that went one way.
    pub(super) fn cost(&mut self, way: Way, bytes: u64, nanoseconds: u64) {
        let cost = nanoseconds.saturating_mul(1 << 20) / bytes.max(1);
        match way {
            Way::Kernel => self.kernel.note(cost),
            Way::Windows => self.windows.note(cost),
        }
        if self.kernel.samples.min(self.windows.samples) >= SAMPLES {
            let most = self.kernel.least.saturating_mul(WINS_AT) / 100;
            self.settle(if self.windows.least <= most {
                Way::Windows
            } else {
                Way::Kernel
            });
        }
    }

    /// Ends the contest without a measurement: the next bytes go this way.
    pub(super) fn settle(&mut self, way: Way) {
        if self.verdict != Some(way) {
            self.served = 0;
        }
        self.verdict = Some(way);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays `rounds` calls of 1 MiB, of which each costs what `price` says. The answer is the way of each.
    fn play(contest: &mut Contest, rounds: usize, price: impl Fn(Way, usize) -> u64) -> Vec<Way> {
        (0..rounds)
            .map(|round| match contest.next() {
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

    const CONTEST: usize = 2 * SAMPLES as usize;

    #[test]
    fn the_first_call_is_the_kernels_and_then_the_two_take_turns() {
        let mut contest = Contest::NEW;
        let ways = play(&mut contest, 1 + CONTEST, |_, _| 100);
        assert_eq!(ways[0], Way::Kernel);
        for pair in ways[1..].chunks(2) {
            assert_eq!(pair, [Way::Windows, Way::Kernel]);
        }
    }

    #[test]
    fn windows_have_to_win_by_a_margin() {
        for (windows, is_faster) in [
            (50, true),
            (94, true),
            (96, false),
            (100, false),
            (200, false),
        ] {
            let mut contest = Contest::NEW;
            play(&mut contest, 1 + CONTEST, |way, _| match way {
                Way::Kernel => 10_000,
                Way::Windows => windows * 100,
            });
            let next = if is_faster { Way::Windows } else { Way::Kernel };
            assert_eq!(contest.next(), Next::Go(next), "{windows} %");
        }
    }

    #[test]
    fn one_dear_call_of_each_decides_nothing() {
        let mut contest = Contest::NEW;
        play(&mut contest, 1 + CONTEST, |way, round| match way {
            Way::Windows if round == 1 => 100_000,
            Way::Kernel if round == 2 => 300_000,
            Way::Windows => 80,
            Way::Kernel => 100,
        });
        assert_eq!(contest.next(), Next::Go(Way::Windows));
    }

    #[test]
    fn what_loses_is_called_once_in_forty_times_and_may_win_later() {
        const ROUNDS: usize = 10_000;
        let dear =
            |windows: u64| move |way, _: usize| if way == Way::Kernel { 100 } else { windows };
        let mut contest = Contest::NEW;
        let losses = by_windows(&play(&mut contest, ROUNDS, dear(150)));
        assert!(0 < losses && losses <= ROUNDS / 40, "{losses}");
        let wins = by_windows(&play(&mut contest, ROUNDS, dear(50)));
        assert!(wins > ROUNDS * 19 / 20, "{wins}");
    }

    #[test]
    fn a_contest_that_was_broken_off_begins_again() {
        let mut contest = Contest::NEW;
        play(&mut contest, 2, |_, _| 100);
        contest.settle(Way::Kernel);
        let ways = play(&mut contest, usize::from(SERVED) + 1, |_, _| 100);
        assert_eq!(by_windows(&ways[..usize::from(SERVED)]), 0);
        assert_eq!(ways.last(), Some(&Way::Windows));
    }

    #[test]
    fn costs_are_compared_by_the_byte() {
        let mut contest = Contest::NEW;
        contest.next();
        for _ in 0..SAMPLES {
            contest.cost(Way::Windows, 1 << 20, 500);
            contest.cost(Way::Kernel, 1 << 18, 250);
        }
        assert_eq!(contest.next(), Next::Go(Way::Windows));
    }
}
