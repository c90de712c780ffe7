package dev.sluice.bench.terminal;

import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Role;
import java.util.EnumSet;
import java.util.Set;

/** The speed of one contender of one cell in two reports. */
record SpeedChange(ContenderResult contender, Interval before, Interval after) {
  /** Those that no change of Sluice's or of Netty's reaches. */
  private static final Set<Role> REFERENCES = EnumSet.of(Role.NIO, Role.LOOP, Role.C);

  /** Whether only the machine can have changed it. */
  boolean isReference() {
    return REFERENCES.contains(contender.role());
  }

  /** The second speed over the first. */
  double ratio() {
    return after.median() / before.median();
  }

  /** Whether it has moved beyond noise, once the machine's share is taken off the first speed. */
  boolean isMoved(double machine, double limit) {
    Interval scaled =
        new Interval(
            before.low() * machine,
            before.median() * machine,
            before.high() * machine,
            before.confidence());
    return ReportDiff.isMoved(scaled, after, limit);
  }
}
