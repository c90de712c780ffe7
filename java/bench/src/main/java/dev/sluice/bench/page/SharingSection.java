package dev.sluice.bench.page;

import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.MechanismResult.Sharing;
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

/** The proof of sharing: whether each way gives a receiver the pages of the file or a copy. */
final class SharingSection {
  private SharingSection() {}

  static List<DomContent> of(Run run) {
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
    HtmlTable table = new HtmlTable(columns.toArray(new String[0]));
    ways.forEach(
        (way, answers) -> {
          List<DomContent> cells = new ArrayList<>(List.of(HtmlTable.words(way)));
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
      return HtmlTable.words("–");
    }
    TdTag cell =
        j2html.TagCreator.td(text(TextbookFigures.words(sharing.answer())))
            .withClass("sharing-" + sharing.answer().name().toLowerCase(Locale.ROOT));
    return sharing.reason() == null ? cell : cell.withTitle(sharing.reason());
  }
}
