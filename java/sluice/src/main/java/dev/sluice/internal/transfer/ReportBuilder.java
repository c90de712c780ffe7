package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Mechanisms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what happened in one transfer or copy, for a caller who asked for a report. */
public final class ReportBuilder {
  /** Instead of a number of system calls that only the channels' own methods know. */
  public static final long UNKNOWN = -1;

  /**
   * What one mechanism did.
   *
   * @param mechanism the mechanism's number
   * @param bytes the bytes it moved
   * @param syscalls the system calls it made, or {@link #UNKNOWN}
   * @param refused the symbol of the errno that the kernel refused it with, or null
   */
  public record Step(int mechanism, long bytes, long syscalls, @Nullable String refused) {}

  private final List<Step> steps = new ArrayList<>();
  private long bytes;
  private ReportEnding ending = ReportEnding.COMPLETE;

  /** Makes an empty report. */
  public ReportBuilder() {}

  /** The bytes that were moved. */
  public long bytes() {
    return bytes;
  }

  /** Why no more bytes were moved. */
  public ReportEnding ending() {
    return ending;
  }

  /** What each mechanism did: the refused mechanisms first, each group by number. */
  public List<Step> steps() {
    return steps;
  }

  /** The number of system calls of all steps, or {@link #UNKNOWN}. */
  public long syscalls() {
    boolean isKnown = steps.stream().allMatch(step -> step.syscalls() != UNKNOWN);
    return isKnown ? steps.stream().mapToLong(Step::syscalls).sum() : UNKNOWN;
  }

  /** Adds what one mechanism did. */
  public void add(Step step) {
    steps.add(step);
  }

  /** Adds what a ledger says of each mechanism, the refused mechanisms first. */
  public void add(Ledger ledger) {
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

  /** Sets how it ended. */
  public void ended(long bytes, ReportEnding ending) {
    this.bytes = bytes;
    this.ending = ending;
  }

  /** Adds a transfer that the channels' own methods made, without a native call. */
  public void addChannelTransfer(long bytes, long count, boolean fromFile) {
    add(new Step(Mechanisms.READ_WRITE, bytes, UNKNOWN, null));
    // A foreign channel does not say why it takes or gives no more. The kind of the source decides.
    ended(
        bytes,
        bytes == count
            ? ReportEnding.COMPLETE
            : fromFile ? ReportEnding.END_OF_FILE : ReportEnding.WOULD_BLOCK);
  }
}
