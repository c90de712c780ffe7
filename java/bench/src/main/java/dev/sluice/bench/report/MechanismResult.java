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
   * What was seen while a file was moved several times, in pieces of one MiB, by code that had been
   * compiled. Figures are of the transferring thread and for one pass: the median over the passes,
   * and its interval. One that could not be measured is {@code null}.
   *
   * @param bytes that each pass moved
   * @param passes that were made, and as many again to trace the system calls
   * @param calls the number of system calls; null where they could not be traced
   * @param systemCalls by name, of a pass that made as many as the median; null like them
   * @param userSpaceBytes that {@code read}, {@code write} and their like took out of and put into
   *     memory of the process, in the same pass
   * @param userMicros CPU time in user mode
   * @param systemMicros CPU time in the kernel
   * @param coldBlockReads blocks of 512 bytes read from a device when the file had been dropped
   *     from the page cache, in one pass
   */
  public record Seen(
      long bytes,
      int passes,
      Interval calls,
      List<SystemCall> systemCalls,
      Long userSpaceBytes,
      Interval userMicros,
      Interval systemMicros,
      Interval voluntarySwitches,
      Interval involuntarySwitches,
      Interval minorFaults,
      Interval majorFaults,
      Long coldBlockReads) {

    /**
     * Switches between user and kernel mode in a pass, or null. They are computed and not measured:
     * two for each system call and two for each page fault. Interrupts are not in it.
     */
    public Double computedModeSwitches() {
      return calls == null
          ? null
          : 2 * (calls.median() + minorFaults.median() + majorFaults.median());
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
