package dev.sluice.bench.page;

import static j2html.TagCreator.a;

import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;

/** The command that measures a cell again, and the links of the cell's figures to it. */
final class CellCommand {
  private CellCommand() {}

  /** The command itself. */
  static String text(Report report, Run run, String cell) {
    Report.Settings settings = report.settings();
    String arguments =
        (settings.generated() ? "--full" : "--file " + settings.file())
            + " --only "
            + cell
            + " --seconds "
            + Figures.of("%.1f", settings.secondsPerCell())
            + " --jvms "
            + settings.jvms()
            + (settings.against() == null ? "" : " --against " + settings.against());
    return settings.jar() == null
        ? "./gradlew compare -Pjdk=" + run.jdk().home() + " -Pargs=\"" + arguments + "\""
        : run.jdk().home() + "/bin/java -jar " + settings.jar() + " " + arguments;
  }

  /** The id of the element that holds the command. */
  static String anchor(Run run, String cell) {
    return "command-" + SummaryText.major(run) + "-" + cell.replace('/', '-');
  }

  /** A figure as a link to the command that measures it again. */
  static DomContent figure(Run run, String cell, String text) {
    return a(text).withHref("#" + anchor(run, cell)).withClass("figure");
  }
}
