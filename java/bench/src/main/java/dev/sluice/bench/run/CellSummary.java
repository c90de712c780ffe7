package dev.sluice.bench.run;

import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the result of a cell out of its rounds. */
public final class CellSummary {
  public static final double CONFIDENCE = 0.95;
  private static final double CLEAR_CONFIDENCE = 0.99;

  private CellSummary() {}

  static CellResult of(
      Cell cell,
      String sha256,
      int warmUpRounds,
      int rounds,
      long compilerMillis,
      List<ImplementationRun> runs) {
    Optional<ImplementationRun> nio = measured(runs, Role.NIO);
    Optional<ImplementationRun> loop = measured(runs, Role.LOOP);
    Optional<ImplementationRun> auto = measured(runs, Role.AUTO);
    Interval autoToNio = ratio(auto, nio);
    return result(
        cell,
        sha256,
        warmUpRounds,
        rounds,
        compilerMillis,
        autoToNio == null ? null : Verdict.of(autoToNio),
        ratio(auto, loop),
        null,
        runs.stream().map(run -> result(cell, run, runs, nio)).toList());
  }

  /**
   * Whether the verdict is clear. This asks for more confidence than the verdict itself: a look at
   * half of the rounds must not make a win of what is none.
   */
  static boolean isDecided(List<ImplementationRun> runs) {
    Interval ratio = ratio(measured(runs, Role.AUTO), measured(runs, Role.NIO), CLEAR_CONFIDENCE);
    return ratio == null || Verdict.isClear(ratio);
  }

  /** The result of a cell whose fixture broke down. */
  static CellResult failed(Cell cell, String failure) {
    return result(cell, null, 0, 0, 0, null, null, failure, List.of());
  }

  private static CellResult result(
      Cell cell,
      String sha256,
      int warmUpRounds,
      int rounds,
      long compilerMillis,
      Verdict verdict,
      Interval ratioToLoop,
      String failure,
      List<ContenderResult> contenders) {
    return new CellResult(
        cell.id(),
        cell.direction().id(),
        cell.direction().title(),
        cell.what(),
        cell.roundSize().piece(),
        cell.roundSize().region(),
        cell.roundSize().passes(),
        cell.concurrency().isVirtual() ? "virtual" : "platform",
        cell.concurrency().connections(),
        cell.oneThreadDoesAll() ? "thread" : "process",
        sha256,
        warmUpRounds,
        rounds,
        compilerMillis,
        verdict,
        ratioToLoop,
        failure,
        contenders);
  }

  private static ContenderResult result(
      Cell cell,
      ImplementationRun run,
      List<ImplementationRun> runs,
      Optional<ImplementationRun> nio) {
    Implementation implementation = run.implementation();
    Optional<ImplementationRun> self = Optional.of(run).filter(CellSummary::hasRounds);
    Optional<ImplementationRun> c = self.flatMap(e -> sameCallFromC(e, runs));
    double gigabytes = cell.roundSize().bytes() * cell.concurrency().connections() / 1e9;
    return new ContenderResult(
        implementation.name(),
        implementation.role(),
        implementation.mechanism(),
        run.outcome(),
        run.reason(),
        run.sha256(),
        run.systemCallsPerCall(),
        self.map(e -> interval(e, round -> gigabytes / (round.nanos() / 1e9))).orElse(null),
        self.filter(e -> implementation.isInThisProcess())
            .map(e -> interval(e, round -> round.cpuNanos() / 1e9 / gigabytes))
            .orElse(null),
        run.calls(),
        ratio(self, nio),
        c.map(e -> e.implementation().name()).orElse(null),
        ratio(self, c),
        List.copyOf(run.rounds()));
  }

  /**
   * The loop in C that makes the same system call. AUTO is compared with the fastest loop whose
   * call a mechanism of Sluice makes in this cell, since AUTO could have chosen that mechanism.
   */
  private static Optional<ImplementationRun> sameCallFromC(
      ImplementationRun run, List<ImplementationRun> runs) {
    List<String> mechanisms =
        run.implementation().role() == Role.AUTO
            ? runs.stream()
                .filter(e -> e.implementation().role() == Role.MECHANISM && hasRounds(e))
                .flatMap(e -> Stream.ofNullable(e.implementation().mechanism()))
                .toList()
            : run.implementation().role() == Role.MECHANISM
                ? Stream.ofNullable(run.implementation().mechanism()).toList()
                : List.of();
    return runs.stream()
        .filter(e -> e.implementation().role() == Role.C && hasRounds(e))
        .filter(e -> mechanisms.contains(e.implementation().mechanism()))
        .min(Comparator.comparingDouble(e -> interval(e, Measurement::nanos).median()));
  }

  private static Optional<ImplementationRun> measured(List<ImplementationRun> runs, Role role) {
    return runs.stream().filter(e -> e.implementation().role() == role && hasRounds(e)).findFirst();
  }

  private static boolean hasRounds(ImplementationRun run) {
    return run.takesPart() && !run.rounds().isEmpty();
  }

  /**
   * How many times as fast as the other the one is, over the rounds that both took part in. Null if
   * either is missing or if they are the same.
   */
  private static Interval ratio(
      Optional<ImplementationRun> one, Optional<ImplementationRun> other) {
    return ratio(one, other, CONFIDENCE);
  }

  private static Interval ratio(
      Optional<ImplementationRun> one, Optional<ImplementationRun> other, double confidence) {
    if (one.isEmpty() || other.isEmpty() || Objects.equals(one, other)) {
      return null;
    }
    Map<Integer, Long> others =
        other.get().rounds().stream()
            .collect(Collectors.toMap(Measurement::round, Measurement::nanos));
    double[] ratios =
        one.get().rounds().stream()
            .filter(round -> others.containsKey(round.round()))
            .mapToDouble(round -> (double) others.get(round.round()) / round.nanos())
            .toArray();
    return ratios.length == 0 ? null : Statistics.medianInterval(confidence, ratios);
  }

  private static Interval interval(ImplementationRun run, ToDoubleFunction<Measurement> figure) {
    return Statistics.medianInterval(
        CONFIDENCE, run.rounds().stream().mapToDouble(figure).toArray());
  }
}
