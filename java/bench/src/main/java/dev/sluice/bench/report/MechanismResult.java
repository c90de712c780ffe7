package dev.sluice.bench.report;

import java.util.List;

/**
 * A row of the textbook's table: what the book says of a way to move bytes, and what was seen.
 *
 * @param directionId from what to what, as in the matrix
 * @param direction in words
 * @param name of the contender
 * @param book what textbooks say of it, or null where they are silent
 * @param reason why it was left out or failed, else null
 * @param seen null where it was not measured
 * @param sharing one for each kind of target that was tried
 */
public record MechanismResult(
    String directionId,
    String direction,
    String name,
    Role role,
    Book book,
    Outcome outcome,
    String reason,
    Seen seen,
    List<Sharing> sharing) {

  /**
   * What the textbooks print.
   *
   * @param modeSwitches for one pass of a buffer, called "context switches" by most of them
   */
  public record Book(String cpuCopies, String dmaCopies, String modeSwitches) {}

  /**
   * What was seen while a file was moved once, in pieces of one MiB. Figures are of the
   * transferring thread. One that could not be measured is {@code null}.
   *
   * @param bytes that were moved
   * @param systemCalls by name; null where they could not be traced
   * @param userSpaceBytes that {@code read}, {@code write} and their like took out of and put into
   *     memory of the process
   * @param userMicros CPU time in user mode
   * @param systemMicros CPU time in the kernel
   * @param coldBlockReads blocks of 512 bytes read from a device when the file had been dropped
   *     from the page cache
   */
  public record Seen(
      long bytes,
      List<SystemCall> systemCalls,
      Long userSpaceBytes,
      long userMicros,
      long systemMicros,
      long voluntarySwitches,
      long involuntarySwitches,
      long minorFaults,
      long majorFaults,
      Long coldBlockReads) {

    /** System calls for each MiB, or null. */
    public Double callsPerMebibyte() {
      return systemCalls == null ? null : calls() * (double) (1 << 20) / bytes;
    }

    /**
     * Switches between user and kernel mode for each MiB, or null: two for each system call and two
     * for each page fault. Interrupts are not in it.
     */
    public Double modeSwitchesPerMebibyte() {
      return systemCalls == null
          ? null
          : 2 * (calls() + minorFaults + majorFaults) * (double) (1 << 20) / bytes;
    }

    private long calls() {
      return systemCalls.stream().mapToLong(SystemCall::count).sum();
    }
  }

  /**
   * A system call, and how often it was made.
   *
   * @param answered the sum of what it answered, failures left out: bytes, for those that move some
   */
  public record SystemCall(String name, long count, long answered) {}

  /**
   * Whether pages are shared with the receiver or copied: the file is changed after the send and
   * before the receiver reads.
   *
   * @param target what kind of receiver
   * @param answer what it saw
   * @param reason why it could not be tried, else null
   */
  public record Sharing(String target, Answer answer, String reason) {
    /** What the receiver saw of the change. */
    public enum Answer {
      /** The bytes after the change: it reads the pages of the file. */
      SHARED,
      /** The bytes before the change: it has a copy. */
      COPIED,
      /** Some of each. */
      PARTLY_SHARED,
      /** It could not be tried. */
      NOT_MEASURED
    }
  }
}
