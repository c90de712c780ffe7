package dev.sluice.bench;

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

/** Makes a cell's result of its rounds. */
final class Summary {
  static final double CONFIDENCE = 0.95;
  private static final double CLEAR_CONFIDENCE = 0.99;

  private Summary() {}

  static CellResult of(
      Cell cell,
      String sha256,
      int warmUpRounds,
      int rounds,
      long compilerMillis,
      List<Entrant> entrants) {
    Optional<Entrant> nio = measured(entrants, Role.NIO);
    Optional<Entrant> loop = measured(entrants, Role.LOOP);
    Optional<Entrant> auto = measured(entrants, Role.AUTO);
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
        entrants.stream().map(entrant -> result(cell, entrant, entrants, nio)).toList());
  }

  /**
   * Whether the verdict is clear: with more confidence than it needs, so that a look at half of the
   * rounds does not make a win of what is none.
   */
  static boolean isDecided(List<Entrant> entrants) {
    Interval ratio =
        ratio(measured(entrants, Role.AUTO), measured(entrants, Role.NIO), CLEAR_CONFIDENCE);
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
        cell.pieceSize().title(),
        cell.roundSize().piece(),
        cell.roundSize().region(),
        cell.roundSize().passes(),
        cell.concurrency().isVirtual() ? "virtual" : "platform",
        cell.concurrency().connections(),
        cell.concurrency() == Concurrency.ALONE ? "thread" : "process",
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
      Cell cell, Entrant entrant, List<Entrant> entrants, Optional<Entrant> nio) {
    Contender contender = entrant.contender();
    Optional<Entrant> self = Optional.of(entrant).filter(Summary::hasRounds);
    Optional<Entrant> c = self.flatMap(e -> sameCallFromC(e, entrants));
    double gigabytes = cell.roundSize().bytes() * cell.concurrency().connections() / 1e9;
    return new ContenderResult(
        contender.name(),
        contender.role(),
        contender.mechanism(),
        entrant.outcome(),
        entrant.reason(),
        entrant.sha256(),
        entrant.systemCallsPerCall(),
        self.map(e -> interval(e, round -> gigabytes / (round.nanos() / 1e9))).orElse(null),
        self.filter(e -> contender.isInThisProcess())
            .map(e -> interval(e, round -> round.cpuNanos() / 1e9 / gigabytes))
            .orElse(null),
        entrant.calls(),
        ratio(self, nio),
        c.map(e -> e.contender().name()).orElse(null),
        ratio(self, c),
        List.copyOf(entrant.rounds()));
  }

  /**
   * The loop in C that makes the same system call. AUTO is held against the fastest one whose call
   * Sluice has a mechanism for here, since that is what it could have chosen.
   */
  private static Optional<Entrant> sameCallFromC(Entrant entrant, List<Entrant> entrants) {
    List<String> mechanisms =
        entrant.contender().role() == Role.AUTO
            ? entrants.stream()
                .filter(e -> e.contender().role() == Role.MECHANISM && hasRounds(e))
                .flatMap(e -> Stream.ofNullable(e.contender().mechanism()))
                .toList()
            : entrant.contender().role() == Role.MECHANISM
                ? Stream.ofNullable(entrant.contender().mechanism()).toList()
                : List.of();
    return entrants.stream()
        .filter(e -> e.contender().role() == Role.C && hasRounds(e))
        .filter(e -> mechanisms.contains(e.contender().mechanism()))
        .min(Comparator.comparingDouble(e -> interval(e, Measurement::nanos).median()));
  }

  private static Optional<Entrant> measured(List<Entrant> entrants, Role role) {
    return entrants.stream().filter(e -> e.contender().role() == role && hasRounds(e)).findFirst();
  }

  private static boolean hasRounds(Entrant entrant) {
    return entrant.isIn() && !entrant.rounds().isEmpty();
  }

  /**
   * How many times as fast the one is, over the rounds that both took part in, or null if either is
   * missing or they are the same.
   */
  private static Interval ratio(Optional<Entrant> one, Optional<Entrant> other) {
    return ratio(one, other, CONFIDENCE);
  }

  private static Interval ratio(Optional<Entrant> one, Optional<Entrant> other, double confidence) {
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

  private static Interval interval(Entrant entrant, ToDoubleFunction<Measurement> figure) {
    return Statistics.medianInterval(
        CONFIDENCE, entrant.rounds().stream().mapToDouble(figure).toArray());
  }
}
