package dev.sluice.bench.page;

import static j2html.TagCreator.text;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import j2html.tags.specialized.TdTag;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The figures of the contenders in the cells of a direction. */
final class ContendersTable {
  /** The roles of Sluice's own: the best of the others is none of these, and not NIO's call. */
  private static final Set<Role> NOT_OTHERS = Set.of(Role.AUTO, Role.MECHANISM, Role.NIO);

  private final Run run;
  private final HtmlTable table =
      new HtmlTable(
          "calls ask for",
          "contender",
          "GB/s",
          "interval",
          "CPU s/GB, thread",
          "CPU s/GB, both ends",
          "system calls a call",
          "× NIO",
          "interval",
          "× C",
          "far end busy",
          "AUTO against NIO");

  private ContendersTable(Run run) {
    this.run = run;
  }

  /** AUTO, NIO and the best other of each cell, and what failed. */
  static HtmlTable leading(Run run, List<CellResult> cells) {
    ContendersTable table = new ContendersTable(run);
    for (CellResult cell : cells) {
      Optional<ContenderResult> best = bestOther(cell);
      table.add(
          cell,
          contender ->
              contender.role() == Role.AUTO
                  || contender.role() == Role.NIO
                  || contender.outcome() == Outcome.FAILED
                  || best.filter(other -> other == contender).isPresent());
    }
    return table.table;
  }

  /** All contenders. */
  static HtmlTable all(Run run, List<CellResult> cells) {
    ContendersTable table = new ContendersTable(run);
    cells.forEach(cell -> table.add(cell, contender -> true));
    return table.table;
  }

  private static Optional<ContenderResult> bestOther(CellResult cell) {
    return cell.contenders().stream()
        .filter(each -> each.measured() && !each.sampled())
        .filter(each -> !NOT_OTHERS.contains(each.role()))
        .max(Comparator.comparingDouble(each -> each.gigabytesPerSecond().median()));
  }

  private void add(CellResult cell, Predicate<ContenderResult> which) {
    if (cell.failure() != null) {
      table.row(
          "failed",
          HtmlTable.words(cell.what()),
          HtmlTable.words("FAILED: " + cell.failure()).attr("colspan", "11"));
    }
    for (ContenderResult contender : cell.contenders()) {
      if (!which.test(contender)) {
        continue;
      }
      if (contender.outcome() == Outcome.FAILED) {
        table.row(
            "failed",
            HtmlTable.words(cell.what()),
            HtmlTable.words(contender.name()),
            HtmlTable.words("FAILED: " + contender.reason()).attr("colspan", "10"));
      } else if (contender.measured()) {
        row(cell, contender);
      }
    }
  }

  private void row(CellResult cell, ContenderResult contender) {
    Interval speed = contender.gigabytesPerSecond();
    boolean isNio = contender.role() == Role.NIO;
    boolean isJudged = contender.role() == Role.AUTO && cell.verdict() != null;
    table.row(
        CellFigure.kind(contender),
        HtmlTable.words(cell.what()).attr("data-value", cell.pieceBytes()),
        HtmlTable.words(contender.name() + (contender.sampled() ? " (one round)" : "")),
        number(cell, speed.median(), Figures.speed(speed)),
        HtmlTable.words(Figures.range(speed)),
        number(
            cell,
            CellFigure.median(contender.cpuSecondsPerGigabyte()),
            Figures.cpu(contender.cpuSecondsPerGigabyte())),
        number(
            cell,
            CellFigure.median(contender.machineCpuSecondsPerGigabyte()),
            Figures.cpu(contender.machineCpuSecondsPerGigabyte())),
        number(cell, contender.systemCallsPerCall(), Figures.calls(contender.systemCallsPerCall())),
        number(
            cell,
            isNio ? Double.valueOf(1) : CellFigure.median(contender.ratioToNio()),
            isNio ? "1" : Figures.times(contender.ratioToNio())),
        HtmlTable.words(Figures.range(contender.ratioToNio())),
        number(cell, CellFigure.median(contender.ratioToC()), Figures.times(contender.ratioToC())),
        farEnd(contender),
        HtmlTable.words(
            isJudged ? cell.verdict().words() + " " + SummaryText.times(cell.toNio()) : ""));
  }

  private TdTag number(CellResult cell, Double value, String shown) {
    return CellFigure.number(run, cell, value, shown);
  }

  /** How busy the far end was; marked where it set the speed. */
  private static TdTag farEnd(ContenderResult contender) {
    Double busy = contender.farEndBusy();
    String percent = busy == null ? "" : Math.round(100 * busy) + " %";
    TdTag cell = HtmlTable.number(busy, text(percent));
    return contender.limitedByFarEnd()
        ? cell.withClasses("number", "limited").withTitle("the far end had no time left")
        : cell;
  }
}
