package dev.sluice.bench.page;

import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;

import dev.sluice.bench.report.FirstCall;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The first transfer of a fresh JVM, each way. */
final class FirstCallsTable {
  private FirstCallsTable() {}

  static List<DomContent> of(Run run) {
    if (run.firstCalls().isEmpty()) {
      return List.of();
    }
    HtmlTable table = new HtmlTable("first transfer", "ms", "interval", "each JVM, ms");
    for (FirstCall call : run.firstCalls()) {
      table.row(
          "role-" + call.role().name().toLowerCase(Locale.ROOT),
          HtmlTable.words(call.name()),
          HtmlTable.number(
              call.millis().median(),
              CellCommand.figure(run, "first-call", Figures.millis(call.millis()))),
          HtmlTable.words(Figures.range(call.millis())),
          HtmlTable.words(
              call.byJvm().stream()
                  .map(each -> Figures.of("%.2f", each))
                  .collect(Collectors.joining(", "))));
    }
    return List.of(
        h3("The first call"),
        p(
            "The first transfer of a fresh JVM, 64 KiB from a file to a file. What is loaded for it"
                + " is in the time: classes, and Sluice's native library, which is unpacked and"
                + " verified."),
        table.html());
  }
}
