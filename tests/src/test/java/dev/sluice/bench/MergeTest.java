package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Comparison.JvmRatio;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.Verdict;
import dev.sluice.bench.run.MergedRun;
import dev.sluice.bench.run.RunPart;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One run out of the parts of fresh JVMs: what they agree on, and what becomes of a bad part. */
@Tag("any-jdk")
class MergeTest {
  private static final double EXACT = 1e-9;
  private static final String CELL = "file-socket/4KiB";

  /** AUTO's speed over NIO's, in each of five JVMs. */
  private static final double[] RATIOS = {1.10, 1.30, 1.20, 1.25, 1.15};

  private static ContenderResult nio(int jvm) {
    return Parts.contender("NIO transferTo", Role.NIO, jvm, 1000, 2000, 4000);
  }

  private static ContenderResult auto(int jvm, double ratio) {
    return Parts.contender(
        "Sluice AUTO",
        Role.AUTO,
        jvm,
        Math.round(1000 / ratio),
        Math.round(2000 / ratio),
        Math.round(4000 / ratio));
  }

  private static List<RunPart> fiveParts() {
    List<RunPart> parts = new ArrayList<>();
    for (int jvm = 1; jvm <= RATIOS.length; jvm++) {
      parts.add(Parts.part(jvm, Parts.cell(CELL, nio(jvm), auto(jvm, RATIOS[jvm - 1]))));
    }
    return parts;
  }

  private static CellResult merged(List<RunPart> parts) {
    return MergedRun.of("/jdk", parts, List.of()).cells().get(0);
  }

  @Test
  void eachJvmCountsOnceAndTheIntervalIsFromTheSmallestToTheLargest() {
    Comparison toNio = merged(fiveParts()).toNio();
    assertEquals("NIO transferTo", toNio.against());
    assertEquals(1.10, toNio.ratio().low(), 0.002);
    assertEquals(1.20, toNio.ratio().median(), 0.002);
    assertEquals(1.30, toNio.ratio().high(), 0.002);
    assertEquals(0.9375, toNio.ratio().confidence(), EXACT);
    assertEquals(List.of(1, 2, 3, 4, 5), toNio.byJvm().stream().map(JvmRatio::jvm).toList());
    assertEquals(1.30, toNio.byJvm().get(1).ratio(), 0.002);
    assertEquals(15, toNio.rounds());
    assertEquals(Verdict.WIN, toNio.verdict());
  }

  /** The cells of many connections and of the far end's settings have no single mechanisms. */
  @Test
  void withoutMechanismsAutoIsComparedWithTheFastestLoopInC() {
    ContenderResult slower = Parts.contender("C splice", Role.C, 1, 1500, 3000, 6000);
    ContenderResult faster = Parts.contender("C sendfile", Role.C, 1, 1000, 2000, 4000);
    CellResult cell = merged(List.of(Parts.part(1, Parts.cell(CELL, auto(1, 2), slower, faster))));
    assertEquals("C sendfile", cell.toC().against());
    assertEquals(2, cell.toC().ratio().median(), 0.002);
  }

  /** Rounds of the same number in two JVMs have nothing in common. */
  @Test
  void roundsArePairedWithinTheirJvm() {
    CellResult cell =
        merged(
            List.of(
                Parts.part(1, Parts.cell(CELL, nio(1))),
                Parts.part(2, Parts.cell(CELL, auto(2, 2)))));
    assertNull(cell.toNio());
  }

  @Test
  void aboveEightJvmsTheOutermostAreLeftOut() {
    List<RunPart> parts = new ArrayList<>();
    for (int jvm = 1; jvm <= 9; jvm++) {
      double ratio = jvm == 9 ? 0.5 : 1.1 + jvm / 100.0;
      parts.add(Parts.part(jvm, Parts.cell(CELL, nio(jvm), auto(jvm, ratio))));
    }
    assertEquals(Verdict.WIN, merged(parts).verdict());
    assertEquals(Verdict.NOT_TOLD_APART, merged(parts.subList(4, 9)).verdict());
  }

