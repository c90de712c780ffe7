package dev.sluice.bench.terminal;

import dev.sluice.bench.page.TextbookFigure;
import dev.sluice.bench.page.TextbookFigures;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The textbook's table of a direction. */
final class MechanismTable {
  private static final String ROW = "%-25s %-6s %8s %8s %8s %9s %10s %8s %8s";

  private MechanismTable() {}

  static void print(TextLines lines, String title, List<MechanismResult> rows) {
    lines.add("");
    lines.add("the textbook, measured: %s; for each MiB, median and its interval", title);
    lines.add(
        ROW, "", "book:", "system", "switches", "bytes by", "CPU us", "CPU us", "page", "cold:");
    lines.add(ROW, "", "copies", "calls", "computed", "user", "user", "kernel", "faults", "blocks");
    lines.rule();
    for (MechanismResult row : rows) {
      if (row.outcome() == Outcome.FAILED) {
        lines.add("%s FAILED: %s", row.name(), row.reason());
      } else if (row.seen() != null) {
        TextbookFigures seen = TextbookFigures.of(row);
        figures(lines, row.name(), seen.book(), seen, TextbookFigure::shown);
        if (figures(seen).stream().anyMatch(each -> !each.range().isEmpty())) {
          figures(lines, "", "", seen, TextbookFigure::range);
        }
      }
    }
    lines.rule();
  }

  private static void figures(
      TextLines lines,
      String name,
      String book,
      TextbookFigures seen,
      Function<TextbookFigure, String> text) {
    List<Object> cells = new ArrayList<>(List.of(name, book));
    figures(seen).stream().map(text).forEach(cells::add);
    lines.add(ROW, cells.toArray());
  }

  private static List<TextbookFigure> figures(TextbookFigures seen) {
    return List.of(
        seen.calls(),
        seen.modeSwitches(),
        seen.userBytes(),
        seen.userMicros(),
        seen.systemMicros(),
        seen.faults(),
        seen.coldBlockReads());
  }
}
