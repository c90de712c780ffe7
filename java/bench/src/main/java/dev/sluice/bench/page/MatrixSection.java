package dev.sluice.bench.page;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.text;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.SingleCalls;
import dev.sluice.bench.report.Verdict;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the matrix says: charts and tables of speed, CPU time and single calls. */
final class MatrixSection {
  /** Who is drawn: a chart of all would show none. The tables have them all. */
  private static final Set<Role> DRAWN = Set.of(Role.NIO, Role.LOOP, Role.AUTO, Role.NETTY, Role.C);

  private final Report report;
  private final Run run;

  MatrixSection(Report report, Run run) {
    this.report = report;
    this.run = run;
  }

  /** All cells, AUTO against NIO. */
  DomContent verdictChart() {
    List<CellResult> judged = run.cells().stream().filter(cell -> cell.verdict() != null).toList();
    return judged.isEmpty() ? text("") : chart(() -> verdicts(judged));
  }

  private String verdicts(List<CellResult> judged) {
    Map<Verdict, List<Chart.Point>> points = new LinkedHashMap<>();
    for (Verdict verdict : Verdict.values()) {
      points.put(verdict, new ArrayList<>());
    }
    List<String> rows = new ArrayList<>();
    for (CellResult cell : judged) {
      points.get(cell.verdict()).add(new Chart.Point(rows.size(), SummaryText.autoToNio(cell)));
      rows.add(cell.id());
    }
    List<Chart.Series> series =
        points.entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .map(
                each ->
                    new Chart.Series(
                        each.getKey().name().toLowerCase(Locale.ROOT),
                        ChartColors.of(each.getKey()),
                        each.getValue()))
            .toList();
    String title = "Speed of Sluice AUTO over NIO, by cell, on Java " + SummaryText.major(run);
    return Chart.ratios(
        id("verdict"), title, "times NIO", report.settings().margin(), rows, series);
  }