  @Test
  void whoSharesAColumnHasFiguresOfTheSameRounds() {
    CellResult cell =
        merged(
            List.of(
                Parts.part(
                    1,
                    Parts.cell(
                        CELL,
                        Parts.contender("NIO transferTo", Role.NIO, 1, 1000, 1000, 9000),
                        Parts.contender("Sluice AUTO", Role.AUTO, 1, 500, 500, 9000),
                        Parts.contender("Netty", Role.NETTY, 1, 2000, 2000),
                        Parts.sampled("Sluice DIRECT_IO", Role.MECHANISM, 1, 90_000))),
                Parts.part(
                    2,
                    Parts.cell(
                        CELL,
                        Parts.contender("NIO transferTo", Role.NIO, 2, 9000, 9000, 9000),
                        Parts.contender("Sluice AUTO", Role.AUTO, 2, 9000, 9000, 9000)))));
    assertEquals(2, cell.sharedRounds());
    assertEquals(100, speed(cell, 0), EXACT);
    assertEquals(200, speed(cell, 1), EXACT);
    assertEquals(50, speed(cell, 2), EXACT);
    assertEquals(2, cell.contenders().get(1).ratioToNio().median(), EXACT);
    assertEquals(0.5, cell.contenders().get(2).ratioToNio().median(), EXACT);
    ContenderResult sampled = cell.contenders().get(3);
    assertTrue(sampled.sampled());
    assertEquals(1000.0 / 90_000, sampled.ratioToNio().median(), EXACT);
    // The comparison is over all rounds of all JVMs.
    assertEquals(6, cell.toNio().rounds());
  }

  private static double speed(CellResult cell, int contender) {
    return cell.contenders().get(contender).gigabytesPerSecond().median();
  }

  @Test
  void theCpuOfTheMachineIsThatOfBothEnds() {
    ContenderResult nio = merged(fiveParts()).contenders().get(0);
    double wall = 1 / nio.gigabytesPerSecond().median();
    assertEquals(wall / 2, nio.cpuSecondsPerGigabyte().median(), wall / 100);
    assertEquals(wall * 3 / 4, nio.machineCpuSecondsPerGigabyte().median(), wall / 100);
    assertEquals(0.25, nio.farEndBusy(), EXACT);
    assertFalse(nio.limitedByFarEnd());
  }

  @Test
  void aJvmThatLeftNothingIsToldAndTheOthersAreJudged() {
    List<RunPart> parts = fiveParts();
    parts.set(1, new RunPart(2, null, "ended with status 134 and left no report"));
    Run run = MergedRun.of("/jdk", parts, List.of());
    assertFalse(run.sound());
    assertEquals("ended with status 134 and left no report", run.jvms().get(1).failure());
    assertEquals("25.0.3+9", run.jdk().version());
    Comparison toNio = run.cells().get(0).toNio();
    assertEquals(List.of(1, 3, 4, 5), toNio.byJvm().stream().map(JvmRatio::jvm).toList());
    assertEquals(Verdict.WIN, toNio.verdict());
  }

  @Test
  void aRunWhoseJvmsLeftNothingIsARunWithoutCells() {
    Run run = MergedRun.of("/jdk", List.of(new RunPart(1, null, "ended")), List.of());
    assertFalse(run.sound());
    assertEquals("/jdk", run.jdk().home());
    assertEquals(List.of(), run.cells());
  }

  @Test
  void tooFewJvmsJudgeNothing() {
    assertEquals(Verdict.WIN, merged(fiveParts().subList(0, 3)).verdict());
    assertEquals(Verdict.NOT_TOLD_APART, merged(fiveParts().subList(0, 2)).verdict());
  }

  @Test
  void aCellThatBrokeDownInOneJvmKeepsTheFiguresOfTheOthers() {
    List<RunPart> parts = fiveParts();
    parts.set(0, Parts.part(1, Parts.cell(CELL, "the peer process has ended")));
    CellResult cell = merged(parts);
    assertFalse(cell.sound());
    assertEquals("in JVM 1: the peer process has ended", cell.failure());
    assertEquals(4, cell.toNio().byJvm().size());
  }

  @Test
  void aContenderThatFailsInOneJvmHasFailed() {
    List<RunPart> parts = fiveParts();
    parts.set(
        2,
        Parts.part(
            3, Parts.cell(CELL, nio(3), Parts.failed("Sluice AUTO", Role.AUTO, "other bytes"))));
    CellResult cell = merged(parts);
    ContenderResult auto = cell.contenders().get(1);
    assertEquals(Outcome.FAILED, auto.outcome());
    assertEquals("in JVM 3: other bytes", auto.reason());
    assertNull(auto.gigabytesPerSecond());
    assertNull(cell.toNio());
    assertFalse(cell.sound());
  }

  @Test
  void cellsThatAnInterruptedJvmDidNotReachAreOfTheOthers() {
    List<RunPart> parts = fiveParts();
    parts.set(4, Parts.part(5));
    assertEquals(4, merged(parts).toNio().byJvm().size());
  }
}
