package dev.sluice.bench.terminal;

import dev.sluice.bench.page.TextbookFigures;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.Outcome;
import java.util.List;

/** The textbook's table of a direction. */
final class MechanismTable {
  private static final String ROW = "%-26s %-7s %8s %9s %9s %7s %7s %7s %7s";

  private MechanismTable() {}

  static void print(TextLines lines, String title, List<MechanismResult> rows) {
    lines.add("");
    lines.add("the textbook, measured: %s; for each MiB", title);
    lines.add(ROW, "", "book:", "system", "mode", "bytes by", "CPU us", "CPU us", "page", "cold:");
    lines.add(ROW, "", "copies", "calls", "switches", "user", "user", "kernel", "faults", "blocks");
    lines.rule();
    for (MechanismResult row : rows) {
      if (row.outcome() == Outcome.FAILED) {
        lines.add("%s FAILED: %s", row.name(), row.reason());
      } else if (row.seen() != null) {
        TextbookFigures seen = TextbookFigures.of(row);
        lines.add(
            ROW,
            row.name(),
            seen.book(),
            seen.calls(),
            seen.modeSwitches(),
            seen.userBytes(),
            seen.userMicros(),
            seen.systemMicros(),
            seen.faults(),
            seen.coldBlockReads());
      }
    }
    lines.rule();
  }
}
