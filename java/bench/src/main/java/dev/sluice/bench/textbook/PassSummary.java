package dev.sluice.bench.textbook;

import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.measure.Usage;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.MechanismResult.Seen;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** Makes the figures of a row of what was seen in its passes. */
final class PassSummary {
  private static final double CONFIDENCE = 0.95;

  private PassSummary() {}

  /**
   * The figures of a row.
   *
   * @param usages of each pass
   * @param traced the system calls of other passes; empty where they could not be traced
   * @param coldBlockReads null where they could not be measured
   */
  static Seen of(
      long bytes, List<Usage> usages, List<List<SystemCall>> traced, Long coldBlockReads) {
    List<SystemCall> usual = usual(traced);
    return new Seen(
        bytes,
        usages.size(),
        traced.isEmpty() ? null : interval(traced, PassSummary::calls),
        usual,
        usual == null ? null : UserSpaceBytes.of(usual),
        interval(usages, Usage::userMicros),
        interval(usages, Usage::systemMicros),
        interval(usages, Usage::voluntarySwitches),
        interval(usages, Usage::involuntarySwitches),
        interval(usages, Usage::minorFaults),
        interval(usages, Usage::majorFaults),
        coldBlockReads);
  }

  /** The pass in the middle, when they are sorted by the number of their calls. */
  private static List<SystemCall> usual(List<List<SystemCall>> traced) {
    return traced.isEmpty()
        ? null
        : traced.stream()
            .sorted(Comparator.comparingLong(PassSummary::calls))
            .toList()
            .get((traced.size() - 1) / 2);
  }

  private static long calls(List<SystemCall> pass) {
    return pass.stream().mapToLong(SystemCall::count).sum();
  }

  private static <T> Interval interval(List<T> passes, ToLongFunction<T> figure) {
    return Statistics.medianInterval(
        CONFIDENCE, passes.stream().mapToLong(figure).asDoubleStream().toArray());
  }
}
