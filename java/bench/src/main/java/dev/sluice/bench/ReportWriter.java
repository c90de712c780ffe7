package dev.sluice.bench;

import dev.sluice.bench.page.PageFile;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.terminal.TerminalTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes and prints the report once: when everything was measured, or when the program is
 * interrupted before.
 */
final class ReportWriter {
  private final PrintStream out;
  private final PrintStream err;
  private final Path directory;
  private final Path part;
  private final Report before;
  private final Supplier<List<Run>> runs;
  private volatile boolean complete;
  private boolean finished;

  /**
   * A writer of the report of a run.
   *
   * @param directory of index.html and compare.json
   * @param part the file of a part of another process's report; null for a report of its own
   * @param before the report before anything was measured
   * @param runs what has been measured so far
   */
  ReportWriter(
      PrintStream out,
      PrintStream err,
      Path directory,
      Path part,
      Report before,
      Supplier<List<Run>> runs) {
    this.out = out;
    this.err = err;
    this.directory = directory;
    this.part = part;
    this.before = before;
    this.runs = runs;
  }

  /** Everything that was asked for has been measured. */
  void complete() {
    complete = true;
  }

  /**
   * Writes and prints what there is. Of two threads that come here, the second has nothing to do.
   */
  synchronized Report finish() {
    Report report =
        new Report(
            before.format(),
            before.created(),
            complete,
            before.settings(),
            before.machine(),
            runs.get());
    if (finished) {
      return report;
    }
    finished = true;
    try {
      if (part != null) {
        JsonReport.writeTo(report, part);
        return report;
      }
      Path json = JsonReport.write(report, directory);
      Path page = PageFile.write(report, directory);
      out.print(TerminalTable.of(report));
      out.println("Every round: " + json);
      out.println("The page: " + page);
    } catch (IOException e) {
      err.println("compare: " + ArgumentChecks.oneLine(e));
    }
    return report;
  }
}
