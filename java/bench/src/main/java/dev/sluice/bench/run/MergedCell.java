package dev.sluice.bench.run;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** One cell out of what each JVM measured of it. */
final class MergedCell {
  /** A cell as one JVM measured it. */
  record Part(int jvm, CellResult cell) {}

  private MergedCell() {}

  /** The cell of all parts, at least one, in the order of the JVMs. */
  static CellResult of(List<Part> parts) {
    List<CellResult> cells = parts.stream().map(Part::cell).toList();
    CellResult first =
        cells.stream().filter(cell -> cell.failure() == null).findFirst().orElse(cells.get(0));
    List<String> failures =
        parts.stream()
            .filter(part -> part.cell().failure() != null)
            .map(part -> "in JVM " + part.jvm() + ": " + part.cell().failure())
            .toList();
    return CellFigures.of(
        new CellResult(
            first.id(),
            first.directionId(),
            first.direction(),
            first.piece(),
            first.pieceBytes(),
            first.regionBytes(),
            first.passes(),
            first.thread(),
            first.connections(),
            first.cpu(),
            first.conditions(),
            first.sha256(),
            cells.stream()
                .filter(cell -> cell.failure() == null)
                .mapToInt(CellResult::warmUpRounds)
                .min()
                .orElse(0),
            cells.stream().mapToInt(CellResult::rounds).sum(),
            cells.stream().mapToLong(CellResult::compilerMillis).sum(),
            failures.isEmpty() ? null : String.join("; ", failures),
            contenders(parts)));
  }

  private static List<ContenderResult> contenders(List<Part> parts) {
    Map<String, List<ContenderResult>> byName = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    for (Part part : parts) {
      for (ContenderResult contender : part.cell().contenders()) {
        byName.computeIfAbsent(contender.name(), name -> new ArrayList<>()).add(contender);
        if (contender.outcome() == Outcome.FAILED) {
          failures.putIfAbsent(
              contender.name(), "in JVM " + part.jvm() + ": " + contender.reason());
        }
      }
    }
    return byName.values().stream()
        .map(same -> contender(same, failures.get(same.get(0).name())))
        .toList();
  }

  /** A contender that failed or was left out in one JVM has no figures of the others. */
  private static ContenderResult contender(List<ContenderResult> parts, String failure) {
    ContenderResult first = parts.get(0);
    Outcome outcome =
        parts.stream().map(ContenderResult::outcome).max(Enum::compareTo).orElseThrow();
    boolean isMeasured = outcome == Outcome.MEASURED;
    List<Measurement> rounds =
        isMeasured
            ? parts.stream().flatMap(part -> part.rounds().stream()).collect(Collectors.toList())
            : List.of();
    String reason =
        parts.stream()
            .map(ContenderResult::reason)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return new ContenderResult(
        first.name(),
        first.role(),
        first.mechanism(),
        outcome,
        outcome == Outcome.FAILED ? failure : reason,
        first.sha256(),
        isMeasured ? first.systemCallsPerCall() : null,
        first.sampled(),
        isMeasured ? first.calls() : null,
        rounds);
  }
}
