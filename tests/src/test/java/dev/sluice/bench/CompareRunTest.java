package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Comparison.JvmRatio;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison as a process: what becomes of it when a part of it dies, or it is interrupted. */
@Tag("any-jdk")
class CompareRunTest {
  private static final int FILE_BYTES = 100_000;

  @TempDir Path directory;

  @Test
  void aCellWhosePeerDiesIsReportedAsFailedAndTheRestGoesOn() throws Exception {
    try (CompareProcess compare =
        start("--only", "file-socket/4KiB,file-file/4KiB", "--seconds", "2", "--jvms", "1")) {
      compare.await("peer", () -> peer(compare).isPresent());
      peer(compare).get().destroyForcibly();
      assertEquals(1, compare.status(), compare.err());
      Report report = JsonReport.read(compare.json());
      assertTrue(report.complete());
      List<CellResult> cells = report.runs().get(0).cells();
      assertEquals(List.of("file-socket/4KiB", "file-file/4KiB"), ids(cells));
      assertNotNull(cells.get(0).failure());
      assertTrue(cells.get(1).sound());
      assertNotNull(cells.get(1).verdict());
      assertTrue(compare.out().contains("FAILED: file-socket/4KiB"), compare.out());
      assertTrue(Files.readString(compare.page()).contains("FAILED: file-socket/4KiB"));
      assertEquals(Set.of(), ReportTest.violations(compare.json()));
    }
  }

  @Test
  void anInterruptLeavesTheReportOfWhatWasDone() throws Exception {
    try (CompareProcess compare =
        start("--only", "file-file/4KiB,file-pipe/64KiB", "--seconds", "8", "--jvms", "2")) {
      compare.await("last cell of the second JVM", () -> compare.err().contains("[4/4]"));
      interrupt(compare);
      assertEquals(130, compare.status(), compare.err());
      Report report = JsonReport.read(compare.json());
      assertFalse(report.complete());
      Run run = report.runs().get(0);
      assertEquals(List.of(1, 2), run.jvms().stream().map(Run.Jvm::number).toList());
      assertEquals(2, run.jvms().get(0).cells().size());
      assertEquals(1, run.jvms().get(1).cells().size());
      assertEquals(List.of("file-file/4KiB", "file-pipe/64KiB"), ids(run.cells()));
      assertTrue(compare.out().contains("INTERRUPTED"), compare.out());
      assertTrue(Files.readString(compare.page()).contains("The run was interrupted"));
      assertEquals(Set.of(), ReportTest.violations(compare.json()));
      assertEquals(0, compare.handle().descendants().count());
    }
  }

  @Test
  void aJvmThatDiesIsToldAndTheNextOnesGoOn() throws Exception {
    try (CompareProcess compare =
        start("--only", "file-file/4KiB", "--seconds", "4", "--jvms", "4")) {
      compare.await("second JVM", () -> compare.err().contains("JVM 2/4"));
      jvm(compare).orElseThrow().destroyForcibly();
      assertEquals(1, compare.status(), compare.err());
      Report report = JsonReport.read(compare.json());
      assertTrue(report.complete());
      Run run = report.runs().get(0);
      assertEquals("ended with status 137 and left no report", run.jvms().get(1).failure());
      Comparison toNio = run.cells().get(0).toNio();
      assertEquals(List.of(1, 3, 4), toNio.byJvm().stream().map(JvmRatio::jvm).toList());
      assertTrue(compare.out().contains("FAILED: JVM 2 ended with status 137"), compare.out());
      assertTrue(Files.readString(compare.page()).contains("JVM 2 ended with status 137"));
    }
  }

  @Test
  void everyJvmAddsRoundsOfThoseThatAreJudged() throws Exception {
    try (CompareProcess compare =
        start("--only", "file-file/4KiB,first-call", "--seconds", "0.5")) {
      assertEquals(0, compare.status(), compare.err());
      Run run = JsonReport.read(compare.json()).runs().get(0);
      CellResult cell = run.cells().get(0);
      for (Comparison comparison : cell.comparisons()) {
        assertEquals(5, comparison.byJvm().size(), comparison.against());
        assertTrue(comparison.rounds() >= 20, comparison.toString());
      }
      assertEquals(3, cell.comparisons().size());
      for (ContenderResult contender : cell.contenders()) {
        if (contender.measured() && !contender.sampled()) {
          assertTrue(contender.rounds().size() >= cell.sharedRounds(), contender.name());
        }
      }
      assertTrue(cell.sharedRounds() >= 6, cell.toString());
      assertEquals(
          List.of(5, 5), run.firstCalls().stream().map(call -> call.byJvm().size()).toList());
    }
  }

  @Test
  void anotherJdkIsMeasuredIntoTheSameReport() throws Exception {
    String home = System.getProperty("java.home");
    try (CompareProcess compare =
        start(
            "--only",
            "file-file/4KiB",
            "--seconds",
            "0.2",
            "--jvms",
            "1",
            "--jdk",
            home,
            "--jdk",
            home)) {
      assertEquals(0, compare.status(), compare.err());
      List<Run> runs = JsonReport.read(compare.json()).runs();
      assertEquals(3, runs.size());
      for (Run run : runs) {
        assertEquals(List.of("file-file/4KiB"), ids(run.cells()));
        assertEquals(home, run.jdk().home());
      }
    }
  }

  private static void interrupt(CompareProcess compare) throws Exception {
    new ProcessBuilder("kill", "-INT", String.valueOf(compare.handle().pid())).start().waitFor();
  }

  private static Optional<ProcessHandle> jvm(CompareProcess compare) {
    return compare
        .handle()
        .children()
        .filter(each -> each.info().command().orElse("").endsWith("java"))
        .findFirst();
  }

  private CompareProcess start(String... arguments) throws Exception {
    Path file = CompareProcess.file(directory, FILE_BYTES);
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--file";
    all[arguments.length + 1] = file.toString();
    return CompareProcess.start(directory, all);
  }

  private static Optional<ProcessHandle> peer(CompareProcess compare) {
    return compare
        .handle()
        .descendants()
        .filter(each -> each.info().command().orElse("").endsWith("sluice-peer"))
        .findFirst();
  }

  private static List<String> ids(List<CellResult> cells) {
    return cells.stream().map(CellResult::id).toList();
  }
}
