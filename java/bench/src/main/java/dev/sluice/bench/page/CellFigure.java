package dev.sluice.bench.page;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Run;
import j2html.tags.specialized.TdTag;
import java.util.Locale;

/** A figure of a contender in a cell, as a table shows it. */
final class CellFigure {
  private CellFigure() {}

  /** A figure as a link to the command that measures its cell again. */
  static TdTag number(Run run, CellResult cell, Double value, String shown) {
    return HtmlTable.number(value, CellCommand.figure(run, cell.id(), shown));
  }

  static Double median(Interval interval) {
    return interval == null ? null : interval.median();
  }

  /** The class of a row in the style sheet. */
  static String kind(ContenderResult contender) {
    return "role-" + contender.role().name().toLowerCase(Locale.ROOT);
  }
}
