package dev.sluice.bench.run;

import dev.sluice.bench.cell.RoundCounts;
import dev.sluice.bench.report.Role;
import java.util.List;
import java.util.Set;

/**
 * Which implementations take part in a round. A slow one drops out early, so that the time of the
 * cell belongs to the others.
 */
final class RoundSelection {
  /** An implementation that takes so many times as long as the fastest gets the fewest rounds. */
  private static final double SLOW = 4;

  /**
   * An implementation that takes so many times as long as the fastest drops out even before: a few
   * rounds tell that much.
   */
  private static final double VERY_SLOW = 10;

  private static final int ROUNDS_OF_THE_VERY_SLOW = 3;

  /** The roles that verdicts are on. The time left belongs to them when all have enough rounds. */
  private static final Set<Role> JUDGED = Set.of(Role.NIO, Role.LOOP, Role.AUTO);

  private final RoundCounts roundCounts;
  private final List<ImplementationRun> runs;

  RoundSelection(RoundCounts roundCounts, List<ImplementationRun> runs) {
    this.roundCounts = roundCounts;
    this.runs = runs;
  }

  /** All that have not failed and were not left out. */
  List<ImplementationRun> all() {
    return runs.stream().filter(ImplementationRun::takesPart).toList();
  }

  /** Those that are not slow, and those judged. */
  List<ImplementationRun> fast() {
    return within(SLOW);
  }

  /**
   * Those that take part in a measured round.
   *
   * @param round counted from 1
   */
  List<ImplementationRun> ofRound(int round) {
    if (round <= Math.min(roundCounts.all(), ROUNDS_OF_THE_VERY_SLOW)) {
      return all();
    }
    if (round <= roundCounts.all()) {
      return within(VERY_SLOW);
    }
    List<ImplementationRun> judged =
        all().stream().filter(run -> JUDGED.contains(run.implementation().role())).toList();
    return round <= roundCounts.fast() || judged.isEmpty() ? fast() : judged;
  }

  /** Those that take no more than so many times as long as the fastest, and those judged. */
  private List<ImplementationRun> within(double times) {
    List<ImplementationRun> all = all();
    long fastest = all.stream().mapToLong(ImplementationRun::lastNanos).min().orElse(0);
    return all.stream()
        .filter(
            run ->
                run.lastNanos() <= times * fastest || JUDGED.contains(run.implementation().role()))
        .toList();
  }
}
