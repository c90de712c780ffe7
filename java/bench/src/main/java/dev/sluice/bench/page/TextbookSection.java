package dev.sluice.bench.page;

import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.small;
import static j2html.TagCreator.span;

import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.MechanismResult.Seen;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The textbook's claims beside what was measured. */
final class TextbookSection {
  private TextbookSection() {}

  static List<DomContent> of(Run run) {
    List<DomContent> parts = new ArrayList<>();
    if (run.mechanisms().isEmpty()) {
      return List.of(p("Not measured: it was not asked for."));
    }
    parts.add(
        p(
            "What textbooks say of a pass from a disk to a network card, and what the kernel"
                + " counted here while a file was moved in pieces of 1 MiB, in "
                + passes(run)
                + " passes by code that had been compiled: figures for each MiB, of the"
                + " transferring thread; the median over the passes and, where they differ, its"
                + " interval. Over loopback there is no card: the second DMA copy of the book does"
                + " not happen, and the receiver takes over what the sender's kernel would have"
                + " handed to the card. The first one, from the disk, is in the column of cold"
                + " reads. Mode switches are computed, not measured: two for each system call and"
                + " two for each page fault, without interrupts. A dash is a figure that was not"
                + " measured."));
    parts.add(p("System calls: " + run.systemCalls() + "."));
    run.mechanismsByDirection()
        .forEach(
            (direction, rows) -> {
              parts.add(h3(direction));
              parts.add(table(run, rows));
            });
    return parts;
  }

  private static DomContent table(Run run, List<MechanismResult> rows) {
    HtmlTable table =
        new HtmlTable(
            "way",
            "book: CPU copies",
            "book: DMA copies",
            "book: mode switches",
            "system calls",
            "which",
            "mode switches, computed",
            "bytes through user space",
            "user CPU µs",
            "kernel CPU µs",
            "waits",
            "preemptions",
            "page faults",
            "cold: blocks of 512 B read");
    for (MechanismResult row : rows) {
      String kind = "role-" + row.role().name().toLowerCase(Locale.ROOT);
      if (row.outcome() == Outcome.FAILED) {
        table.row(
            "failed", HtmlTable.words(row.name()), HtmlTable.words("FAILED: " + row.reason()));
      } else if (row.seen() != null) {
        Seen seen = row.seen();
        TextbookFigures figures = TextbookFigures.of(row);
        MechanismResult.Book book = row.book();
        table.row(
            kind,
            HtmlTable.words(row.name()),
            HtmlTable.words(book == null ? "–" : book.cpuCopies()),
            HtmlTable.words(book == null ? "–" : book.dmaCopies()),
            HtmlTable.words(book == null ? "–" : book.modeSwitches()),
            number(run, figures.calls()),
            HtmlTable.words(which(seen)),
            number(run, figures.modeSwitches()),
            number(run, figures.userBytes()),
            number(run, figures.userMicros()),
            number(run, figures.systemMicros()),
            number(run, figures.voluntarySwitches()),
            number(run, figures.involuntarySwitches()),
            number(run, figures.faults()),
            number(run, figures.coldBlockReads()));
      }
    }
    return table.html();
  }

  /** How often the file was moved in each row. */
  private static String passes(Run run) {
    return run.mechanisms().stream()
        .filter(row -> row.seen() != null)
        .map(row -> String.valueOf(row.seen().passes()))
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  private static TdTag number(Run run, TextbookFigure figure) {
    return HtmlTable.number(
        figure.value(),
        span(
            CellCommand.figure(run, "textbook", figure.shown()),
            small(figure.range().isEmpty() ? "" : " " + figure.range())));
  }

  /** The system calls made most often, as "sendfile 32, fstat 32". */
  private static String which(Seen seen) {
    return seen.systemCalls() == null
        ? Figures.NOT_MEASURED
        : seen.systemCalls().stream()
            .sorted((one, other) -> Long.compare(other.count(), one.count()))
            .limit(4)
            .map(call -> call.name() + " " + call.count())
            .collect(Collectors.joining(", "));
  }
}
