package dev.sluice.bench.terminal;

import dev.sluice.bench.page.Figures;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.FirstCall;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.SingleCalls;
import java.util.List;

/** The table of single calls. */
final class SingleCallsTable {
  private static final String ROW = "%-18s %-26s %9s %9s %16s";

  private SingleCallsTable() {}

  static void print(TextLines lines, Run run) {
    singleCalls(lines, run);
    if (run.firstCalls().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("the first transfer of a fresh JVM, 64 KiB from a file to a file");
    lines.add("%-36s %9s  %s", "", "ms", "interval");
    lines.rule();
    for (FirstCall call : run.firstCalls()) {
      lines.add(
          "%-36s %9s  %s",
          call.name(), Figures.millis(call.millis()), Figures.range(call.millis()));
    }
    lines.rule();
  }

  private static void singleCalls(TextLines lines, Run run) {
    List<CellResult> timed =
        run.cells().stream()
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
