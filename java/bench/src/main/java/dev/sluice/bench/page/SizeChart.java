package dev.sluice.bench.page;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A chart of one figure by size: a line for each contender. */
final class SizeChart {
  private SizeChart() {}

  /**
   * The chart of the cells of one direction, of those with one connection, one platform thread and
   * the usual conditions.
   */
  static Optional<DomContent> of(
      Run run,
      String name,
      List<CellResult> cells,
      String figure,
      Function<ContenderResult, Interval> which) {
    List<CellResult> alone =
        cells.stream().filter(cell -> cell.isUsual() && cell.failure() == null).toList();
    return alone.isEmpty()
        ? Optional.empty()
        : Optional.of(ChartElement.of(() -> svg(run, name, alone, figure, which)));
  }

  private static String svg(
      Run run,
      String name,
      List<CellResult> alone,
      String figure,
      Function<ContenderResult, Interval> which) {
    Map<String, Chart.Series> series = new LinkedHashMap<>();
    for (int place = 0; place < alone.size(); place++) {
      for (ContenderResult contender : alone.get(place).contenders()) {
        // Whoever was sampled has not got the rounds of the others.
        boolean isDrawn = contender.measured() && !contender.sampled();
        Interval value = isDrawn ? which.apply(contender) : null;
        if (value != null && ChartElement.DRAWN.contains(contender.role())) {
          series
              .computeIfAbsent(
                  contender.name(),
                  key -> new Chart.Series(key, ChartColors.of(contender.role()), new ArrayList<>()))
              .points()
              .add(new Chart.Point(place, value));
        }
      }
    }
    String direction = alone.get(0).directionId();
    return Chart.lines(
        ChartElement.id(run, name + "-" + direction),
        alone.get(0).direction() + ", " + figure + " by size, Java " + SummaryText.major(run),
        figure,
        alone.stream().map(CellResult::piece).toList(),
        List.copyOf(series.values()));
  }
}
