package dev.sluice.bench.terminal;

import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.page.Figures;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The speeds that moved beyond noise from one report to another. A ratio that all contenders of a
 * cell moved by is the machine's. It is told apart, and taken off the first report's speeds. A
 * speed has moved when its two intervals do not touch then, and its medians are further apart than
 * the margin and than noise.
 *
 * <p>The rounds of one run know nothing of what differs from run to run: where the bytes lie, what
 * the compiler made of the code. That noise is taken from the two reports themselves. If the
 * changes were drawn from a bell curve, its standard deviation would be 1.4826 times their median
 * size. A change of more than three such deviations is not explained by the many.
 */
public final class ReportDiff {
  private static final String ROW = "%-28s %-26s %8s %8s  %s%n";

  /** The least relative change that is worth a line. */
  private static final double MARGIN = 0.1;

  private static final int LEAST_IN_COMMON = 3;

  /** The median of fewer changes tells little. */
  private static final int LEAST_FOR_NOISE = 20;

  private static final double DEVIATIONS = 3;
  private static final double DEVIATION_BY_MEDIAN = 1.4826;
  private final StringBuilder text = new StringBuilder();
  private int compared;
  private int moved;
  private boolean hasHeading;

  private ReportDiff() {}

  public static String of(Report before, Report after) {
    ReportDiff diff = new ReportDiff();
    diff.settings(before, after);
    Map<String, Run> runs = by(before.runs(), ReportDiff::major);
    for (Run run : after.runs()) {
      Run earlier = runs.get(major(run));
      if (earlier != null) {
        diff.run(earlier, run);
      } else {
        diff.line("Java %s: only in the second report", run.jdk().version());
      }
    }
    diff.line("%d speeds compared, %d moved beyond noise", diff.compared, diff.moved);
    return diff.text.toString();
  }

  private void settings(Report before, Report after) {
    differs("CPU", before.machine().cpu(), after.machine().cpu());
    differs("cores", before.machine().cores(), after.machine().cores());
    differs("kernel", before.machine().kernel(), after.machine().kernel());
    differs("bytes of the file", before.settings().fileBytes(), after.settings().fileBytes());
    differs(
        "target's file system",
        before.settings().targetFileSystem(),
        after.settings().targetFileSystem());
  }

  private void differs(String what, Object before, Object after) {
    if (!Objects.equals(before, after)) {
      line("Not the same %s: %s, then %s", what, before, after);
    }
  }

  private void run(Run before, Run after) {
    line("Java %s, then %s", before.jdk().version(), after.jdk().version());
    Map<String, CellResult> cells = by(before.cells(), CellResult::id);
    Map<CellResult, List<Pair>> pairs = new LinkedHashMap<>();
    for (CellResult cell : after.cells()) {
      CellResult earlier = cells.get(cell.id());
      if (earlier != null) {
        pairs.put(cell, pairs(earlier, cell));
      }
    }
    double limit = limit(pairs.values().stream().flatMap(List::stream).toList());
    line("told is what moved by more than %.0f %%", 100 * Math.expm1(limit));
    pairs.forEach((cell, each) -> cell(cells.get(cell.id()), cell, each, limit));
  }

  /** One contender of one cell in both reports. */
  private record Pair(ContenderResult contender, Interval before, double all) {
    Interval after() {
      return contender.gigabytesPerSecond();
    }

    Interval scaled() {
      return new Interval(
          before.low() * all, before.median() * all, before.high() * all, before.confidence());
    }

    /** How far the speed moved, as the logarithm of a ratio. */
    double distance() {
      return Math.abs(Math.log(after().median() / scaled().median()));
    }
  }

  private static List<Pair> pairs(CellResult before, CellResult after) {
    Map<String, ContenderResult> contenders = by(before.contenders(), ContenderResult::name);
    List<ContenderResult> both =
        after.contenders().stream()
            .filter(ContenderResult::measured)
            .filter(each -> contenders.containsKey(each.name()))
            .filter(each -> contenders.get(each.name()).measured())
            .toList();
    double all = common(both, contenders);
    return both.stream()
        .map(each -> new Pair(each, contenders.get(each.name()).gigabytesPerSecond(), all))
        .toList();
  }

  private void cell(CellResult before, CellResult after, List<Pair> pairs, double limit) {
    double all = pairs.isEmpty() ? 1 : pairs.get(0).all();
    if (Math.abs(all - 1) > MARGIN) {
      row(after.id(), "all of them", "", "", Figures.of("%.2f", all));
    }
    for (Pair pair : pairs) {
      compared++;
      if (isMoved(pair.scaled(), pair.after(), limit)) {
        moved++;
        row(
            after.id(),
            pair.contender().name(),
            Figures.speed(pair.before()),
            Figures.speed(pair.after()),
            Figures.of("%.2f", pair.after().median() / pair.before().median()));
      }
    }
    if (!Objects.equals(before.verdict(), after.verdict())) {
      line("%-28s the verdict was %s and is %s", after.id(), before.verdict(), after.verdict());
    }
  }

  /** The least change that is told, as the logarithm of a ratio. */
  private static double limit(List<Pair> pairs) {
    double margin = Math.log1p(MARGIN);
    if (pairs.size() < LEAST_FOR_NOISE) {
      return margin;
    }
    double median = Statistics.median(pairs.stream().mapToDouble(Pair::distance).toArray());
    return Math.max(margin, DEVIATIONS * DEVIATION_BY_MEDIAN * median);
  }

  /**
   * The ratio that the contenders of a cell moved by in common: that is the machine's. Fewer than
   * three have nothing in common.
   */
  private static double common(List<ContenderResult> after, Map<String, ContenderResult> before) {
    if (after.size() < LEAST_IN_COMMON) {
      return 1;
    }
    return Statistics.median(
        after.stream()
            .mapToDouble(
                each ->
                    each.gigabytesPerSecond().median()
                        / before.get(each.name()).gigabytesPerSecond().median())
            .toArray());
  }

  private void row(Object... cells) {
    if (!hasHeading) {
      hasHeading = true;
      text.append(String.format(Locale.ROOT, ROW, "cell", "contender", "GB/s", "then", "times"));
    }
    text.append(String.format(Locale.ROOT, ROW, cells));
  }

  /**
   * Whether a figure has moved beyond noise.
   *
   * @param limit the least logarithm of the ratio
   */
  public static boolean isMoved(Interval before, Interval after, double limit) {
    boolean apart = before.high() < after.low() || after.high() < before.low();
    return apart && Math.abs(Math.log(after.median() / before.median())) > limit;
  }

  /** The major version of the JDK: 25, for 25.0.3+9. */
  private static String major(Run run) {
    return run.jdk().version().split("[.+-]")[0];
  }

  private static <T> Map<String, T> by(List<T> all, Function<T, String> name) {
    return all.stream()
        .collect(Collectors.toMap(name, each -> each, (one, other) -> one, LinkedHashMap::new));
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
