package dev.sluice.bench.run;

import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.cell.Implementations;
import dev.sluice.bench.count.SystemCalls;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.measure.Digests;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.terminal.Progress;
import dev.sluice.bench.textbook.TextbookTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The measurements on this JDK, cell by cell. The result so far can be asked for at any time. */
public final class JdkRun {
  private final Workspace workspace;
  private final double seconds;
  private final Run.Library library = Environment.library();
  private final SystemCalls systemCalls = SystemCalls.open();
  private final List<CellResult> cells = new ArrayList<>();
  private final List<MechanismResult> mechanisms = new ArrayList<>();

  public JdkRun(Workspace workspace, double seconds) {
    this.workspace = workspace;
    this.seconds = seconds;
  }

  public Run.Library library() {
    return library;
  }

  /** The result of what has been measured so far. */
  public synchronized Run result() {
    return new Run(
        Environment.jdk(), library, systemCalls.how(), List.copyOf(cells), List.copyOf(mechanisms));
  }

  public void measure(List<Cell> wanted, boolean textbook, Progress progress) throws IOException {
    Map<Long, String> digests = digests(wanted);
    for (Cell cell : wanted) {
      progress.cell(cell.title());
      CellResult result = measured(cell, digests.get(cell.roundSize().region()), progress);
      synchronized (this) {
        cells.add(result);
      }
    }
    if (textbook) {
      new TextbookTable(workspace, systemCalls, library.available())
          .measure(
              progress::cell,
              row -> {
                synchronized (this) {
                  mechanisms.add(row);
                }
              });
    }
  }

  private CellResult measured(Cell cell, String sha256, Progress progress) {
    List<Implementation> implementations = Implementations.of(cell, library.available());
    try (CellRun run =
        new CellRun(cell, workspace, implementations, systemCalls, seconds, progress::part)) {
      return run.run(sha256);
    } catch (IOException | RuntimeException | LinkageError e) {
      return CellSummary.failed(cell, e.toString());
    }
  }

  /**
   * The digest of each region that some cell moves. Reading the regions also brings the file into
   * the page cache.
   */
  private Map<Long, String> digests(List<Cell> wanted) throws IOException {
    Map<Long, String> digests = new HashMap<>();
    try (FileChannel channel = FileChannel.open(workspace.file(), StandardOpenOption.READ)) {
      for (Cell cell : wanted) {
        long region = cell.roundSize().region();
        if (region <= channel.size() && !digests.containsKey(region)) {
          digests.put(region, Digests.sha256(channel, region));
        }
      }
    }
    return digests;
  }
}
