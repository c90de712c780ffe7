package dev.sluice.bench.run;

import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import java.util.List;

/** Makes the result of a cell in one JVM out of its rounds. */
final class CellSummary {
  private CellSummary() {}

  static CellResult of(
      Cell cell,
      String sha256,
      int warmUpRounds,
      int rounds,
      long compilerMillis,
      List<ImplementationRun> runs) {
    return CellFigures.of(
        result(
            cell,
            sha256,
            warmUpRounds,
            rounds,
            compilerMillis,
            null,
            runs.stream().map(CellSummary::result).toList()));
  }

  /** The result of a cell whose fixture broke down. */
  static CellResult failed(Cell cell, String failure) {
    return result(cell, null, 0, 0, 0, failure, List.of());
  }

  private static CellResult result(
      Cell cell,
      String sha256,
      int warmUpRounds,
      int rounds,
      long compilerMillis,
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
        cell.conditions(),
        sha256,
        warmUpRounds,
        rounds,
        compilerMillis,
        failure,
        contenders);
  }

  /** A contender without the figures that are made of its rounds. */
  private static ContenderResult result(ImplementationRun run) {
    Implementation implementation = run.implementation();
    return new ContenderResult(
        implementation.name(),
        implementation.role(),
        implementation.mechanism(),
        run.outcome(),
        run.reason(),
        run.sha256(),
        run.systemCallsPerCall(),
        run.isSampled(),
        run.calls(),
        List.copyOf(run.rounds()));
  }
}
