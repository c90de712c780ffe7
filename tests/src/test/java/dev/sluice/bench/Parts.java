package dev.sluice.bench;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.run.RunPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What fresh JVMs might have measured, for tests of what is made of it. */
final class Parts {
  private static final int CELL_BYTES = 100_000;

  private Parts() {}

  /** A JVM that measured these cells. */
  static RunPart part(int jvm, CellResult... cells) {
    return new RunPart(
        jvm,
        new Run(
            new Run.Jdk("25.0.3+9", "somebody", "a VM", "/jdk", List.of()),
            new Run.Library(true, null, "diagnostics"),
            List.of(new Run.Jvm(jvm, List.of("drawn"), null)),
            "not measured: EPERM",
            List.of(),
            List.of(cells),
            List.of()),
        null);
  }

  static CellResult cell(String id, ContenderResult... contenders) {
    return cell(id, null, contenders);
  }

  static CellResult cell(String id, String failure, ContenderResult... contenders) {
    return new CellResult(
        id,
        "file-socket",
        "file to socket",
        "4 KiB",
        4096,
        CELL_BYTES,
        1,
        "platform",
        1,
        "thread",
        Map.of(),
        "abc",
        2,
        contenders.length == 0 ? 0 : contenders[0].rounds().size(),
        1,
        failure,
        List.of(contenders));
  }

  /** A contender that took so many nanoseconds in the rounds of a JVM, from the first on. */
  static ContenderResult contender(String name, Role role, int jvm, long... nanos) {
    List<Measurement> rounds = new ArrayList<>();
    for (int round = 1; round <= nanos.length; round++) {
      long time = nanos[round - 1];
      rounds.add(new Measurement(jvm, round, 1, time, time / 2, time / 4));
    }
    return contender(name, role, Outcome.MEASURED, null, false, rounds);
  }

  /** A contender that was so slow that it had one round alone. */
  static ContenderResult sampled(String name, Role role, int jvm, long nanos) {
    return contender(
        name,
        role,
        Outcome.MEASURED,
        null,
        true,
        List.of(new Measurement(jvm, 1, 1, nanos, nanos, 0)));
  }

  static ContenderResult failed(String name, Role role, String reason) {
    return contender(name, role, Outcome.FAILED, reason, false, List.of());
  }

  private static ContenderResult contender(
      String name,
      Role role,
      Outcome outcome,
      String reason,
      boolean sampled,
      List<Measurement> rounds) {
    return new ContenderResult(
        name,
        role,
        role == Role.MECHANISM || role == Role.C ? "SENDFILE" : null,
        outcome,
        reason,
        "abc",
        null,
        sampled,
        null,
        rounds);
  }
}
