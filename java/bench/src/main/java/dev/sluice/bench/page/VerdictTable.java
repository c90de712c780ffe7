package dev.sluice.bench.page;

import static j2html.TagCreator.td;
import static j2html.TagCreator.text;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.Verdict;
import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The verdicts as tables: on AUTO against NIO, the loop and C, and those of several JDKs. */
final class VerdictTable {
  private VerdictTable() {}

  /** All comparisons of a run, behind a line. */
  static DomContent of(Run run) {
    HtmlTable table =
        new HtmlTable(
            "cell",
            "AUTO against",
            "times",
            "interval",
            "verdict",
            "each JVM",
            "rounds",
            "what would tell");
    for (CellResult cell : run.cells()) {
      for (Comparison comparison : cell.comparisons()) {
        table.row(
            "",
            HtmlTable.words(cell.id()),
            HtmlTable.words(comparison.against()),
            CellFigure.number(
                run, cell, comparison.ratio().median(), Figures.times(comparison.ratio())),
            HtmlTable.words(Figures.range(comparison.ratio())),
            verdict(comparison.verdict(), comparison.verdict().words()),
            HtmlTable.words(eachJvm(comparison)),
            HtmlTable.number(
                (double) comparison.rounds(), text(String.valueOf(comparison.rounds()))),
            HtmlTable.words(comparison.whatWouldTell()));
      }
    }
    return table.isEmpty()
        ? text("")
        : table.behind(
            "All verdicts: AUTO against NIO, the loop and C, with the ratio of each JVM");
  }

  /** The verdicts on AUTO against NIO, a column for each JDK. */
  static DomContent byJdk(List<Run> runs) {
    List<String> columns = new ArrayList<>(List.of("AUTO against NIO"));
    Set<String> ids = new LinkedHashSet<>();
    for (Run run : runs) {
      columns.add("Java " + SummaryText.major(run));
      run.cells().stream().filter(cell -> cell.verdict() != null).forEach(c -> ids.add(c.id()));
    }
    HtmlTable table = new HtmlTable(columns.toArray(new String[0]));
    for (String id : ids) {
      List<DomContent> row = new ArrayList<>(List.of(HtmlTable.words(id)));
      runs.forEach(run -> row.add(verdict(run, id)));
      table.row("", row.toArray(new DomContent[0]));
    }
    return table.html();
  }

  private static DomContent verdict(Run run, String id) {
    return run.cells().stream()
        .filter(cell -> cell.id().equals(id) && cell.verdict() != null)
        .findFirst()
        .map(
            cell ->
                verdict(
                    cell.verdict(), cell.verdict().words() + " " + SummaryText.times(cell.toNio())))
        .orElseGet(() -> HtmlTable.words("–"));
  }

  private static TdTag verdict(Verdict verdict, String words) {
    String name = verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return td(text(words)).withClass("verdict-" + name);
  }

  private static String eachJvm(Comparison comparison) {
    return comparison.byJvm().stream()
        .map(each -> Figures.of("%.2f", each.ratio()))
        .collect(Collectors.joining(", "));
  }
}
