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
import dev.sluice.bench.sluice.OtherSluice;
import dev.sluice.bench.terminal.Progress;
import dev.sluice.bench.textbook.TextbookTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The measurements in this JVM, cell by cell, in an order drawn anew: what one cell leaves to the
 * next is not the same in all JVMs. The result so far can be asked for at any time.
 */
public final class JdkRun {
  private final Workspace workspace;
  private final JvmShare share;
  private final Optional<OtherSluice> other;
  private final Run.Library library = Environment.library();
  private final SystemCalls systemCalls = SystemCalls.open();
  private final List<String> order = new ArrayList<>();
  private final Map<String, CellResult> cells = new HashMap<>();
  private List<Cell> wanted = List.of();
  private final List<MechanismResult> mechanisms = new ArrayList<>();

  /**
   * The measurements of a share of the whole.
   *
   * @param other another build of Sluice that takes part; empty where there is none
   */
  public JdkRun(Workspace workspace, JvmShare share, Optional<OtherSluice> other) {
    this.workspace = workspace;
    this.share = share;
    this.other = other;
  }

  public Run.Library library() {
    return library;
  }

  /** The result of what has been measured so far, the cells in the order of the matrix. */
  public synchronized Run result() {
    return new Run(
        Environment.jdk(),
        library,
        List.of(new Run.Jvm(share.number(), List.copyOf(order), null)),
        systemCalls.how(),
        List.of(),
        wanted.stream().map(cell -> cells.get(cell.id())).filter(Objects::nonNull).toList(),
        List.copyOf(mechanisms));
  }

  /**
   * Measures the cells.
   *
   * @param inMatrix the cells in the order of the matrix
   * @param textbook whether the textbook's table is wanted too; the first JVM alone measures it
   */
  public void measure(List<Cell> inMatrix, boolean textbook, Progress progress) throws IOException {
    synchronized (this) {
      wanted = List.copyOf(inMatrix);
    }
    Map<Long, String> digests = digests(wanted);
    List<Cell> shuffled = new ArrayList<>(wanted);
    Collections.shuffle(shuffled);
    for (Cell cell : shuffled) {
      progress.cell(cell.title());
      CellResult result = measured(cell, digests.get(cell.roundSize().region()), progress);
      synchronized (this) {
        order.add(cell.id());
        cells.put(cell.id(), result);
      }
    }
    if (textbook && share.isFirst()) {
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
    List<Implementation> implementations =
        Implementations.of(cell, library.available(), other).stream()
            .filter(each -> share.isFirst() || RoundSelection.isJudged(each))
            .toList();
    try (CellRun run =
        new CellRun(cell, workspace, implementations, systemCalls, share, progress::part)) {
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
