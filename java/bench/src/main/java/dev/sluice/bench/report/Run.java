package dev.sluice.bench.report;

import java.util.List;

/**
 * What was measured on one JDK.
 *
 * @param systemCalls how they were counted, or why they were not
 * @param cells of the matrix, those that were done
 * @param mechanisms the textbook's table, measured; empty where it was not asked for
 */
public record Run(
    Jdk jdk,
    Library library,
    String systemCalls,
    List<CellResult> cells,
    List<MechanismResult> mechanisms) {

  /** On which Java. */
  public record Jdk(
      String version, String vendor, String vm, String home, List<String> arguments) {}

  /**
   * What was compared.
   *
   * @param cause why it is not available, else null
   */
  public record Library(boolean available, String cause, String diagnostics) {}

  /** Whether the library took part and every cell was measured, every byte verified. */
  public boolean sound() {
    return library.available()
        && cells.stream().allMatch(CellResult::sound)
        && mechanisms.stream().noneMatch(m -> m.outcome() == Outcome.FAILED);
  }
}
