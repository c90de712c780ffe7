package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Verdict;
import dev.sluice.bench.terminal.ReportDiff;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code --diff} calls moved. */
@Tag("any-jdk")
class DiffTest {
  private static final String CELL = "file-socket/4KiB";

  private static Report report(Verdict verdict, Interval nio, Interval auto) {
    return Reports.of(
        Reports.cell(
            CELL,
            verdict,
            Reports.contender("NIO transferTo", Role.NIO, nio),
            Reports.contender("Sluice AUTO", Role.AUTO, auto)));
  }

  private final Interval slow = Reports.interval(0.9, 1, 1.1);
  private final Interval fast = Reports.interval(1.8, 2, 2.2);

  @Test
  void aReportHasNotMovedAgainstItself() {
    Report report = report(Verdict.WIN, slow, fast);
    String text = ReportDiff.of(report, report);
    assertTrue(text.contains("2 speeds compared, 0 moved"), text);
    assertFalse(text.contains(CELL), text);
  }

  @Test
  void whatMovedIsNamedWithBothFiguresAndTheVerdict() {
    String text = ReportDiff.of(report(Verdict.LEVEL, slow, slow), report(Verdict.WIN, slow, fast));
    assertTrue(text.contains("2 speeds compared, 1 moved"), text);
    assertTrue(
        text.lines().anyMatch(line -> line.matches(CELL + " +Sluice AUTO +1.00 +2.00 +2.00")),
        text);
    assertTrue(text.contains("to NIO transferTo: the verdict was LEVEL ("), text);
  }

  @Test
  void howFarTheVerdictsAgreeIsCounted() {
    Report win = report(Verdict.WIN, slow, fast);
    assertAgree(win, win, "1 the same, 0 told by one of them alone, 0 contradict");
    Report untold = report(Verdict.NOT_TOLD_APART, slow, fast);
    assertAgree(win, untold, "0 the same, 1 told by one of them alone, 0 contradict");
    assertAgree(untold, win, "0 the same, 1 told by one of them alone, 0 contradict");
    Report loss = report(Verdict.LOSS, fast, slow);
    assertAgree(win, loss, "0 the same, 0 told by one of them alone, 1 contradict");
  }

  private static void assertAgree(Report before, Report after, String expected) {
    String text = ReportDiff.of(before, after);
    assertTrue(text.contains("1 verdicts of both: " + expected), text);
  }

  @Test
  void whatNioAndCMovedByIsTheMachines() {
    Report before = three(1, 2, 3);
    String together = ReportDiff.of(before, three(0.5, 1, 1.5));
    assertTrue(together.contains("3 speeds compared, 0 moved"), together);
    assertTrue(together.lines().anyMatch(line -> line.matches(CELL + " +the machine.* +0.50")));
    String alone = ReportDiff.of(before, three(1, 1, 3));
    assertTrue(alone.contains("3 speeds compared, 1 moved"), alone);
    assertFalse(alone.contains("the machine"), alone);
    String fasterOnASlowerMachine = ReportDiff.of(before, three(0.5, 2, 1.5));
    assertTrue(fasterOnASlowerMachine.contains("3 speeds compared, 1 moved"));
  }

  @Test
  void oneReferenceThatMovedAloneIsNotTheMachine() {
    String text = ReportDiff.of(three(1, 2, 3), three(0.5, 2, 3));
    assertEquals(Set.of(CELL + " NIO transferTo"), DiffLines.moved(text));
  }

  private static Report three(double nio, double auto, double c) {
    return Reports.of(
        Reports.cell(
            CELL,
            Verdict.WIN,
            Reports.contender("NIO transferTo", Role.NIO, around(nio)),
            Reports.contender("Sluice AUTO", Role.AUTO, around(auto)),
            Reports.contender("C sendfile", Role.C, around(c))));
  }

  private static Interval around(double speed) {
    return Reports.interval(0.99 * speed, speed, 1.01 * speed);
  }

  @Test
  void whatTheIntervalsExplainOrLiesCloseHasNotMoved() {
    double limit = Math.log(1.1);
    assertFalse(ReportDiff.isMoved(slow, Reports.interval(1.0, 1.2, 1.4), limit));
    assertFalse(ReportDiff.isMoved(Reports.interval(1.0, 1.2, 1.4), slow, limit));
    assertFalse(
        ReportDiff.isMoved(
            Reports.interval(0.99, 1, 1.01), Reports.interval(1.02, 1.03, 1.04), limit));
    assertTrue(ReportDiff.isMoved(slow, fast, limit));
    assertTrue(ReportDiff.isMoved(fast, slow, limit));
    assertFalse(ReportDiff.isMoved(fast, slow, Math.log(2.1)));
  }

  @Test
  void whatManyMovedByIsNoise() {
    Report before = many(1, 1);
    // 8 % up and down: 3 x 1.4826 x ln 1.08 is the logarithm of 1.41.
    String within = ReportDiff.of(before, many(1.08, 1.35));
    assertTrue(within.contains("more than 41 %"), within);
    assertTrue(within.contains("30 speeds compared, 0 moved"), within);
    String beyond = ReportDiff.of(before, many(1.08, 1.5));
    assertTrue(beyond.contains("30 speeds compared, 1 moved"), beyond);
    assertTrue(beyond.contains("the odd one"), beyond);
    String still = ReportDiff.of(before, many(1, 1.2));
    assertTrue(still.contains("more than 10 %"), still);
    assertTrue(still.contains("30 speeds compared, 1 moved"), still);
  }

  /** A third of the contenders is so many times as fast, a third as slow, and one is odd. */
  private static Report many(double times, double odd) {
    ContenderResult[] contenders = new ContenderResult[30];
    for (int i = 0; i < contenders.length; i++) {
      contenders[i] =
          i == 0
              ? Reports.contender("the odd one", Role.C, around(odd))
              : Reports.contender("C " + i, Role.C, around(Math.pow(times, i % 3 - 1)));
    }
    return Reports.of(Reports.cell(CELL, Verdict.WIN, contenders));
  }

  @Test
  void anotherMachineIsSaid() {
    Report here = report(Verdict.WIN, slow, fast);
    Report.Machine machine = here.machine();
    Report there =
        new Report(
            here.format(),
            here.created(),
            true,
            here.settings(),
            new Report.Machine(
                "another CPU", 64, "", "", machine.memoryBytes(), machine.kernel(), "", "", "", ""),
            here.runs());
    String text = ReportDiff.of(here, there);
    assertTrue(text.contains("Not the same CPU: a CPU, then another CPU"), text);
    assertEquals(1, text.lines().filter(line -> line.startsWith("Not the same cores")).count());
  }
}
