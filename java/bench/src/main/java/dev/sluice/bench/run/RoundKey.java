package dev.sluice.bench.run;

import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Measurement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A round of a cell, in which several contenders took their turns right after one another. */
record RoundKey(int jvm, int round) {
  static RoundKey of(Measurement measurement) {
    return new RoundKey(measurement.jvm(), measurement.round());
  }

  /** The rounds that each of the contenders took part in. */
  static Set<RoundKey> sharedBy(List<ContenderResult> contenders) {
    Set<RoundKey> shared = null;
    for (ContenderResult contender : contenders) {
      Set<RoundKey> own = new LinkedHashSet<>();
      contender.rounds().forEach(round -> own.add(of(round)));
      if (shared == null) {
        shared = own;
      } else {
        shared.retainAll(own);
      }
    }
    return shared == null ? Set.of() : shared;
  }
}
