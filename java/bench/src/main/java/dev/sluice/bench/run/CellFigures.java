package dev.sluice.bench.run;

import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Makes the figures of a cell out of its rounds. Those of the contenders stand beside one another
 * in columns and charts, so all are over the same rounds. Those that verdicts are on are over all
 * rounds of all JVMs.
 */
public final class CellFigures {
  public static final double CONFIDENCE = 0.95;

  private final CellResult cell;
  private final List<ContenderResult> measured;
  private final Set<RoundKey> shared;

  private CellFigures(CellResult cell) {
    this.cell = cell;
    this.measured =
        cell.contenders().stream()
            .filter(each -> each.outcome() == Outcome.MEASURED && !each.rounds().isEmpty())
            .toList();
    this.shared =
        RoundKey.sharedBy(measured.stream().filter(contender -> !contender.sampled()).toList());
  }

  /** The cell with its figures, which need not be there yet. */
  public static CellResult of(CellResult cell) {
    return new CellFigures(cell).filled();
  }

  private CellResult filled() {
    Optional<ContenderResult> auto = measured(Role.AUTO);
    return new CellResult(
        cell.id(),
        cell.directionId(),
        cell.direction(),
        cell.piece(),
        cell.pieceBytes(),
        cell.regionBytes(),
        cell.passes(),
        cell.thread(),
        cell.connections(),
        cell.cpu(),
        cell.conditions(),
        cell.sha256(),
        cell.warmUpRounds(),
        cell.rounds(),
        shared.size(),
        cell.compilerMillis(),
        comparison(auto, measured(Role.NIO)),
        comparison(auto, measured(Role.LOOP)),
        comparison(auto, auto.flatMap(this::sameCallFromC)),
        comparison(auto, measured(Role.AGAINST)),
        cell.failure(),
        cell.contenders().stream().map(this::filled).toList());
  }

  private static Comparison comparison(
      Optional<ContenderResult> auto, Optional<ContenderResult> other) {
    return auto.isEmpty() || other.isEmpty() ? null : JvmRatios.of(auto.get(), other.get());
  }

  private ContenderResult filled(ContenderResult contender) {
    Optional<ContenderResult> self = Optional.of(contender).filter(measured::contains);
    Optional<ContenderResult> c = self.flatMap(this::sameCallFromC);
    boolean isInThisProcess = contender.role() != Role.PROGRAM;
    double gigabytes = cell.roundBytes() / 1e9;
    return new ContenderResult(
        contender.name(),
        contender.role(),
        contender.mechanism(),
        contender.outcome(),
        contender.reason(),
        contender.sha256(),
        contender.systemCallsPerCall(),
        contender.sampled(),
        self.map(e -> interval(e, round -> gigabytes / (round.nanos() / 1e9))).orElse(null),
        self.filter(e -> isInThisProcess)
            .map(e -> interval(e, round -> round.cpuNanos() / 1e9 / gigabytes))
            .orElse(null),
        self.filter(e -> isInThisProcess)
            .map(e -> interval(e, round -> machineCpuNanos(round) / 1e9 / gigabytes))
            .orElse(null),
        self.map(this::farEndBusy).orElse(null),
        contender.calls(),
        ratio(self, measured(Role.NIO)),
        c.map(ContenderResult::name).orElse(null),
        ratio(self, c),
        contender.rounds());
  }

  /**
   * The CPU time of both ends. The far end of a pipe is a thread of this process, whose time is in
   * that of the process already.
   */
  private double machineCpuNanos(Measurement round) {
    boolean isCounted = cell.cpu().equals("process") && cell.directionId().contains("pipe");
    return round.cpuNanos() + (isCounted ? 0 : round.farEndCpuNanos());
  }

  private Double farEndBusy(ContenderResult contender) {
    List<Measurement> rounds = rounds(contender);
    return rounds.stream().allMatch(round -> round.farEndCpuNanos() == 0)
        ? null
        : interval(
                contender,
                round -> (double) round.farEndCpuNanos() / round.nanos() / cell.connections())
            .median();
  }

  /**
   * The loop in C that makes the same system call. AUTO is compared with the fastest loop whose
   * call a mechanism of Sluice makes in this cell, since AUTO could have chosen that mechanism; in
   * a cell without mechanisms, with the fastest of all.
   */
  private Optional<ContenderResult> sameCallFromC(ContenderResult contender) {
    Set<String> mechanisms =
        contender.role() == Role.AUTO ? mechanisms() : Set.copyOf(mechanismOf(contender));
    boolean isAny = contender.role() == Role.AUTO && mechanisms.isEmpty();
    return measured.stream()
        .filter(each -> each.role() == Role.C)
        .filter(each -> isAny || mechanisms.contains(each.mechanism()))
        .min(Comparator.comparingDouble(each -> interval(each, Measurement::nanos).median()));
  }

  private Set<String> mechanisms() {
    return measured.stream()
        .flatMap(each -> mechanismOf(each).stream())
        .collect(Collectors.toSet());
  }

  private static List<String> mechanismOf(ContenderResult contender) {
    return contender.role() == Role.MECHANISM && contender.mechanism() != null
        ? List.of(contender.mechanism())
        : List.of();
  }

  private Optional<ContenderResult> measured(Role role) {
    return measured.stream().filter(each -> each.role() == role).findFirst();
  }

  /**
   * How many times as fast as the other the one is, over the rounds that all took part in. Null if
   * either is missing or if they are the same.
   */
  private Interval ratio(Optional<ContenderResult> one, Optional<ContenderResult> other) {
    if (one.isEmpty() || other.isEmpty() || one.get() == other.get()) {
      return null;
    }
    double[] ratios = PairedRounds.ratios(rounds(one.get()), other.get().rounds());
    return ratios.length == 0 ? null : Statistics.medianInterval(CONFIDENCE, ratios);
  }

  /** The rounds that a contender's figures are made of: the shared ones, or the one it had. */
  private List<Measurement> rounds(ContenderResult contender) {
    List<Measurement> common =
        contender.rounds().stream().filter(round -> shared.contains(RoundKey.of(round))).toList();
    return common.isEmpty() ? contender.rounds() : common;
  }

  private Interval interval(ContenderResult contender, ToDoubleFunction<Measurement> figure) {
    return Statistics.medianInterval(
        CONFIDENCE, rounds(contender).stream().mapToDouble(figure).toArray());
  }
}
