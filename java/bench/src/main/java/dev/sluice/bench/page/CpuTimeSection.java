package dev.sluice.bench.page;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;

import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/** CPU time for a gigabyte: a small chart for each direction. */
final class CpuTimeSection {
  private CpuTimeSection() {}

  static List<DomContent> of(Run run) {
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p(
            "CPU time of the transferring thread, user and kernel, in seconds for each gigabyte."
                + " What the receiver's process spends is not in it. The tables above have the"
                + " figures, and those of many connections, where it is the time of the whole"
                + " process."));
    List<DomContent> charts = new ArrayList<>();
    run.cellsByDirection()
        .forEach(
            (direction, cells) ->
                SizeChart.of(run, "cpu", cells, "CPU s/GB", ContenderResult::cpuSecondsPerGigabyte)
                    .ifPresent(chart -> charts.add(div(h3(direction), chart).withClass("small"))));
    parts.add(div(each(charts, chart -> chart)).withClass("grid"));
    return parts;
  }
}
