package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison as a process: what becomes of it when a part of it dies, or it is interrupted. */
class CompareRunTest {
  private static final int FILE_BYTES = 100_000;

  @TempDir Path directory;

  @Test
  void aCellWhosePeerDiesIsReportedAsFailedAndTheRestGoesOn() throws Exception {
    try (CompareProcess compare =
        start("--only", "file-socket/4KiB,file-file/4KiB", "--seconds", "2")) {
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
        start("--only", "file-file/4KiB,file-pipe/64KiB", "--seconds", "4")) {
      compare.await("second cell", () -> compare.err().contains("[2/2]"));
      new ProcessBuilder("kill", "-INT", String.valueOf(compare.handle().pid())).start().waitFor();
      assertEquals(130, compare.status(), compare.err());
      Report report = JsonReport.read(compare.json());
      assertFalse(report.complete());
      assertEquals(List.of("file-file/4KiB"), ids(report.runs().get(0).cells()));
      assertTrue(compare.out().contains("INTERRUPTED"), compare.out());
      assertTrue(Files.readString(compare.page()).contains("The run was interrupted"));
    }
  }

  @Test
  void anotherJdkIsMeasuredIntoTheSameReport() throws Exception {
    try (CompareProcess compare =
        start(
            "--only",
            "file-file/4KiB",
            "--seconds",
            "0.2",
            "--jdk",
            System.getProperty("java.home"))) {
      assertEquals(0, compare.status(), compare.err());
      List<Run> runs = JsonReport.read(compare.json()).runs();
      assertEquals(2, runs.size());
      for (Run run : runs) {
        assertEquals(List.of("file-file/4KiB"), ids(run.cells()));
        assertEquals(System.getProperty("java.home"), run.jdk().home());
      }
    }
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
