package dev.sluice.bench.terminal;

import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.page.TextbookFigures;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.Run;
import java.util.ArrayList;
import java.util.List;

/** The table of what was copied and what was shared. */
final class SharingTable {
  private static final String ROW = "%-26s %-14s %-14s %-14s %-14s";

  private SharingTable() {}

  static void print(TextLines lines, Run run) {
    List<MechanismResult> tried =
        run.mechanisms().stream()
            .filter(row -> row.directionId().equals(Direction.FILE_TO_SOCKET.id()))
            .filter(row -> !row.sharing().isEmpty())
            .toList();
    if (tried.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("copied or shared: the file was changed after it was sent and before it was read");
    lines.add(ROW, "", "TCP", "unix socket", "pipe", "");
    lines.rule();
    for (MechanismResult row : tried) {
      List<String> cells = new ArrayList<>(List.of(row.name()));
      row.sharing().forEach(each -> cells.add(TextbookFigures.words(each.answer())));
      while (cells.size() < 5) {
        cells.add("");
      }
      lines.add(ROW, cells.toArray());
    }
    lines.rule();
  }
}
