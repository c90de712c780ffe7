package dev.sluice.bench.report;

import java.util.List;

/**
 * A whole comparison.
 *
 * @param format of this model; a change that breaks a reader counts it up
 * @param created when it began, ISO 8601
 * @param systemCalls how they were counted, or why they were not
 */
public record Report(
    int format,
    String created,
    Settings settings,
    Machine machine,
    Jdk jdk,
    Library library,
    String systemCalls,
    List<CellResult> cells) {

  public static final int FORMAT = 1;

  /** What was asked for. */
  public record Settings(
      String file,
      long fileBytes,
      String fileSystem,
      String targetDirectory,
      String targetFileSystem,
      List<String> only,
      double secondsPerCell,
      double confidence,
      double margin) {}

  /** Where it ran. */
  public record Machine(
      String cpu,
      int cores,
      long memoryBytes,
      String kernel,
      String loadAverage,
      String tcpReceiveBuffer,
      String tcpSendBuffer) {}

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
    return library.available() && cells.stream().allMatch(CellResult::sound);
  }
}
