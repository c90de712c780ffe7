package dev.sluice.bench.page;

import static j2html.TagCreator.p;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.SingleCalls;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/** Single calls: a chart and a table of their times. */
final class SingleCallsSection {
  private SingleCallsSection() {}

  static List<DomContent> of(Run run) {
    HtmlTable table =
        new HtmlTable("cell", "contender", "p50 µs", "p99 µs", "bytes allocated", "calls timed");
    List<Chart.Point> points = new ArrayList<>();
    List<Chart.Point> auto = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (CellResult cell : run.cells()) {
      for (ContenderResult contender : cell.contenders()) {
        SingleCalls calls = contender.calls();
        if (calls == null) {
          continue;
        }
        table.row(
            CellFigure.kind(contender),
            HtmlTable.words(cell.id()),
            HtmlTable.words(contender.name()),
            CellFigure.number(run, cell, calls.p50Micros(), Figures.micros(calls.p50Micros())),
            CellFigure.number(run, cell, calls.p99Micros(), Figures.micros(calls.p99Micros())),
            CellFigure.number(
                run, cell, calls.allocatedBytes(), Figures.of("%.0f", calls.allocatedBytes())),
            CellFigure.number(run, cell, (double) calls.count(), String.valueOf(calls.count())));
        if (ChartElement.DRAWN.contains(contender.role()) || contender.role() == Role.FFM) {
          Interval span = new Interval(calls.p50Micros(), calls.p50Micros(), calls.p99Micros(), 1);
          (contender.role() == Role.AUTO ? auto : points).add(new Chart.Point(rows.size(), span));
          rows.add(cell.id() + " " + contender.name());
        }
      }
    }
    List<DomContent> parts = new ArrayList<>();
    if (table.isEmpty()) {
      parts.add(p("Not measured: no cell of small pieces was asked for."));
    } else {
      parts.addAll(parts(run, table, rows, points, auto));
    }
    parts.addAll(FirstCallsTable.of(run));
    return parts;
  }

  private static List<DomContent> parts(
      Run run,
      HtmlTable table,
      List<String> rows,
      List<Chart.Point> points,
      List<Chart.Point> auto) {
    return List.of(
        p(
            "One call after another, each timed: the dot is the median, the line goes to where 99"
                + " of 100 have ended. A call that finds the socket's buffer full waits for the"
                + " receiver; that is in it."),
        ChartElement.of(
            () ->
                Chart.spans(
                    ChartElement.id(run, "calls"),
                    "Time of a call, p50 to p99, on Java " + SummaryText.major(run),
                    "µs",
                    rows,
                    List.of(
                        new Chart.Series("others", ChartColors.of(Role.NIO), points),
                        new Chart.Series("Sluice AUTO", ChartColors.of(Role.AUTO), auto)))),
        table.html());
  }
}
