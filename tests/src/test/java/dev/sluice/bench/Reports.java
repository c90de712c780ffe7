package dev.sluice.bench;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
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

/** Reports with figures that somebody made up, for tests of what is done with them. */
final class Reports {
  private Reports() {}

  static Interval interval(double low, double median, double high) {
    return new Interval(low, median, high, 0.96875);
  }

  static Report of(CellResult... cells) {
    Report.Settings settings =
        new Report.Settings(
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
            1,
            0.95,
            0.05);
    Report.Machine machine =
        new Report.Machine("a CPU", 2, 1 << 30, "Linux 6", "0 0 0", "unknown", "1 2 3", "1 2 3");
    Run run =
        new Run(
            new Run.Jdk("25.0.3+9", "somebody", "a VM", "/jdk", List.of()),
            new Run.Library(true, null, "diagnostics"),
            "not measured: EPERM",
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
        "abc",
        2,
        6,
        0,
        verdict,
        null,
        null,
        List.of(contenders));
  }

  static ContenderResult contender(String name, Role role, Interval speed) {
    return new ContenderResult(
        name,
        role,
        null,
        Outcome.MEASURED,
        null,
        "abc",
        null,
        speed,
        interval(1, 2, 3),
        new SingleCalls(10, 1.5, 9.5, 0),
        role == Role.NIO ? null : interval(1.1, 1.2, 1.3),
        null,
        null,
        List.of(new Measurement(1, 2, 3, 4)));
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
