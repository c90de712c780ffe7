package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Mechanisms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened in one transfer, for who asked. */
public final class ReportBuilder {
  /** The count was reached. */
  public static final int COMPLETE = 0;

  /** A channel in non-blocking mode was not ready for more. */
  public static final int WOULD_BLOCK = 1;

  /** The source file ended. */
  public static final int END_OF_FILE = 2;

  /** The peer of the source has finished, or that of the target takes no more. */
  public static final int PEER_CLOSED = 3;

  /** An error, or a close, perhaps after bytes had been moved. */
  public static final int FAILED = 4;

  /** Where only the channels' own methods know how many system calls they made. */
  public static final long UNKNOWN = -1;

  /**
   * What one mechanism did.
   *
   * @param mechanism its number
   * @param bytes the bytes it moved
   * @param syscalls the system calls it made, or {@link #UNKNOWN}
   * @param refused the symbol of the errno it was refused with, or null
   */
  public record Step(int mechanism, long bytes, long syscalls, @Nullable String refused) {}

  private final List<Step> steps = new ArrayList<>();
  private long bytes;
  private int ending = COMPLETE;

  /** An empty account. */
  public ReportBuilder() {}

  /** The bytes that were moved. */
  public long bytes() {
    return bytes;
  }

  /** Why they are not more. */
  public int ending() {
    return ending;
  }

  /** What each mechanism did, the refused first, then by their numbers. */
  public List<Step> steps() {
    return steps;
  }

  /** The system calls of all steps, or {@link #UNKNOWN}. */
  public long syscalls() {
    boolean isKnown = steps.stream().allMatch(step -> step.syscalls() != UNKNOWN);
    return isKnown ? steps.stream().mapToLong(Step::syscalls).sum() : UNKNOWN;
  }

  void add(Step step) {
    steps.add(step);
  }

  /** Adds what each mechanism did, the refused first. */
  void add(Ledger ledger) {
    for (int pass = 0; pass < 2; pass++) {
      for (int mechanism = 1; mechanism < Ledger.MECHANISMS; mechanism++) {
        boolean wasRefused = ledger.refusedCall(mechanism) != 0;
        long calls = ledger.calls(mechanism);
        if (wasRefused == (pass == 0) && (wasRefused || calls > 0)) {
          String errno = wasRefused ? Errno.name(ledger.refusedErrno(mechanism)) : null;
          add(new Step(mechanism, ledger.bytes(mechanism), calls, errno));
        }
      }
    }
  }

  void ended(long bytes, int ending) {
    this.bytes = bytes;
    this.ending = ending;
  }

  /** What the JDK's own methods did with channels that the kernel cannot be asked to serve. */
  void byChannels(long bytes, long count, boolean fromFile) {
    add(new Step(Mechanisms.READ_WRITE, bytes, UNKNOWN, null));
    // A channel that is not the kernel's does not say why it takes or gives no more.
    ended(bytes, bytes == count ? COMPLETE : fromFile ? END_OF_FILE : WOULD_BLOCK);
  }
}
