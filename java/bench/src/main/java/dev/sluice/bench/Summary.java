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
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Makes a cell's result of its rounds. */
final class Summary {
  static final double CONFIDENCE = 0.95;

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
    return new CellResult(
        cell.id(),
        cell.direction().title(),
        cell.piece().title(),
        cell.work().piece(),
        cell.work().region(),
        cell.work().passes(),
        sha256,
        warmUpRounds,
        rounds,
        compilerMillis,
        autoToNio == null ? null : Verdict.of(autoToNio),
        ratio(auto, loop),
        null,
        entrants.stream().map(entrant -> result(cell, entrant, entrants, nio)).toList());
  }

  /** The result of a cell whose route broke down. */
  static CellResult failed(Cell cell, String failure) {
    return new CellResult(
        cell.id(),
        cell.direction().title(),
        cell.piece().title(),
        cell.work().piece(),
        cell.work().region(),
        cell.work().passes(),
        null,
        0,
        0,
        0,
        null,
        null,
        failure,
        List.of());
  }

  private static ContenderResult result(
      Cell cell, Entrant entrant, List<Entrant> entrants, Optional<Entrant> nio) {
    Contender contender = entrant.contender();
    Optional<Entrant> self = Optional.of(entrant).filter(Summary::hasRounds);
    Optional<Entrant> c = self.flatMap(e -> sameCallFromC(e, entrants));
    double gigabytes = cell.work().bytes() / 1e9;
    return new ContenderResult(
        contender.name(),
        contender.role(),
        contender.mechanism(),
        entrant.outcome(),
        entrant.reason(),
        entrant.sha256(),
        entrant.systemCallsPerCall(),
        self.map(e -> gigabytes / Statistics.median(seconds(e, Measurement::nanos))).orElse(null),
        self.filter(e -> contender.isInThisThread())
            .map(e -> Statistics.median(seconds(e, Measurement::cpuNanos)) / gigabytes)
            .orElse(null),
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
                .map(e -> e.contender().mechanism())
                .toList()
            : entrant.contender().role() == Role.MECHANISM
                ? List.of(entrant.contender().mechanism())
                : List.of();
    return entrants.stream()
        .filter(e -> e.contender().role() == Role.C && hasRounds(e))
        .filter(e -> mechanisms.contains(e.contender().mechanism()))
        .min(Comparator.comparingDouble(e -> Statistics.median(seconds(e, Measurement::nanos))));
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
    return Statistics.medianInterval(CONFIDENCE, ratios);
  }

  private static double[] seconds(Entrant entrant, ToLongFunction<Measurement> nanos) {
    return entrant.rounds().stream().mapToDouble(round -> nanos.applyAsLong(round) / 1e9).toArray();
  }
}
