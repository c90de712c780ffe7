package dev.sluice.bench.terminal;

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
 * The speeds that moved beyond noise from one report to another. The machine's share in a cell is
 * told in a line of its own, and taken off the first report's speeds. A speed has moved when its
 * medians are then further apart than their intervals explain, than the margin and than noise. How
 * far the two agree in their verdicts is told as well.
 */
public final class ReportDiff {
  private static final String ROW = "%-28s %-26s %8s %8s  %s%n";

  /** The least relative change that is worth a line. */
  private static final double MARGIN = 0.1;

  private final StringBuilder text = new StringBuilder();
  private final VerdictAgreement agreement = new VerdictAgreement();
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
    diff.line("%s", diff.agreement.summary());
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
    Map<CellResult, List<SpeedChange>> changes = new LinkedHashMap<>();
    for (CellResult cell : after.cells()) {
      CellResult earlier = cells.get(cell.id());
      if (earlier != null) {
        changes.put(cell, changes(earlier, cell));
      }
    }
    MachineShare machine = MachineShare.of(changes.values());
    double limit = Math.max(Math.log1p(MARGIN), machine.noise());
    line("told is what moved by more than %.0f %%", 100 * Math.expm1(limit));
    changes.forEach(
        (cell, each) -> {
          machine(cell, machine.in(each));
          cell(cell, each, machine.in(each), limit);
          agreement.add(cells.get(cell.id()), cell).forEach(text -> line("%s", text));
        });
  }

  private static List<SpeedChange> changes(CellResult before, CellResult after) {
    Map<String, ContenderResult> contenders = by(before.contenders(), ContenderResult::name);
    return after.contenders().stream()
        .filter(ContenderResult::measured)
        .filter(each -> contenders.containsKey(each.name()))
        .filter(each -> contenders.get(each.name()).measured())
        .map(
            each ->
                new SpeedChange(
                    each,
                    contenders.get(each.name()).gigabytesPerSecond(),
                    each.gigabytesPerSecond()))
        .toList();
  }

  private void machine(CellResult cell, double share) {
    if (Math.abs(share - 1) > MARGIN) {
      row(cell.id(), "the machine: NIO, loop, C", "", "", Figures.of("%.2f", share));
    }
  }

  private void cell(CellResult cell, List<SpeedChange> changes, double share, double limit) {
    for (SpeedChange change : changes) {
      compared++;
      if (change.isMoved(share, limit)) {
        moved++;
        row(
            cell.id(),
            change.contender().name(),
            Figures.speed(change.before()),
            Figures.speed(change.after()),
            Figures.of("%.2f", change.ratio()));
      }
    }
  }

  private void row(Object... cells) {
    if (!hasHeading) {
      hasHeading = true;
      text.append(String.format(Locale.ROOT, ROW, "cell", "contender", "GB/s", "then", "times"));
    }
    text.append(String.format(Locale.ROOT, ROW, cells));
  }

  /**
   * Whether a figure has moved beyond noise: beyond what the halves of both intervals that face
   * each other explain together, and beyond a limit.
   *
   * @param limit the least logarithm of the ratio
   */
  public static boolean isMoved(Interval before, Interval after, double limit) {
    boolean rose = after.median() > before.median();
    Interval lower = rose ? before : after;
    Interval higher = rose ? after : before;
    double explained =
        Math.hypot(
            Math.log(lower.high() / lower.median()), Math.log(higher.median() / higher.low()));
    return Math.log(higher.median() / lower.median()) > Math.max(limit, explained);
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
