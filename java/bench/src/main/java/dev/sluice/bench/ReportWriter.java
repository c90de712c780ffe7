package dev.sluice.bench;

import dev.sluice.bench.page.PageFile;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.run.JdkRun;
import dev.sluice.bench.terminal.TerminalTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes and prints the report once: when everything was measured, or when the program is
 * interrupted before.
 */
final class ReportWriter {
  private final PrintStream out;
  private final PrintStream err;
  private final Path directory;
  private final boolean part;
  private final Report before;
  private final JdkRun jdkRun;
  private final List<Run> otherRuns = new ArrayList<>();
  private volatile boolean complete;
  private boolean finished;

  /**
   * A writer of the report of a run.
   *
   * @param directory of index.html and compare.json
   * @param part whether this process measures a part of another process's report
   * @param before the report before anything was measured
   */
  ReportWriter(
      PrintStream out,
      PrintStream err,
      Path directory,
      boolean part,
      Report before,
      JdkRun jdkRun) {
    this.out = out;
    this.err = err;
    this.directory = directory;
    this.part = part;
    this.before = before;
    this.jdkRun = jdkRun;
  }

  /** The run of another JDK, after this one's. */
  void add(Run otherRun) {
    otherRuns.add(otherRun);
  }

  /** Everything that was asked for has been measured. */
  void complete() {
    complete = true;
  }

  /**
   * Writes and prints what there is. Of two threads that come here, the second has nothing to do.
   */
  synchronized Report finish() {
    List<Run> runs = new ArrayList<>(List.of(jdkRun.result()));
    runs.addAll(otherRuns);
    Report report =
        new Report(
            before.format(), before.created(), complete, before.settings(), before.machine(), runs);
    if (finished) {
      return report;
    }
    finished = true;
    try {
      Path json = JsonReport.write(report, directory);
      if (!part) {
        Path page = PageFile.write(report, directory);
        out.print(TerminalTable.of(report));
        out.println("Every round: " + json);
        out.println("The page: " + page);
      }
    } catch (IOException e) {
      err.println("compare: " + ArgumentChecks.oneLine(e));
    }
    return report;
  }
}
