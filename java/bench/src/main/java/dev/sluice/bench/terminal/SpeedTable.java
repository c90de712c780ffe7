package dev.sluice.bench.terminal;

import dev.sluice.bench.page.CellRemarks;
import dev.sluice.bench.page.Figures;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table of a direction: speed, CPU time and system calls of each contender in each cell. */
final class SpeedTable {
  private static final String ROW = "%-10s%1s %-25s %6s %7s %7s %8s %6s  %-14s %6s";

  private static final String COMPARISON = "%-10s  AUTO / %-35s %22s  %s";

  private static final int WIDTH_OF_PIECE = 10;
  private static final int INDENTATION = 12;

  private SpeedTable() {}

  static void print(TextLines lines, String title, List<CellResult> cells) {
    lines.add("");
    lines.add("%s", title);
    lines.add(ROW, "call", "", "", "", "CPU s/GB", "", "system", "times", "95 %", "times");
    lines.add(
        ROW, "asks for", "", "", "GB/s", "thread", "both", "calls/c.", "NIO", "interval", "C");
    for (CellResult cell : cells) {
      lines.rule();
      cell(lines, cell);
    }
    lines.rule();
    leftOut(lines, cells);
  }

  private static void cell(TextLines lines, CellResult cell) {
    if (cell.failure() != null) {
      lines.add("%-10s  FAILED: %s", cell.piece(), cell.failure());
    }
    String first = cell.piece();
    if (cell.what().length() > WIDTH_OF_PIECE) {
      lines.add("%s", cell.what());
      first = "";
    }
    for (ContenderResult contender : cell.contenders()) {
      if (contender.outcome() == Outcome.LEFT_OUT) {
        continue;
      }
      if (contender.outcome() == Outcome.FAILED) {
        lines.add("%-10s  %s FAILED: %s", first, contender.name(), contender.reason());
      } else if (contender.measured()) {
        lines.add("%s", row(first, contender));
      }
      first = "";
    }
    for (Comparison comparison : cell.comparisons()) {
      lines.add(
          COMPARISON,
          "",
          comparison.against(),
          Figures.times(comparison.ratio()) + " (" + Figures.range(comparison.ratio()) + ")",
          comparison.verdict().words());
    }
    CellRemarks.of(cell).forEach(remark -> lines.wrapped(INDENTATION, remark));
    String conditions = CellRemarks.conditions(cell);
    if (!conditions.isEmpty()) {
      lines.wrapped(INDENTATION, "for all: " + conditions);
    }
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
        Figures.cpu(contender.machineCpuSecondsPerGigabyte()),
        Figures.calls(contender.systemCallsPerCall()),
        contender.role() == Role.NIO ? "1" : Figures.times(contender.ratioToNio()),
        Figures.range(contender.ratioToNio()),
        Figures.times(contender.ratioToC()));
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
        .forEach((name, reason) -> lines.wrapped(0, "left out: " + name + " (" + reason + ")"));
  }
}
