package dev.sluice.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was measured on one JDK.
 *
 * @param jvms the fresh JVMs that measured, in order
 * @param systemCalls how they were counted, or why they were not
 * @param firstCalls the first transfer of a fresh JVM; empty where it was not asked for
 * @param cells of the matrix, those that were done
 * @param mechanisms the textbook's table, measured; empty where it was not asked for
 */
public record Run(
    Jdk jdk,
    Library library,
    List<Jvm> jvms,
    String systemCalls,
    List<FirstCall> firstCalls,
    List<CellResult> cells,
    List<MechanismResult> mechanisms) {

  /** The JDK that was measured on. */
  public record Jdk(
      String version, String vendor, String vm, String home, List<String> arguments) {}

  /**
   * The library that was compared.
   *
   * @param cause why it is not available, else null
   */
  public record Library(boolean available, String cause, String diagnostics) {}

  /**
   * A fresh JVM.
   *
   * @param number counts from 1
   * @param cells it measured, in the order that was drawn for it
   * @param failure why it ended before it was done, else null
   */
  public record Jvm(int number, List<String> cells, String failure) {}

  /** Whether the library took part and every cell was measured, every byte verified. */
  public boolean sound() {
    return library.available()
        && jvms.stream().allMatch(jvm -> jvm.failure() == null)
        && cells.stream().allMatch(CellResult::sound)
        && mechanisms.stream().noneMatch(m -> m.outcome() == Outcome.FAILED);
  }

  /** The cells by the title of their direction, in the order of the matrix. */
  public Map<String, List<CellResult>> cellsByDirection() {
    return cells.stream()
        .collect(
            Collectors.groupingBy(CellResult::direction, LinkedHashMap::new, Collectors.toList()));
  }

  /** The rows of the textbook's table by the title of their direction, in order. */
  public Map<String, List<MechanismResult>> mechanismsByDirection() {
    return mechanisms.stream()
        .collect(
            Collectors.groupingBy(
                MechanismResult::direction, LinkedHashMap::new, Collectors.toList()));
  }
}
