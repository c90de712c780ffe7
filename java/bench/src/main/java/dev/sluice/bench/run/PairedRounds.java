package dev.sluice.bench.run;

import dev.sluice.bench.report.Measurement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Ratios of times of the same round: a disturbance of the machine disturbs both. */
final class PairedRounds {
  private PairedRounds() {}

  /** How many times as fast as the other the one is, in each of the rounds that had both. */
  static double[] ratios(List<Measurement> one, List<Measurement> other) {
    Map<RoundKey, Long> others =
        other.stream().collect(Collectors.toMap(RoundKey::of, Measurement::nanos));
    return one.stream()
        .filter(round -> others.containsKey(RoundKey.of(round)))
        .mapToDouble(round -> (double) others.get(RoundKey.of(round)) / round.nanos())
        .toArray();
  }
}
