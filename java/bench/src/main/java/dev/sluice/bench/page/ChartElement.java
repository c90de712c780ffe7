package dev.sluice.bench.page;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;

import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import java.util.Set;
import java.util.function.Supplier;

/** The element of the page that holds a chart. */
final class ChartElement {
  /** The roles that are drawn. A chart of all would show none; the tables have them all. */
  static final Set<Role> DRAWN = Set.of(Role.NIO, Role.LOOP, Role.AUTO, Role.NETTY, Role.C);

  private ChartElement() {}

  /** The chart, or why there is none: to measure text, Java needs fontconfig and a font. */
  static DomContent of(Supplier<String> drawn) {
    try {
      return div(rawHtml(drawn.get())).withClass("wide");
    } catch (LinkageError | InternalError | RuntimeException e) {
      return p("No chart could be drawn (Java needs fontconfig and a font for it): " + e)
          .withClass("warning");
    }
  }

  /** The id of a chart, which no other element of the page has. */
  static String id(Run run, String name) {
    return "chart-" + SummaryText.major(run) + "-" + name;
  }
}
