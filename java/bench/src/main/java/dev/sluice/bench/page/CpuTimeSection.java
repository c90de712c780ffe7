package dev.sluice.bench.page;

import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/** CPU time for a gigabyte: a chart for each direction. */
final class CpuTimeSection {
  private CpuTimeSection() {}

  static List<DomContent> of(Run run) {
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p(
            "CPU time in seconds for each gigabyte, user and kernel: of the transferring thread,"
                + " and of both ends together where the far end computes as well. The tables above"
                + " have the figures, and those of many connections, where it is the time of the"
                + " whole process."));
    run.cellsByDirection()
        .forEach(
            (direction, cells) -> {
              parts.add(h3(direction));
              SizeChart.of(
                      run, "cpu", cells, "thread, CPU s/GB", ContenderResult::cpuSecondsPerGigabyte)
                  .ifPresent(parts::add);
              if (hasFarEnd(cells)) {
                SizeChart.of(
                        run,
                        "machine",
                        cells,
                        "both ends, CPU s/GB",
                        ContenderResult::machineCpuSecondsPerGigabyte)
                    .ifPresent(parts::add);
              }
            });
    return parts;
  }

  private static boolean hasFarEnd(List<CellResult> cells) {
    return cells.stream()
        .flatMap(cell -> cell.contenders().stream())
        .anyMatch(contender -> contender.farEndBusy() != null);
  }
}
