package dev.sluice.bench.terminal;

import dev.sluice.bench.page.Figures;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.SingleCalls;
import java.util.List;

/** The table of single calls. */
final class SingleCallsTable {
  private static final String ROW = "%-18s %-26s %9s %9s %16s";

  private SingleCallsTable() {}

  static void print(TextLines lines, List<CellResult> cells) {
    List<CellResult> timed =
        cells.stream()
            .filter(cell -> cell.contenders().stream().anyMatch(c -> c.calls() != null))
            .toList();
    if (timed.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("single calls");
    lines.add(ROW, "", "", "p50 us", "p99 us", "bytes allocated");
    for (CellResult cell : timed) {
      lines.rule();
      String first = cell.id();
      for (ContenderResult contender : cell.contenders()) {
        SingleCalls calls = contender.calls();
        if (calls != null) {
          lines.add(
              ROW,
              first,
              contender.name(),
              Figures.micros(calls.p50Micros()),
              Figures.micros(calls.p99Micros()),
              Figures.of("%.0f", calls.allocatedBytes()));
          first = "";
        }
      }
    }
    lines.rule();
  }
}
