package dev.sluice.bench.page;

import static j2html.TagCreator.each;
import static j2html.TagCreator.text;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison.JvmRatio;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.Verdict;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The first chart of the page: the speed of AUTO over that of NIO, in all cells. */
final class VerdictChart {
  private VerdictChart() {}

  static DomContent of(Report report, Run run) {
    List<CellResult> judged = run.cells().stream().filter(cell -> cell.verdict() != null).toList();
    return judged.isEmpty() ? text("") : ChartElement.of(() -> svg(report, run, judged));
  }

  private static String svg(Report report, Run run, List<CellResult> judged) {
    Map<Verdict, List<Chart.Point>> points = new LinkedHashMap<>();
    for (Verdict verdict : Verdict.values()) {
      points.put(verdict, new ArrayList<>());
    }
    List<String> rows = new ArrayList<>();
    List<Chart.Dots> jvms = new ArrayList<>();
    for (CellResult cell : judged) {
      jvms.add(
          new Chart.Dots(
              "one JVM", rows.size(), cell.toNio().byJvm().stream().map(JvmRatio::ratio).toList()));
      points.get(cell.verdict()).add(new Chart.Point(rows.size(), cell.toNio().ratio()));
      rows.add(cell.id());
    }
    List<Chart.Series> series =
        points.entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .map(
                each ->
                    new Chart.Series(
                        each.getKey().words().toLowerCase(Locale.ROOT),
                        ChartColors.of(each.getKey()),
                        each.getValue()))
            .toList();
    String title = "Speed of Sluice AUTO over NIO, by cell, on Java " + SummaryText.major(run);
    return Chart.ratios(
        ChartElement.id(run, "verdict"),
        title,
        "times NIO",
        report.settings().margin(),
        rows,
        series,
        jvms);
  }
}
