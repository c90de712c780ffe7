package dev.sluice.bench.run;

import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Comparison.JvmRatio;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One contender's speed over another's, over fresh JVMs. What the compiler made of the code and
 * where the bytes lie is the same for all rounds of a JVM, so that each JVM counts once.
 */
final class JvmRatios {
  /**
   * That of five JVMs whose smallest and largest ratio enclose the median. Up to eight JVMs these
   * two are the interval; with more, the outermost ones are left out.
   */
  private static final double CONFIDENCE = 0.9375;

  private JvmRatios() {}

  /** The comparison of two contenders; null where no round had both. */
  static Comparison of(ContenderResult one, ContenderResult other) {
    Map<Integer, List<Measurement>> rounds =
        one.rounds().stream()
            .collect(Collectors.groupingBy(Measurement::jvm, TreeMap::new, Collectors.toList()));
    List<JvmRatio> byJvm = new ArrayList<>();
    int paired = 0;
    for (Map.Entry<Integer, List<Measurement>> each : rounds.entrySet()) {
      double[] ratios = PairedRounds.ratios(each.getValue(), other.rounds());
      paired += ratios.length;
      if (ratios.length > 0) {
        byJvm.add(new JvmRatio(each.getKey(), Statistics.median(ratios)));
      }
    }
    if (byJvm.isEmpty()) {
      return null;
    }
    Interval ratio =
        Statistics.medianInterval(
            CONFIDENCE, byJvm.stream().mapToDouble(JvmRatio::ratio).toArray());
    return new Comparison(
        other.name(),
        ratio,
        List.copyOf(byJvm),
        paired,
        Verdict.of(ratio, byJvm.size()),
        Verdict.whatWouldTell(ratio, byJvm.size()));
  }
}
