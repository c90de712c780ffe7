package dev.sluice.bench.run;

import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.cell.RoundCounts;
import dev.sluice.bench.report.Role;
import java.util.List;
import java.util.Set;

/**
 * Which implementations take part in a round. The rounds that the figures of all are made of have
 * all of them; a very slow one has the first round alone, so that the time of the cell belongs to
 * the others.
 */
final class RoundSelection {
  /**
   * An implementation that takes so many times as long as the fastest is sampled: one round tells
   * that much.
   */
  private static final double VERY_SLOW = 5;

  /** The roles that verdicts are on. The time left belongs to them when all have enough rounds. */
  private static final Set<Role> JUDGED =
      Set.of(Role.NIO, Role.LOOP, Role.AUTO, Role.AGAINST, Role.C);

  private final RoundCounts roundCounts;
  private final List<ImplementationRun> runs;

  RoundSelection(RoundCounts roundCounts, List<ImplementationRun> runs) {
    this.roundCounts = roundCounts;
    this.runs = runs;
  }

  /** Whether verdicts are on the implementation. */
  static boolean isJudged(Implementation implementation) {
    return JUDGED.contains(implementation.role());
  }

  /** All that have not failed and were not left out. */
  List<ImplementationRun> all() {
    return runs.stream().filter(ImplementationRun::takesPart).toList();
  }

  /** Those that are not very slow, and those judged. */
  List<ImplementationRun> fast() {
    List<ImplementationRun> all = all();
    long fastest = all.stream().mapToLong(ImplementationRun::leastNanos).min().orElse(0);
    return all.stream()
        .filter(run -> run.leastNanos() <= VERY_SLOW * fastest || isJudged(run.implementation()))
        .toList();
  }

  /**
   * Decides which implementations are sampled, once for the cell: it depends on how long the last
   * warm-up took.
   */
  void sampleTheSlow() {
    List<ImplementationRun> fast = fast();
    all().stream().filter(run -> !fast.contains(run)).forEach(ImplementationRun::sample);
  }

  /**
   * Those that take part in a measured round.
   *
   * @param round counted from 1
   */
  List<ImplementationRun> ofRound(int round) {
    if (round == 1) {
      return all();
    }
    List<ImplementationRun> full = all().stream().filter(run -> !run.isSampled()).toList();
    if (round <= roundCounts.all()) {
      return full;
    }
    List<ImplementationRun> judged =
        full.stream().filter(run -> isJudged(run.implementation())).toList();
    return judged.isEmpty() ? full : judged;
  }
}
