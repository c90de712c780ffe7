package dev.sluice.bench.terminal;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.Verdict;
import java.util.List;
import java.util.function.Predicate;

/** The report as the terminal shows it: a table for each direction, at most 100 columns wide. */
public final class TerminalTable {
  private final Report report;
  private final TextLines lines = new TextLines();

  private TerminalTable(Report report) {
    this.report = report;
  }

  public static String of(Report report) {
    TerminalTable table = new TerminalTable(report);
    table.heading();
    report.runs().forEach(table::run);
    table.explanation();
    return table.lines.toString();
  }

  private void heading() {
    Report.Settings settings = report.settings();
    lines.add("Sluice beside NIO: %s, %,d bytes", settings.file(), settings.fileBytes());
    lines.add(
        "%s, %d cores; %s; targets on %s",
        report.machine().cpu(),
        report.machine().cores(),
        report.machine().kernel(),
        settings.targetFileSystem());
    if (!report.complete()) {
      lines.add("INTERRUPTED: this is what was done until then");
    }
  }

  private void run(Run run) {
    lines.add("");
    lines.add("Java %s", run.jdk().version());
    if (!run.library().available()) {
      lines.add("Sluice is not available and takes no part: %s", run.library().cause());
    }
    run.cellsByDirection().forEach((title, cells) -> SpeedTable.print(lines, title, cells));
    SingleCallsTable.print(lines, run);
    run.mechanismsByDirection().forEach((title, rows) -> MechanismTable.print(lines, title, rows));
    SharingTable.print(lines, run);
    conclusion(run);
  }

  private void explanation() {
    lines.add("");
    lines.add(
        "GB/s, CPU and \"times\": medians over the rounds that all contenders of the cell had.");
    lines.add("Times NIO: over the JDK's own call, paired within a round. Times C: over the same");
    lines.add("system call from a C loop. GB: 10^9 bytes. CPU, system calls: of the transferring");
    lines.add("thread (CPU with several threads: of the process); both: with the far end's CPU.");
    lines.add(
        "AUTO / ...: one ratio for each of %d fresh JVMs, their median and interval. WIN and LOSS:",
        report.settings().jvms());
    lines.add(
        "all JVMs agree, and the median is %.0f %% off 1 or more. LEVEL: all lie within %.0f %%.",
        100 * report.settings().margin(), 100 * report.settings().margin());
  }

  private void conclusion(Run run) {
    lines.add("");
    lines.add("System calls: %s", run.systemCalls());
    for (Verdict verdict : Verdict.values()) {
      cells(run, "AUTO against NIO, " + verdict.words(), c -> c.verdict() == verdict);
    }
    cells(run, "A plain NIO loop does as well as AUTO", CellResult::loopIsEnough);
    for (CellResult cell : run.cells()) {
      if (cell.verdict() == Verdict.NOT_TOLD_APART) {
        lines.add("What would tell %s:", cell.id());
        lines.add("  %s", cell.toNio().whatWouldTell());
      }
    }
    cells(run, "FAILED", c -> !c.sound());
    for (Run.Jvm jvm : run.jvms()) {
      if (jvm.failure() != null) {
        lines.add("FAILED: JVM %d %s", jvm.number(), jvm.failure());
      }
    }
  }

  private void cells(Run run, String heading, Predicate<CellResult> which) {
    List<String> ids = run.cells().stream().filter(which).map(CellResult::id).toList();
    if (!ids.isEmpty()) {
      lines.wrapped(0, heading + ": " + String.join(", ", ids));
    }
  }
}
