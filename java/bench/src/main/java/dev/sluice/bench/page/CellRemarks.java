package dev.sluice.bench.page;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a reader has to know of a cell beside its figures, for the terminal and the page alike. */
public final class CellRemarks {
  private CellRemarks() {}

  /** The remarks on a cell, each a sentence without its full stop. */
  public static List<String> of(CellResult cell) {
    List<String> remarks = new ArrayList<>();
    add(
        remarks,
        cell,
        "the far end had no time left, so that it set the speed of",
        ContenderResult::limitedByFarEnd);
    add(remarks, cell, "one round alone, because of the time it takes", ContenderResult::sampled);
    return remarks;
  }

  /** The conditions of a cell in one line; empty where none are told. */
  public static String conditions(CellResult cell) {
    return cell.conditions().entrySet().stream()
        .map(CellRemarks::condition)
        .collect(Collectors.joining(", "));
  }

  private static String condition(Map.Entry<String, String> condition) {
    return condition.getKey() + " " + condition.getValue();
  }

  private static void add(
      List<String> remarks, CellResult cell, String what, Predicate<ContenderResult> which) {
    String names =
        cell.contenders().stream()
            .filter(each -> each.measured() && which.test(each))
            .map(ContenderResult::name)
            .collect(Collectors.joining("; "));
    if (!names.isEmpty()) {
      remarks.add(what + ": " + names);
    }
  }
}
