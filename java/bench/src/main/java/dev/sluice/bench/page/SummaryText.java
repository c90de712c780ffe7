package dev.sluice.bench.page;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The result in plain words. */
final class SummaryText {
  private SummaryText() {}

  /** The major version of the JDK: "25", for 25.0.3+9. */
  static String major(Run run) {
    return run.jdk().version().split("[.+-]")[0];
  }

  /** The verdict in one sentence. */
  static String verdict(Run run) {
    long judged = count(run, cell -> cell.verdict() != null);
    if (judged == 0) {
      return "Nothing was judged: no cell has both Sluice's AUTO and NIO's own call.";
    }
    return "Sluice is faster than NIO in "
        + count(run, cell -> cell.verdict() == Verdict.WIN)
        + " of "
        + judged
        + " cells, level in "
        + count(run, cell -> cell.verdict() == Verdict.LEVEL)
        + ", slower in "
        + count(run, cell -> cell.verdict() == Verdict.LOSS)
        + ", and not told apart in "
        + count(run, cell -> cell.verdict() == Verdict.NOT_TOLD_APART)
        + ". In "
        + count(run, CellResult::loopIsEnough)
        + " of them a simple loop with a large direct buffer does as well.";
  }

  private static long count(Run run, Predicate<CellResult> which) {
    return run.cells().stream().filter(which).count();
  }

  /** The cells of a kind, a line for each direction: "socket to file: 1 MiB ×5.2 (4.4 .. 5.5)". */
  static List<String> cells(Run run, Predicate<CellResult> which, boolean againstLoop) {
    Map<String, List<CellResult>> found =
        run.cells().stream()
            .filter(which)
            .collect(
                Collectors.groupingBy(
                    CellResult::direction, LinkedHashMap::new, Collectors.toList()));
    return found.entrySet().stream()
        .map(
            each ->
                each.getKey()
                    + ": "
                    + each.getValue().stream()
                        .map(cell -> cell.what() + " " + words(cell, againstLoop))
                        .collect(Collectors.joining("; ")))
        .toList();
  }

  private static String words(CellResult cell, boolean againstLoop) {
    Comparison comparison = againstLoop ? cell.toLoop() : cell.toNio();
    String tells = comparison.whatWouldTell();
    return times(comparison) + (tells == null ? "" : "; what would tell: " + tells);
  }

  /** The ratio and its interval: "×1.22 (1.20 .. 1.24)". */
  static String times(Comparison comparison) {
    return "×" + Figures.times(comparison.ratio()) + " (" + Figures.range(comparison.ratio()) + ")";
  }
}
