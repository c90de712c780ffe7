package dev.sluice.bench.page;

import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Speed by size: for each direction a chart, the table, and what was left out. */
final class ThroughputSection {
  private ThroughputSection() {}

  static List<DomContent> of(Run run) {
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p(
            "The bars are the intervals of the medians. A gigabyte is 10^9 bytes. Every contender"
                + " moved the same bytes over the same route, and every byte was verified first."));
    run.cellsByDirection()
        .forEach(
            (direction, cells) -> {
              parts.add(h3(direction));
              SizeChart.of(run, "speed", cells, "GB/s", ContenderResult::gigabytesPerSecond)
                  .ifPresent(parts::add);
              parts.add(table(run, cells));
              parts.addAll(leftOut(cells));
            });
    return parts;
  }

  private static DomContent table(Run run, List<CellResult> cells) {
    HtmlTable table =
        new HtmlTable(
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
        table.row(
            "failed", HtmlTable.words(cell.what()), HtmlTable.words("FAILED: " + cell.failure()));
      }
      for (ContenderResult contender : cell.contenders()) {
        if (contender.outcome() == Outcome.FAILED) {
          table.row(
              "failed",
              HtmlTable.words(cell.what()),
              HtmlTable.words(contender.name()),
              HtmlTable.words("FAILED: " + contender.reason()).attr("colspan", "8"));
        } else if (contender.measured()) {
          row(run, table, cell, contender);
        }
      }
    }
    return table.html();
  }

  private static void row(Run run, HtmlTable table, CellResult cell, ContenderResult contender) {
    Interval speed = contender.gigabytesPerSecond();
    boolean isNio = contender.role() == Role.NIO;
    boolean isJudged = contender.role() == Role.AUTO && cell.verdict() != null;
    table.row(
        CellFigure.kind(contender),
        HtmlTable.words(cell.what()).attr("data-value", cell.pieceBytes()),
        HtmlTable.words(contender.name()),
        CellFigure.number(run, cell, speed.median(), Figures.speed(speed)),
        HtmlTable.words(Figures.range(speed)),
        CellFigure.number(
            run,
            cell,
            CellFigure.median(contender.cpuSecondsPerGigabyte()),
            Figures.cpu(contender.cpuSecondsPerGigabyte())),
        CellFigure.number(
            run,
            cell,
            contender.systemCallsPerCall(),
            Figures.calls(contender.systemCallsPerCall())),
        CellFigure.number(
            run,
            cell,
            isNio ? Double.valueOf(1) : CellFigure.median(contender.ratioToNio()),
            isNio ? "1" : Figures.times(contender.ratioToNio())),
        HtmlTable.words(Figures.range(contender.ratioToNio())),
        CellFigure.number(
            run,
            cell,
            CellFigure.median(contender.ratioToC()),
            Figures.times(contender.ratioToC())),
        HtmlTable.words(isJudged ? cell.verdict().words() : ""));
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
}
