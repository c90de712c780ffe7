package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Mechanisms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened in one transfer, for who asked. */
public final class ReportBuilder {
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
  private ReportEnding ending = ReportEnding.COMPLETE;

  /** An empty account. */
  public ReportBuilder() {}

  /** The bytes that were moved. */
  public long bytes() {
    return bytes;
  }

  /** Why they are not more. */
  public ReportEnding ending() {
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
      for (int mechanism = 1; mechanism < Mechanisms.count(); mechanism++) {
        boolean wasRefused = ledger.refusedCall(mechanism) != 0;
        long calls = ledger.calls(mechanism);
        if (wasRefused == (pass == 0) && (wasRefused || calls > 0)) {
          String errno = wasRefused ? Errno.name(ledger.refusedErrno(mechanism)) : null;
          add(new Step(mechanism, ledger.bytes(mechanism), calls, errno));
        }
      }
    }
  }

  void ended(long bytes, ReportEnding ending) {
    this.bytes = bytes;
    this.ending = ending;
  }

  /** What the JDK's own methods did with channels that the kernel cannot be asked to serve. */
  void byChannels(long bytes, long count, boolean fromFile) {
    add(new Step(Mechanisms.READ_WRITE, bytes, UNKNOWN, null));
    // A channel that is not the kernel's does not say why it takes or gives no more.
    ended(
        bytes,
        bytes == count
            ? ReportEnding.COMPLETE
            : fromFile ? ReportEnding.END_OF_FILE : ReportEnding.WOULD_BLOCK);
  }
}
