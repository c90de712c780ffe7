package dev.sluice.bench.page;

import static j2html.TagCreator.code;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.text;

import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/** What hangs in NIO when a channel is closed or a thread interrupted. */
final class GuardsSection {
  private GuardsSection() {}

  static DomContent of(List<GuardsReport> guards) {
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p(
            "A transfer that waits, and what becomes of it when a channel is closed, its thread"
                + " interrupted, its output shut down or its peer gone. These are the cases that"
                + " NIO does not end."));
    for (GuardsReport each : guards) {
      parts.add(h3("Java " + each.java()));
      parts.add(
          p(
              "NIO hangs in "
                  + each.hanging().size()
                  + " of "
                  + each.cases()
                  + " cases, Sluice in "
                  + each.hangingHere()
                  + "."));
      HtmlTable table = new HtmlTable("transfer", "what happens", "thread", "NIO", "Sluice");
      for (GuardsReport.Hang hang : each.hanging()) {
        table.row(
            "",
            HtmlTable.words(hang.transfer()),
            HtmlTable.words(hang.act()),
            HtmlTable.words(hang.thread()),
            HtmlTable.words("hangs" + (hang.actorToo() ? ", and whoever did it" : "")),
            HtmlTable.words(hang.sluice()));
      }
      parts.add(table.html());
    }
    if (guards.isEmpty()) {
      parts.add(
          p(
              text("Not measured here yet: "),
              code("./gradlew guardsReport"),
              text(" measures it, and the next report has it.")));
    }
    return section(h2("Guards: what hangs"), each(parts, part -> part)).withId("guards");
  }
}
