package dev.sluice;

import dev.sluice.internal.load.PageSharing;
import dev.sluice.internal.transfer.ReportBuilder;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one transfer or copy: which mechanisms ran, how many bytes each moved by how
 * many system calls, which was refused with which errno, and why no more bytes were moved. The
 * JDK's methods answer a count, and 0 for three different endings.
 *
 * <pre>{@code
 * TransferReport report = Sluice.explainTransferTo(file, 0, file.size(), socket);
 * log.println(report); // 11358 bytes, COMPLETE: SENDFILE 11358 bytes in 1 call
 * for (TransferReport.Step step : report.steps()) {
 *   if (step.refused() != null) {
 *     log.println(step.mechanism() + " was refused with " + step.refused());
 *   }
 * }
 * }</pre>
 *
 * <p>A mechanism whose refusal is remembered, as from 1 MiB on, is not asked again for a minute,
 * and is no step then. Bytes that went through the channels' own methods, or the JDK's, are one
 * step of {@link Mechanism#READ_WRITE}.
 *
 * <p>A copy ({@link Sluice#copy}) that is complete has as many bytes as its file. {@link
 * Mechanism#REFLINK} shared its bytes with the source, the holes between them included; the other
 * mechanisms copied theirs, of which {@link Mechanism#COPY_FILE_RANGE} leaves it to the file system
 * how. What none of them moved is {@link #holes}. A copy that failed has no bytes, because nothing
 * of it is left; its steps say what was done before.
 *
 * @param bytes the bytes that were moved
 * @param ending why no more bytes were moved
 * @param steps what each mechanism did, the refused mechanisms first
 * @param syscalls the system calls of the transfer itself, without those that wait for a channel to
 *     be ready, or that open and name the files of a copy and look for its holes; -1 if the
 *     channels' own methods or the JDK's did the work, whose calls are not counted
 * @since 0.1.0
 */
public record TransferReport(long bytes, Ending ending, List<Step> steps, long syscalls) {
  /**
   * Why no more bytes were moved.
   *
   * @since 0.1.0
   */
  public enum Ending {
    /** The count was reached. */
    COMPLETE,
    /**
     * A channel in non-blocking mode was not ready: the target is full, or the source is empty. A
     * source without a descriptor that gave fewer bytes than the count has this ending as well,
     * because such a source does not tell why.
     */
    WOULD_BLOCK,
    /** The file ends there, or a target without a descriptor took no more and did not tell why. */
    END_OF_FILE,
    /** The source's peer has finished sending, or the target's peer takes no more. */
    PEER_CLOSED,
    /**
     * A limit of time ended the transfer: {@link TransferOption#within}, {@link
     * TransferOption#idle}.
     */
    TIMED_OUT,
    /** A {@link Cancellation} ended the transfer. */
    CANCELLED,
    /**
     * An error or a close ended the transfer after bytes had been moved. The next call meets it.
     */
    FAILED
  }

  /**
   * Whether a receiver is given the pages of a file, or a copy of them.
   *
   * @since 0.1.0
   */
  public enum Pages {
    /** This was not found out, or the mechanism sends nothing to a socket. */
    UNKNOWN,
    /**
     * The receiver is given the pages. What is written to the file before the receiver has read
     * them, reaches it.
     */
    SHARED,
    /** The receiver is given a copy, made when the bytes were sent. */
    COPIED
  }

  /**
   * What one mechanism did.
   *
   * @param mechanism the mechanism
   * @param bytes the bytes it moved
   * @param syscalls the system calls it made, including the refused one; -1 if the channels' own
   *     methods made them
   * @param refused the symbol of the errno that it was refused with, such as {@code EXDEV}, or null
   * @since 0.1.0
   */
  public record Step(Mechanism mechanism, long bytes, long syscalls, @Nullable String refused) {
    /**
     * Returns whether this kernel gives the receiver the pages of a file where the mechanism sends
     * the file to a socket. Nothing but a trial tells: the first call for a mechanism sends a page
     * of a file in memory to a socket of its own, changes the file, and looks at what arrives. It
     * takes some 50 microseconds, 100 ms at most, and throws nothing.
     *
     * @return what the kernel does; {@link Pages#UNKNOWN} without the native library
     */
    public Pages pages() {
      return Pages.values()[PageSharing.of(mechanism.ordinal())];
    }

    @Override
    public String toString() {
      String did = mechanism + " " + amount(bytes) + " in " + calls(syscalls);
      return refused == null ? did : did + ", refused with " + refused;
    }
  }

  /**
   * Makes a report.
   *
   * @param bytes the bytes that were moved
   * @param ending why no more bytes were moved
   * @param steps what each mechanism did
   * @param syscalls the system calls
   */
  public TransferReport {
    steps = List.copyOf(steps);
  }

  static TransferReport of(ReportBuilder report) {
    List<Step> steps = report.steps().stream().map(TransferReport::step).toList();
    return new TransferReport(
        report.bytes(), Ending.valueOf(report.ending().name()), steps, report.syscalls());
  }

  private static Step step(ReportBuilder.Step step) {
    Mechanism mechanism = Mechanism.values()[step.mechanism()];
    return new Step(mechanism, step.bytes(), step.syscalls(), step.refused());
  }

  /**
   * Returns how many bytes of a copy are holes, which were neither shared nor copied.
   *
   * @return the bytes; 0 for a transfer, and for a copy that failed
   */
  public long holes() {
    return Math.max(0, bytes - steps.stream().mapToLong(Step::bytes).sum());
  }

  /**
   * One line for a log, such as {@code 65536 bytes, COMPLETE: SENDFILE 65536 bytes in 1 call}.
   *
   * @return the line
   */
  @Override
  public String toString() {
    long holes = holes();
    String what =
        amount(bytes) + ", " + ending + (holes == 0 ? "" : ", " + amount(holes) + " of holes");
    return steps.isEmpty()
        ? what
        : what + ": " + steps.stream().map(Step::toString).collect(Collectors.joining("; "));
  }

  private static String amount(long bytes) {
    return bytes + (bytes == 1 ? " byte" : " bytes");
  }

  private static String calls(long calls) {
    return calls < 0 ? "calls of the channel's own" : calls + (calls == 1 ? " call" : " calls");
  }
}
