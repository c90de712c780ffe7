package dev.sluice.bench.page;

import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.MechanismResult.Seen;
import dev.sluice.bench.report.MechanismResult.Sharing;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The textbook's table beside what was seen, and the proof of sharing. */
final class Mechanisms {
  private Mechanisms() {}

  static List<DomContent> table(Report report, Run run) {
    List<DomContent> parts = new ArrayList<>();
    if (run.mechanisms().isEmpty()) {
      return List.of(p("Not measured: it was not asked for."));
    }
    parts.add(
        p(
            "What textbooks say of a pass from a disk to a network card, and what the kernel"
                + " counted here while a file was moved in pieces of 1 MiB: figures for each MiB,"
                + " of the transferring thread. Over loopback there is no card: the second DMA copy"
                + " of the book does not happen, and the receiver takes over what the sender's"
                + " kernel would have handed to the card. The first one, from the disk, is in the"
                + " column of cold reads. Mode switches are two for each system call and two for"
                + " each page fault; interrupts are not in them. A dash is a figure that was not"
                + " measured."));
    parts.add(p("System calls: " + run.systemCalls() + "."));
    Map<String, List<MechanismResult>> byDirection =
        run.mechanisms().stream()
            .collect(
                Collectors.groupingBy(
                    MechanismResult::direction, LinkedHashMap::new, Collectors.toList()));
    byDirection.forEach(
        (direction, rows) -> {
          parts.add(h3(direction));
          parts.add(table(run, rows));
        });
    return parts;
  }

  private static DomContent table(Run run, List<MechanismResult> rows) {
    Table table =
        new Table(
            "way",
            "book: CPU copies",
            "book: DMA copies",
            "book: mode switches",
            "system calls",
            "which",
            "mode switches",
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
        table.row("failed", Table.words(row.name()), Table.words("FAILED: " + row.reason()));
      } else if (row.seen() != null) {
        Seen seen = row.seen();
        SeenFigures figures = SeenFigures.of(row);
        MechanismResult.Book book = row.book();
        table.row(
            kind,
            Table.words(row.name()),
            Table.words(book == null ? "–" : book.cpuCopies()),
            Table.words(book == null ? "–" : book.dmaCopies()),
            Table.words(book == null ? "–" : book.modeSwitches()),
            number(run, figures.calls()),
            Table.words(which(seen)),
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

  private static TdTag number(Run run, String shown) {
    return SeenFigures.isNone(shown)
        ? Table.number(null, null)
        : Table.number(Double.valueOf(shown), CellCommand.figure(run, "textbook", shown));
  }

  /** "sendfile 32, fstat 32". */
  private static String which(Seen seen) {
    return seen.systemCalls() == null
        ? Figures.NOT_MEASURED
        : seen.systemCalls().stream()
            .sorted((one, other) -> Long.compare(other.count(), one.count()))
            .limit(4)
            .map(call -> call.name() + " " + call.count())
            .collect(Collectors.joining(", "));
  }

  static List<DomContent> sharing(Run run) {
    List<MechanismResult> tried =
        run.mechanisms().stream().filter(row -> !row.sharing().isEmpty()).toList();
    if (tried.isEmpty()) {
      return List.of(p("Not measured: it was not asked for."));
    }
    List<String> targets =
        List.copyOf(
            tried.stream()
                .flatMap(row -> row.sharing().stream())
                .map(Sharing::target)
                .collect(Collectors.toCollection(TreeSet::new)));
    List<String> columns = new ArrayList<>(List.of("way"));
    targets.forEach(target -> columns.add("to a " + target));
    Map<String, Map<String, Sharing>> ways = new LinkedHashMap<>();
    for (MechanismResult row : tried) {
      for (Sharing each : row.sharing()) {
        ways.computeIfAbsent(row.name(), key -> new LinkedHashMap<>()).put(each.target(), each);
      }
    }
    Table table = new Table(columns.toArray(new String[0]));
    ways.forEach(
        (way, answers) -> {
          List<DomContent> cells = new ArrayList<>(List.of(Table.words(way)));
          targets.forEach(target -> cells.add(answer(answers.get(target))));
          table.row("", cells.toArray(new DomContent[0]));
        });
    return List.of(
        p(
            "32 KiB of a file were sent, then the file was changed, and only then did the receiver"
                + " read. Where it read the change, it was given the pages of the file: nothing was"
                + " copied. Where it did not, it had a copy, or extents that are copied on write."),
        table.html());
  }

  private static DomContent answer(Sharing sharing) {
    if (sharing == null) {
      return Table.words("–");
    }
    TdTag cell =
        j2html.TagCreator.td(text(SeenFigures.words(sharing.answer())))
            .withClass("sharing-" + sharing.answer().name().toLowerCase(Locale.ROOT));
    return sharing.reason() == null ? cell : cell.withTitle(sharing.reason());
  }
}
