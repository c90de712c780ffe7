package dev.sluice.bench.page;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.code;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.document;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.script;
import static j2html.TagCreator.section;
import static j2html.TagCreator.style;
import static j2html.TagCreator.title;
import static j2html.TagCreator.ul;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.Verdict;
import j2html.tags.DomContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The page: one file that needs no network and no script, though a script sorts its tables. */
final class Page {
  private final Report report;
  private final List<GuardsReport> guards;

  private Page(Report report, List<GuardsReport> guards) {
    this.report = report;
    this.guards = guards;
  }

  static String of(Report report, List<GuardsReport> guards) {
    return new Page(report, guards).text();
  }

  private String text() {
    return document(
        html(
                head(
                    meta().withCharset("utf-8"),
                    meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                    title("Sluice beside NIO"),
                    style(rawHtml(resource("style.css")))),
                body(top(), contents(), main(sections().toArray(new DomContent[0]))),
                script(rawHtml(resource("sort.js"))))
            .withLang("en"));
  }

  private DomContent top() {
    return header(
        h1("Sluice beside NIO"),
        p(what()),
        report.complete()
            ? null
            : p("The run was interrupted: this is what was done until then.").withClass("warning"));
  }

  private String what() {
    Report.Settings settings = report.settings();
    Report.Machine machine = report.machine();
    return String.format(
        Locale.ROOT,
        "%s moved on %s, %d cores, %s, %s.",
        settings.generated()
            ? "320 MiB of random bytes"
            : String.format(Locale.ROOT, "%s, %,d bytes,", settings.file(), settings.fileBytes()),
        machine.cpu(),
        machine.cores(),
        machine.kernel(),
        report.created().substring(0, 10));
  }

  private DomContent contents() {
    return nav(
        each(
            List.of(
                "verdict",
                "throughput",
                "cpu",
                "textbook",
                "sharing",
                "latency",
                "guards",
                "facts",
                "commands"),
            name -> a(name).withHref("#" + name)));
  }

  private List<DomContent> sections() {
    List<DomContent> all = new ArrayList<>();
    all.add(part("verdict", "The verdict", this::verdict));
    all.add(part("throughput", "Throughput by size", ThroughputSection::of));
    all.add(part("cpu", "CPU time for a gigabyte", CpuTimeSection::of));
    all.add(part("textbook", "The textbook's table, measured", TextbookSection::of));
    all.add(part("sharing", "Copied or shared, proven", SharingSection::of));
    all.add(part("latency", "Single calls", SingleCallsSection::of));
    all.add(GuardsSection.of(guards));
    all.add(FactsSection.of(report));
    all.add(part("commands", "The command for each cell", this::commands));
    return all;
  }

  /** A section of the page. Where there are several JDKs, each has a part of the section. */
  private DomContent part(String id, String heading, Function<Run, List<DomContent>> content) {
    List<DomContent> parts = new ArrayList<>();
    if (id.equals("verdict") && report.runs().size() > 1) {
      parts.add(VerdictTable.byJdk(report.runs()));
    }
    for (Run run : report.runs()) {
      if (report.runs().size() > 1) {
        parts.add(h3("Java " + run.jdk().version()));
      }
      parts.addAll(content.apply(run));
    }
    return section(h2(heading), each(parts, part -> part)).withId(id);
  }

  private List<DomContent> verdict(Run run) {
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p("On Java " + SummaryText.major(run) + ": " + SummaryText.verdict(run))
            .withClass("verdict"));
    if (!run.library().available()) {
      parts.add(
          p("Sluice is not available and takes no part: " + run.library().cause())
              .withClass("warning"));
    }
    for (Run.Jvm jvm : run.jvms()) {
      if (jvm.failure() != null) {
        parts.add(p("FAILED: JVM " + jvm.number() + " " + jvm.failure()).withClass("warning"));
      }
    }
    parts.add(VerdictChart.of(report, run));
    parts.add(
        div(
                card(run, "Sluice wins", "win", Verdict.WIN),
                card(run, "Level", "level", Verdict.LEVEL),
                card(run, "Sluice loses", "loss", Verdict.LOSS),
                card(run, "Not told apart", "apart", Verdict.NOT_TOLD_APART),
                card(
                    "A simple loop is enough",
                    "loop",
                    SummaryText.cells(run, CellResult::loopIsEnough, true)))
            .withClass("cards"));
    parts.add(VerdictTable.of(run));
    parts.add(
        p(
            "× is the speed of Sluice's AUTO over that of NIO's own call; in the last card, over"
                + " that of a plain loop that reads and writes through one direct buffer of 256"
                + " KiB. Each fresh JVM gives one ratio, the small dot: the median of its rounds,"
                + " which are paired. The large dot is the median of the JVMs, the line goes from"
                + " the smallest to the largest. Sluice wins or loses where all JVMs agree and"
                + " their median is "
                + percent(report.settings().margin())
                + " off 1 or more; it is level where all lie within "
                + percent(report.settings().margin())
                + "; else they are not told apart."));
    List<String> failed =
        run.cells().stream().filter(cell -> !cell.sound()).map(CellResult::id).toList();
    if (!failed.isEmpty()) {
      parts.add(p("FAILED: " + String.join(", ", failed)).withClass("warning"));
    }
    return parts;
  }

  private static DomContent card(Run run, String heading, String kind, Verdict verdict) {
    return card(heading, kind, SummaryText.cells(run, cell -> cell.verdict() == verdict, false));
  }

  private static DomContent card(String heading, String kind, List<String> lines) {
    return div(h3(heading), lines.isEmpty() ? p("nowhere") : ul(each(lines, line -> li(line))))
        .withClasses("card", kind);
  }

  private List<DomContent> commands(Run run) {
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p(
            "Each figure in a table above leads here. Run from the project's directory, the command"
                + " measures the cell again."));
    List<String> ids = new ArrayList<>(run.cells().stream().map(CellResult::id).toList());
    if (!run.mechanisms().isEmpty()) {
      ids.add("textbook");
    }
    parts.add(
        dl(
            each(
                ids,
                id ->
                    div(dt(id), dd(code(CellCommand.text(report, run, id))))
                        .withId(CellCommand.anchor(run, id))
                        .withClass("command"))));
    return parts;
  }

  private static String percent(double part) {
    return Math.round(100 * part) + " %";
  }

  private static String resource(String name) {
    try (InputStream stream = Page.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
