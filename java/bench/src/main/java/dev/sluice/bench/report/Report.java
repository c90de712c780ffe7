package dev.sluice.bench.report;

import java.util.List;

/**
 * A whole comparison, as {@code compare.json} holds it. {@code docs/compare.schema.json} describes
 * that file, {@code docs/measuring.md} says how each figure is obtained.
 *
 * @param format of this model; a change that breaks a reader counts it up
 * @param created when it began, ISO 8601
 * @param complete false if it was interrupted before everything asked for was measured
 * @param runs one for each JDK
 */
public record Report(
    int format,
    String created,
    boolean complete,
    Settings settings,
    Machine machine,
    List<Run> runs) {
  public static final int FORMAT = 3;

  /**
   * The settings of the command.
   *
   * @param jar the {@code sluice-compare.jar} that was run, or null where Gradle ran the comparison
   * @param generated whether the file was made for this run
   * @param fileSystem that the file lies on, its type and device
   * @param otherDirectory on another file system, or null where there is none
   * @param full whether every cell was asked for
   * @param only the cells that were asked for; empty for all
   * @param against the jar of another build of Sluice that took part, or null
   * @param jvms the fresh JVMs that each JDK was given
   * @param secondsPerCell the time that a cell was given in all of them together
   * @param confidence of every interval
   * @param margin a difference of speed that is smaller is called level
   */
  public record Settings(
      String jar,
      String file,
      long fileBytes,
      boolean generated,
      String fileSystem,
      String targetDirectory,
      String targetFileSystem,
      String otherDirectory,
      String otherFileSystem,
      boolean full,
      List<String> only,
      String against,
      int jvms,
      double secondsPerCell,
      double confidence,
      double margin) {}

  /**
   * The machine that was measured on.
   *
   * @param allowedCpus those that the comparison may run on, as the kernel lists them
   * @param cpuAccounting the options of the kernel that say how it accounts CPU time
   */
  public record Machine(
      String cpu,
      int cores,
      String allowedCpus,
      String cpuAccounting,
      long memoryBytes,
      String kernel,
      String loadAverage,
      String frequencyGovernor,
      String tcpReceiveBuffer,
      String tcpSendBuffer) {}

  /** Whether the library took part and every cell was measured, every byte verified. */
  public boolean sound() {
    return !runs.isEmpty() && runs.stream().allMatch(Run::sound);
  }
}