  List<DomContent> throughput() {
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p(
            "The bars are the intervals of the medians. A gigabyte is 10^9 bytes. Every contender"
                + " moved the same bytes over the same route, and every byte was verified first."));
    byDirection()
        .forEach(
            (direction, cells) -> {
              parts.add(h3(direction));
              lines("speed", cells, "GB/s", ContenderResult::gigabytesPerSecond)
                  .ifPresent(parts::add);
              parts.add(table(cells));
              parts.addAll(leftOut(cells));
            });
    return parts;
  }

  List<DomContent> cpuTime() {
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p(
            "CPU time of the transferring thread, user and kernel, in seconds for each gigabyte."
                + " What the receiver's process spends is not in it. The tables above have the"
                + " figures, and those of many connections, where it is the time of the whole"
                + " process."));
    List<DomContent> charts = new ArrayList<>();
    byDirection()
        .forEach(
            (direction, cells) ->
                lines("cpu", cells, "CPU s/GB", ContenderResult::cpuSecondsPerGigabyte)
                    .ifPresent(chart -> charts.add(div(h3(direction), chart).withClass("small"))));
    parts.add(div(each(charts, chart -> chart)).withClass("grid"));
    return parts;
  }

  List<DomContent> singleCalls() {
    Table table =
        new Table("cell", "contender", "p50 µs", "p99 µs", "bytes allocated", "calls timed");
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
            kind(contender),
            Table.words(cell.id()),
            Table.words(contender.name()),
            number(cell, calls.p50Micros(), Figures.micros(calls.p50Micros())),
            number(cell, calls.p99Micros(), Figures.micros(calls.p99Micros())),
            number(cell, calls.allocatedBytes(), Figures.of("%.0f", calls.allocatedBytes())),
            number(cell, (double) calls.count(), String.valueOf(calls.count())));
        if (DRAWN.contains(contender.role()) || contender.role() == Role.FFM) {
          Interval span = new Interval(calls.p50Micros(), calls.p50Micros(), calls.p99Micros(), 1);
          (contender.role() == Role.AUTO ? auto : points).add(new Chart.Point(rows.size(), span));
          rows.add(cell.id() + " " + contender.name());
        }
      }
    }
    if (table.isEmpty()) {
      return List.of(p("Not measured: no cell of small pieces was asked for."));
    }
    return List.of(
        p(
            "One call after another, each timed: the dot is the median, the line goes to where 99"
                + " of 100 have ended. A call that finds the socket's buffer full waits for the"
                + " receiver; that is in it."),
        chart(
            () ->
                Chart.spans(
                    id("calls"),
                    "Time of a call, p50 to p99, on Java " + SummaryText.major(run),
                    "µs",
                    rows,
                    List.of(
                        new Chart.Series("others", ChartColors.of(Role.NIO), points),
                        new Chart.Series("Sluice AUTO", ChartColors.of(Role.AUTO), auto)))),
        table.html());
  }

  private Map<String, List<CellResult>> byDirection() {
    return run.cells().stream()
        .collect(
            Collectors.groupingBy(CellResult::direction, LinkedHashMap::new, Collectors.toList()));
  }

  /** A figure by size, where one connection and one thread moved more than one size. */
  private Optional<DomContent> lines(
      String name,
      List<CellResult> cells,
      String figure,
      Function<ContenderResult, Interval> which) {
    List<CellResult> alone =
        cells.stream()
            .filter(cell -> cell.connections() == 1 && cell.thread().equals("platform"))
            .filter(cell -> cell.failure() == null)
            .toList();
    return alone.isEmpty()
        ? Optional.empty()
        : Optional.of(chart(() -> drawnLines(name, alone, figure, which)));
  }

  private String drawnLines(
      String name,
      List<CellResult> alone,
      String figure,
      Function<ContenderResult, Interval> which) {
    Map<String, Chart.Series> series = new LinkedHashMap<>();
    for (int place = 0; place < alone.size(); place++) {
      for (ContenderResult contender : alone.get(place).contenders()) {
        Interval value = contender.measured() ? which.apply(contender) : null;
        if (value != null && DRAWN.contains(contender.role())) {
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
        id(name + "-" + direction),
        alone.get(0).direction() + ", " + figure + " by size, Java " + SummaryText.major(run),
        figure,
        alone.stream().map(CellResult::piece).toList(),
        List.copyOf(series.values()));
  }

  private DomContent table(List<CellResult> cells) {
    Table table =
        new Table(
            "calls ask for",
            "contender",
            "GB/s",
            "interval",
            "CPU s/GB",
            "system calls a call",
            "× NIO",
            "interval",
            "× C",
            "verdict");
    for (CellResult cell : cells) {
      if (cell.failure() != null) {
        table.row("failed", Table.words(cell.what()), Table.words("FAILED: " + cell.failure()));
      }
      for (ContenderResult contender : cell.contenders()) {
        if (contender.outcome() == Outcome.FAILED) {
          table.row(
              "failed",
              Table.words(cell.what()),
              Table.words(contender.name()),
              Table.words("FAILED: " + contender.reason()).attr("colspan", "8"));
        } else if (contender.measured()) {
          row(table, cell, contender);
        }
      }
    }
    return table.html();
  }

  private void row(Table table, CellResult cell, ContenderResult contender) {
    Interval speed = contender.gigabytesPerSecond();
    boolean isNio = contender.role() == Role.NIO;
    boolean isJudged = contender.role() == Role.AUTO && cell.verdict() != null;
    table.row(
        kind(contender),
        Table.words(cell.what()).attr("data-value", cell.pieceBytes()),
        Table.words(contender.name()),
        number(cell, speed.median(), Figures.speed(speed)),
        Table.words(Figures.range(speed)),
        number(
            cell,
            median(contender.cpuSecondsPerGigabyte()),
            Figures.cpu(contender.cpuSecondsPerGigabyte())),
        number(cell, contender.systemCallsPerCall(), Figures.calls(contender.systemCallsPerCall())),
        number(
            cell,
            isNio ? Double.valueOf(1) : median(contender.ratioToNio()),
            isNio ? "1" : Figures.times(contender.ratioToNio())),
        Table.words(Figures.range(contender.ratioToNio())),
        number(cell, median(contender.ratioToC()), Figures.times(contender.ratioToC())),
        Table.words(isJudged ? cell.verdict().name() : ""));
  }

  private DomContent number(CellResult cell, Double value, String shown) {
    return Table.number(value, CellCommand.figure(run, cell.id(), shown));
  }

  private static Double median(Interval interval) {
    return interval == null ? null : interval.median();
  }

  private static String kind(ContenderResult contender) {
    return "role-" + contender.role().name().toLowerCase(Locale.ROOT);
  }

  private static List<DomContent> leftOut(List<CellResult> cells) {
    Map<String, String> reasons = new LinkedHashMap<>();
    cells.stream()
        .flatMap(cell -> cell.contenders().stream())
        .filter(contender -> contender.outcome() == Outcome.LEFT_OUT)
        .forEach(contender -> reasons.putIfAbsent(contender.name(), contender.reason()));
    return reasons.isEmpty()
        ? List.of()
        : List.of(
            p("Left out: "
                    + reasons.entrySet().stream()
                        .map(each -> each.getKey() + " (" + each.getValue() + ")")
                        .collect(Collectors.joining("; ")))
                .withClass("small-print"));
  }

  /** A chart, or why there is none: to measure text, Java needs fontconfig and a font. */
  private static DomContent chart(Supplier<String> drawn) {
    try {
      return div(rawHtml(drawn.get())).withClass("wide");
    } catch (LinkageError | InternalError | RuntimeException e) {
      return p("No chart could be drawn (Java needs fontconfig and a font for it): " + e)
          .withClass("warning");
    }
  }

  private String id(String name) {
    return "chart-" + SummaryText.major(run) + "-" + name;
  }
}
