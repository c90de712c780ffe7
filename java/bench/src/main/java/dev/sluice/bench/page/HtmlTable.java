package dev.sluice.bench.page;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import j2html.tags.specialized.TrTag;
import java.util.ArrayList;
import java.util.List;

/** A table that can be sorted by each of its columns. */
final class HtmlTable {
  private final String[] columns;
  private final List<TrTag> rows = new ArrayList<>();

  HtmlTable(String... columns) {
    this.columns = columns;
  }

  /** Adds a row. Its class in the style sheet says how it is drawn. */
  void row(String kind, DomContent... cells) {
    rows.add(tr(each(List.of(cells), cell -> cell)).withClass(kind));
  }

  /** A cell of words. */
  static TdTag words(String words) {
    return td(text(words == null ? "" : words));
  }

  /** A cell of a figure, or of a dash where there is none. */
  static TdTag number(Double value, DomContent shown) {
    TdTag cell = value == null ? td(text("–")) : td(shown).attr("data-value", value);
    return cell.withClass("number");
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The table behind a line that shows it when it is clicked. */
  DomContent behind(String line) {
    return details(summary(line), html());
  }

  DomContent html() {
    return div(table(
                thead(tr(each(List.of(columns), name -> th(name).attr("scope", "col")))),
                tbody(each(rows, row -> row)))
            .withClass("sortable"))
        .withClass("wide")
        .attr("tabindex", "0");
  }
}
