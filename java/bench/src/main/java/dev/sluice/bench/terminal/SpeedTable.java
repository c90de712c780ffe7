package dev.sluice.bench.terminal;

import dev.sluice.bench.page.Figures;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The table of a direction: speed, CPU time and system calls of each contender in each cell. */
final class SpeedTable {
  private static final String ROW = "%-11s%1s %-25s %6s %8s %9s %6s  %-13s %6s";

  private SpeedTable() {}

  static void print(TextLines lines, String title, List<CellResult> cells) {
    lines.add("");
    lines.add("%s", title);
    lines.add(ROW, "call", "", "", "", "CPU s", "system", "times", "95 %", "times");
    lines.add(ROW, "asks for", "", "", "GB/s", "per GB", "calls/c.", "NIO", "interval", "C");
    for (CellResult cell : cells) {
      lines.rule();
      cell(lines, cell);
    }
    lines.rule();
    leftOut(lines, cells);
  }

  private static void cell(TextLines lines, CellResult cell) {
    if (cell.failure() != null) {
      lines.add("%-11s  FAILED: %s", cell.piece(), cell.failure());
      return;
    }
    String first = cell.piece();
    if (!cell.what().equals(first)) {
      lines.add("%s", cell.what());
      first = "";
    }
    for (ContenderResult contender : cell.contenders()) {
      if (contender.outcome() == Outcome.LEFT_OUT) {
        continue;
      }
      if (contender.outcome() == Outcome.FAILED) {
        lines.add("%-11s  %s FAILED: %s", first, contender.name(), contender.reason());
      } else {
        String verdict =
            contender.role() == Role.AUTO && cell.verdict() != null ? "  " + cell.verdict() : "";
        lines.add("%s%s", row(first, contender), verdict);
      }
      first = "";
    }
    remark(cell).ifPresent(remark -> lines.add("%-11s  %s", "", remark));
  }

  private static String row(String first, ContenderResult contender) {
    return String.format(
        Locale.ROOT,
        ROW,
        first,
        contender.role() == Role.AUTO ? ">" : "",
        contender.name(),
        Figures.speed(contender.gigabytesPerSecond()),
        Figures.cpu(contender.cpuSecondsPerGigabyte()),
        Figures.calls(contender.systemCallsPerCall()),
        contender.role() == Role.NIO ? "1" : Figures.times(contender.ratioToNio()),
        Figures.range(contender.ratioToNio()),
        Figures.times(contender.ratioToC()));
  }

  /**
   * What a reader should see about a cell beside its figures: whether a plain loop does as well.
   */
  private static Optional<String> remark(CellResult cell) {
    List<String> remarks = new ArrayList<>();
    Interval toLoop = cell.ratioToLoop();
    if (cell.loopIsEnough()) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "a plain NIO loop is %s: AUTO is %.2f times it, %s",
              Verdict.of(toLoop) == Verdict.LOSS ? "faster" : "as good",
              toLoop.median(),
              Figures.range(toLoop)));
    }
    return remarks.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", remarks));
  }

  private static void leftOut(TextLines lines, List<CellResult> cells) {
    cells.stream()
        .flatMap(cell -> cell.contenders().stream())
        .filter(contender -> contender.outcome() == Outcome.LEFT_OUT)
        .collect(
            Collectors.toMap(
                ContenderResult::name,
                ContenderResult::reason,
                (one, other) -> one,
                LinkedHashMap::new))
        .forEach((name, reason) -> lines.add("left out: %s (%s)", name, reason));
  }
}
