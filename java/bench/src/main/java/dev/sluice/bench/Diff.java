package dev.sluice.bench;

import dev.sluice.bench.page.Figures;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What moved beyond noise from one report to another. What all contenders of a cell moved by is the
 * machine's, and told apart. A speed has moved when, that taken off, the intervals of the two do
 * not touch and their medians are further apart than the margin.
 */
final class Diff {
  private static final String ROW = "%-28s %-26s %8s %8s  %s%n";
  private static final int LEAST_IN_COMMON = 3;
  private final StringBuilder text = new StringBuilder();
  private int compared;
  private int moved;
  private boolean hasHeading;

  private Diff() {}

  static String of(Report before, Report after) {
    Diff diff = new Diff();
    diff.settings(before, after);
    Map<String, Run> runs = by(before.runs(), Diff::major);
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
    for (CellResult cell : after.cells()) {
      CellResult earlier = cells.get(cell.id());
      if (earlier != null) {
        cell(earlier, cell);
      }
    }
  }

  private void cell(CellResult before, CellResult after) {
    Map<String, ContenderResult> contenders = by(before.contenders(), ContenderResult::name);
    List<ContenderResult> both =
        after.contenders().stream()
            .filter(ContenderResult::measured)
            .filter(each -> contenders.containsKey(each.name()))
            .filter(each -> contenders.get(each.name()).measured())
            .toList();
    double all = common(both, contenders);
    if (Math.abs(all - 1) > Verdict.MARGIN) {
      row(after.id(), "all of them", "", "", Figures.of("%.2f", all));
    }
    for (ContenderResult contender : both) {
      compared++;
      Interval one = contenders.get(contender.name()).gigabytesPerSecond();
      Interval other = contender.gigabytesPerSecond();
      if (isMoved(scaled(one, all), other)) {
        moved++;
        row(
            after.id(),
            contender.name(),
            Figures.speed(one),
            Figures.speed(other),
            Figures.of("%.2f", other.median() / one.median()));
      }
    }
    if (!Objects.equals(before.verdict(), after.verdict())) {
      line("%-28s the verdict was %s and is %s", after.id(), before.verdict(), after.verdict());
    }
  }

  /**
   * By how much the contenders of a cell moved in common: the machine had another day. With fewer
   * than three there is nothing in common.
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

  private static Interval scaled(Interval interval, double times) {
    return new Interval(
        interval.low() * times,
        interval.median() * times,
        interval.high() * times,
        interval.confidence());
  }

  private void row(Object... cells) {
    if (!hasHeading) {
      hasHeading = true;
      text.append(String.format(Locale.ROOT, ROW, "cell", "contender", "GB/s", "then", "times"));
    }
    text.append(String.format(Locale.ROOT, ROW, cells));
  }

  /** Whether a figure has moved beyond noise. */
  static boolean isMoved(Interval before, Interval after) {
    boolean apart = before.high() < after.low() || after.high() < before.low();
    return apart && Math.abs(after.median() / before.median() - 1) > Verdict.MARGIN;
  }

  /** 25, for 25.0.3+9. */
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
