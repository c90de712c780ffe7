package dev.sluice.internal.copy;

import dev.sluice.internal.boundary.Answer;
import dev.sluice.internal.boundary.NativeCopy;
import dev.sluice.internal.boundary.UncachedRefusal;
import dev.sluice.internal.channel.Aside;
import dev.sluice.internal.jdk.CarrierCompensation;
import dev.sluice.internal.jdk.Threads;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The turns in which the content of one file is copied to another. */
final class CopyTurns {
  /** A smaller file is copied on the virtual thread itself, wherever its bytes are. */
  static final long LEAST_BYTES_ASIDE = 64 << 10;

  private final Path source;
  private final Path target;
  private final int sharing;
  private final boolean isUncached;
  private final @Nullable CopyReport report;

  /**
   * The turns of a copy.
   *
   * @param source the source, for failures
   * @param target the target, for failures
   * @param sharing as in {@link FileCopy}
   * @param isUncached whether an error may say that this cannot be
   * @param report told what the copy has done, or null
   */
  CopyTurns(
      Path source, Path target, int sharing, boolean isUncached, @Nullable CopyReport report) {
    this.source = source;
    this.target = target;
    this.sharing = sharing;
    this.isUncached = isUncached;
    this.report = report;
  }

  /** Makes all turns of a copy, and frees it. */
  void copyContent(long copy) throws IOException {
    try {
      boolean isAside = Threads.isVirtual() && (isUncached || NativeCopy.isCold(copy));
      takeTurns(copy, isAside, () -> NativeCopy.share(copy));
      if (sharing != FileCopy.SHARE_ALWAYS) {
        takeTurns(copy, isAside, () -> NativeCopy.advance(copy));
      }
    } finally {
      NativeCopy.freeCopy(copy, CopyReport.ledger(report));
    }
  }

  /**
   * Runs native turns until the last. Between two turns, an interrupt ends the copy, and a virtual
   * thread yields its carrier. Once the source is not in the page cache, another thread makes the
   * turns.
   */
  private void takeTurns(long copy, boolean isAside, LongSupplier turn) throws IOException {
    boolean isVirtual = Threads.isVirtual();
    boolean isCold = isAside;
    boolean isLast = false;
    while (!isLast) {
      if (Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
      isLast = checked(isCold ? Aside.call(turn) : CarrierCompensation.during(turn)) != 0;
      Threads.yieldIfVirtual();
      isCold |= isVirtual && !isLast && NativeCopy.isCold(copy);
    }
  }

  /** Returns an answer, or throws if it is an error. */
  long checked(long answer) throws IOException {
    if (answer >= 0) {
      return answer;
    }
    if (isUncached && UncachedRefusal.isErrno(Answer.errno(answer))) {
      throw UncachedRefusal.exception();
    }
    throw sharing == FileCopy.SHARE_ALWAYS
        ? CopyFailure.notShared(answer, source, target)
        : CopyFailure.of(answer, source, target);
  }
}
