package dev.sluice.bench.terminal;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether two runs say the same of AUTO against NIO, the loop and C. A verdict that only one of
 * them could tell contradicts nothing: the other says that it cannot tell.
 */
final class VerdictAgreement {
  private int verdicts;
  private int same;
  private int toldByOne;
  private int contradict;

  /** Takes a cell that both runs have. Answers a line for each verdict that differs. */
  List<String> add(CellResult before, CellResult after) {
    Map<String, Comparison> earlier = new LinkedHashMap<>();
    before.comparisons().forEach(each -> earlier.put(each.against(), each));
    return after.comparisons().stream()
        .filter(each -> earlier.containsKey(each.against()))
        .filter(each -> differs(earlier.get(each.against()).verdict(), each.verdict()))
        .map(each -> line(after, earlier.get(each.against()), each))
        .toList();
  }

  private boolean differs(Verdict before, Verdict after) {
    verdicts++;
    if (before == after) {
      same++;
    } else if (before == Verdict.NOT_TOLD_APART || after == Verdict.NOT_TOLD_APART) {
      toldByOne++;
    } else {
      contradict++;
    }
    return before != after;
  }

  private static String line(CellResult cell, Comparison before, Comparison after) {
    return String.format(
        Locale.ROOT,
        "%-28s to %s: the verdict was %s (%.2f) and is %s (%.2f)",
        cell.id(),
        after.against(),
        before.verdict().words(),
        before.ratio().median(),
        after.verdict().words(),
        after.ratio().median());
  }

  /** How far the two runs agree, in one line. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "%d verdicts of both: %d the same, %d told by one of them alone, %d contradict",
        verdicts,
        same,
        toldByOne,
        contradict);
  }
}
