package dev.sluice.bench;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.FirstCall;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.SingleCalls;
import dev.sluice.bench.report.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Reports with figures that somebody made up, for tests of what is done with them. */
final class Reports {
  private Reports() {}

  static Interval interval(double low, double median, double high) {
    return new Interval(low, median, high, 0.96875);
  }

  static Report of(CellResult... cells) {
    Report.Settings settings =
        new Report.Settings(
            null,
            "/some/file",
            100_000,
            false,
            "ext4",
            "/targets",
            "ext4",
            null,
            null,
            false,
            List.of(),
            null,
            5,
            1,
            0.95,
            0.05);
    Report.Machine machine =
        new Report.Machine(
            "a CPU",
            2,
            "0-1",
            "CONFIG_TICK_CPU_ACCOUNTING",
            1 << 30,
            "Linux 6",
            "0 0 0",
            "unknown",
            "1 2 3",
            "1 2 3");
    Run run =
        new Run(
            new Run.Jdk("25.0.3+9", "somebody", "a VM", "/jdk", List.of()),
            new Run.Library(true, null, "diagnostics"),
            List.of(new Run.Jvm(1, List.of(), null)),
            "not measured: EPERM",
            List.of(new FirstCall("NIO transferTo", Role.NIO, interval(1, 2, 3), List.of(2.0))),
            List.of(cells),
            List.of(mechanism()));
    return new Report(Report.FORMAT, "2026-01-02T03:04:05Z", true, settings, machine, List.of(run));
  }

  static CellResult cell(String id, Verdict verdict, ContenderResult... contenders) {
    return new CellResult(
        id,
        "file-socket",
        "file to socket",
        "4 KiB",
        4096,
        100_000,
        1,
        "platform",
        1,
        "thread",
        Map.of("TCP_NODELAY", "on"),
        "abc",
        2,
        6,
        6,
        0,
        verdict == null ? null : comparison("NIO transferTo", verdict),
        null,
        null,
        null,
        null,
        List.of(contenders));
  }

  /** A comparison that five JVMs gave this verdict. */
  static Comparison comparison(String against, Verdict verdict) {
    double[] ratios =
        switch (verdict) {
          case WIN -> new double[] {1.2, 1.21, 1.22, 1.23, 1.24};
          case LEVEL -> new double[] {0.98, 0.99, 1, 1.01, 1.02};
          case LOSS -> new double[] {0.8, 0.81, 0.82, 0.83, 0.84};
          case NOT_TOLD_APART -> new double[] {0.9, 0.95, 1, 1.1, 1.2};
        };
    Interval ratio = new Interval(ratios[0], ratios[2], ratios[4], 0.9375);
    return new Comparison(
        against,
        ratio,
        IntStream.range(0, ratios.length)
            .mapToObj(i -> new Comparison.JvmRatio(i + 1, ratios[i]))
            .toList(),
        20,
        verdict,
        Verdict.whatWouldTell(ratio, ratios.length));
  }

  static ContenderResult contender(String name, Role role, Interval speed) {
    return contender(name, role, speed, 0.5);
  }

  /** A contender whose speed the far end set. */
  static ContenderResult busyFarEnd(String name, Role role, Interval speed) {
    return contender(name, role, speed, 0.95);
  }

  private static ContenderResult contender(
      String name, Role role, Interval speed, double farEndBusy) {
    return new ContenderResult(
        name,
        role,
        null,
        Outcome.MEASURED,
        null,
        "abc",
        null,
        false,
        speed,
        interval(1, 2, 3),
        interval(2, 4, 6),
        farEndBusy,
        new SingleCalls(10, 1.5, 9.5, 0),
        role == Role.NIO ? null : interval(1.1, 1.2, 1.3),
        null,
        null,
        List.of(new Measurement(1, 1, 2, 3, 4, 5)));
  }

  static ContenderResult failing(String name) {
    return new ContenderResult(
        name,
        Role.AUTO,
        null,
        Outcome.FAILED,
        "broken",
        null,
        null,
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of());
  }

  /** What was seen in ten passes over 2 MiB: three minor page faults, and one major one. */
  static MechanismResult.Seen seen(
      Interval calls, List<MechanismResult.SystemCall> systemCalls, Long userSpaceBytes) {
    return new MechanismResult.Seen(
        2 << 20,
        10,
        calls,
        systemCalls,
        userSpaceBytes,
        interval(9, 10, 11),
        interval(18, 20, 22),
        interval(1, 1, 1),
        interval(2, 2, 2),
        interval(3, 3, 3),
        interval(1, 1, 1),
        null);
  }

  private static MechanismResult mechanism() {
    return new MechanismResult(
        "file-socket",
        "file to socket",
        "NIO transferTo",
        Role.NIO,
        null,
        Outcome.MEASURED,
        null,
        seen(null, null, null),
        List.of(new MechanismResult.Sharing("TCP", MechanismResult.Sharing.Answer.SHARED, null)));
  }
}
