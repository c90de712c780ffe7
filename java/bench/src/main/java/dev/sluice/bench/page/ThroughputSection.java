package dev.sluice.bench.page;

import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.ul;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Speed by size: for each direction a chart, the tables, and what was left out. */
final class ThroughputSection {
  private ThroughputSection() {}

  static List<DomContent> of(Run run) {
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p(
            "All figures of a cell are over the same rounds: those of the first JVM that every"
                + " contender had. The last column is over all JVMs. The bars are the intervals of"
                + " the medians. A gigabyte is 10^9 bytes. Every contender moved the same bytes"
                + " over the same route, and every byte was verified first. Where the far end"
                + " computes for more than 90 % of the time, it had no time left, and set the"
                + " speed: its figure is marked."));
    run.cellsByDirection()
        .forEach(
            (direction, cells) -> {
              parts.add(h3(direction));
              SizeChart.of(run, "speed", cells, "GB/s", ContenderResult::gigabytesPerSecond)
                  .ifPresent(parts::add);
              parts.add(ContendersTable.leading(run, cells).html());
              parts.add(ContendersTable.all(run, cells).behind("All contenders"));
              parts.addAll(remarks(cells));
              parts.addAll(leftOut(cells));
            });
    return parts;
  }

  private static List<DomContent> remarks(List<CellResult> cells) {
    List<String> lines = new ArrayList<>();
    conditions(cells)
        .forEach((conditions, which) -> lines.add(which + ": for all contenders " + conditions));
    for (CellResult cell : cells) {
      CellRemarks.of(cell).forEach(remark -> lines.add(cell.what() + ": " + remark));
    }
    return lines.isEmpty()
        ? List.of()
        : List.of(ul(each(lines, line -> li(line))).withClass("small-print"));
  }

  /** The cells under each set of conditions. */
  private static Map<String, String> conditions(List<CellResult> cells) {
    return cells.stream()
        .filter(cell -> !cell.conditions().isEmpty())
        .collect(
            Collectors.groupingBy(
                CellRemarks::conditions,
                LinkedHashMap::new,
                Collectors.mapping(CellResult::what, Collectors.joining("; "))));
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
