package dev.sluice.bench;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The report as a person reads it, a table for each direction, at most 100 columns wide. */
final class TerminalTable {
  private static final int WIDTH = 100;
  private static final String ROW = "%-11s%1s %-25s %6s %8s %9s %6s  %-13s %6s";

  /** From here on, a figure's decimals say nothing and take the room of the next. */
  private static final double LARGE = 1000;

  private static final String RULE = "-".repeat(WIDTH);

  private final Report report;
  private final StringBuilder text = new StringBuilder();

  private TerminalTable(Report report) {
    this.report = report;
  }

  static String of(Report report) {
    TerminalTable table = new TerminalTable(report);
    table.heading();
    table.byDirection().forEach(table::direction);
    table.conclusion();
    return table.text.toString();
  }

  private void heading() {
    Report.Settings settings = report.settings();
    line("Sluice beside NIO: %s, %,d bytes", settings.file(), settings.fileBytes());
    line(
        "%s, %d cores; %s; Java %s; targets on %s",
        report.machine().cpu(),
        report.machine().cores(),
        report.machine().kernel(),
        report.jdk().version(),
        settings.targetFileSystem());
    if (!report.library().available()) {
      line("Sluice is not available and takes no part: %s", report.library().cause());
    }
  }

  private Map<String, List<CellResult>> byDirection() {
    return report.cells().stream()
        .collect(
            Collectors.groupingBy(CellResult::direction, LinkedHashMap::new, Collectors.toList()));
  }

  private void direction(String title, List<CellResult> cells) {
    line("");
    line("%s", title);
    line(ROW, "call", "", "", "", "CPU s", "system", "times", "95 %", "times");
    line(ROW, "asks for", "", "", "GB/s", "per GB", "calls/c.", "NIO", "interval", "C");
    for (CellResult cell : cells) {
      line("%s", RULE);
      cell(cell);
    }
    line("%s", RULE);
    leftOut(cells);
  }

  private void cell(CellResult cell) {
    if (cell.failure() != null) {
      line("%-11s  FAILED: %s", cell.piece(), cell.failure());
      return;
    }
    String first = cell.piece();
    for (ContenderResult contender : cell.contenders()) {
      if (contender.outcome() == Outcome.LEFT_OUT) {
        continue;
      }
      if (contender.outcome() == Outcome.FAILED) {
        line("%-11s  %s FAILED: %s", first, contender.name(), contender.reason());
      } else {
        String verdict =
            contender.role() == Role.AUTO && cell.verdict() != null ? "  " + cell.verdict() : "";
        line("%s%s", row(first, contender), verdict);
      }
      first = "";
    }
    remark(cell).ifPresent(remark -> line("%-11s  %s", "", remark));
  }

  private static String row(String first, ContenderResult contender) {
    Interval ratio = contender.ratioToNio();
    return String.format(
        Locale.ROOT,
        ROW,
        first,
        contender.role() == Role.AUTO ? ">" : "",
        contender.name(),
        figure("%.2f", contender.gigabytesPerSecond()),
        figure("%.3f", contender.cpuSecondsPerGigabyte()),
        figure("%.2f", contender.systemCallsPerCall()),
        contender.role() == Role.NIO ? "1" : figure("%.2f", median(ratio)),
        ratio == null ? "" : interval(ratio),
        figure("%.2f", median(contender.ratioToC())));
  }

  /** What else an honest reader should see about a cell. */
  private static Optional<String> remark(CellResult cell) {
    List<String> remarks = new ArrayList<>();
    Interval toLoop = cell.ratioToLoop();
    if (toLoop != null && Verdict.of(toLoop) != Verdict.WIN) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "a plain NIO loop is %s: AUTO is %.2f times it, %s",
              Verdict.of(toLoop) == Verdict.LOSS ? "faster" : "as good",
              toLoop.median(),
              interval(toLoop)));
    }
    return remarks.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", remarks));
  }

  private void leftOut(List<CellResult> cells) {
    cells.stream()
        .flatMap(cell -> cell.contenders().stream())
        .filter(contender -> contender.outcome() == Outcome.LEFT_OUT)
        .collect(
            Collectors.toMap(
                ContenderResult::name,
                ContenderResult::reason,
                (one, other) -> one,
                LinkedHashMap::new))
        .forEach((name, reason) -> line("left out: %s (%s)", name, reason));
  }

  private void conclusion() {
    line("");
    line(
        "Times NIO: speed over that of the JDK's own call, median of the ratios paired within a"
            + " round, with");
    line(
        "its interval. WIN and LOSS: the whole interval is more than %.0f %% off 1; else LEVEL."
            + " Times C: over the",
        100 * report.settings().margin());
    line("same system call from a C loop. GB: 10^9 bytes. CPU, system calls: of the transferring");
    line("thread; system calls %s.", report.systemCalls());
    line("");
    for (Verdict verdict : Verdict.values()) {
      cells("AUTO against NIO, " + verdict, c -> c.verdict() == verdict);
    }
    cells(
        "A plain NIO loop does as well as AUTO",
        c -> c.ratioToLoop() != null && Verdict.of(c.ratioToLoop()) != Verdict.WIN);
    cells("FAILED", c -> !c.sound());
  }

  private void cells(String heading, java.util.function.Predicate<CellResult> which) {
    List<String> ids = report.cells().stream().filter(which).map(CellResult::id).toList();
    if (!ids.isEmpty()) {
      line("%s: %s", heading, String.join(", ", ids));
    }
  }

  private static Double median(Interval ratio) {
    return ratio == null ? null : ratio.median();
  }

  private static String interval(Interval ratio) {
    return figure("%.2f", ratio.low()) + " .. " + figure("%.2f", ratio.high());
  }

  private static String figure(String format, Double value) {
    return value == null ? "" : String.format(Locale.ROOT, value < LARGE ? format : "%.0f", value);
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
  }
}
