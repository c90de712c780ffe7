package dev.sluice.internal.relay;

import dev.sluice.StrandedBytesException;
import dev.sluice.internal.jdk.Rethrow;
import dev.sluice.internal.transfer.ReportEnding;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** How a relay ended: made once, and told to each who asks. */
final class RelayEnd {
  private final ReportEnding ending;
  private @Nullable Throwable failure;

  /** Whether a stream is cut short, which the peers have to see. */
  private final boolean isBroken;

  private RelayEnd(ReportEnding ending, @Nullable Throwable failure, boolean isBroken) {
    this.ending = ending;
    this.failure = failure;
    this.isBroken = isBroken;
  }

  static RelayEnd of(ReportEnding ending) {
    return new RelayEnd(ending, null, false);
  }

  /** The end of both ways: each peer has finished sending. */
  static RelayEnd bothWays() {
    return of(ReportEnding.PEER_CLOSED);
  }

  /** The end by a close of a channel, or of its output. */
  static RelayEnd closed() {
    return new RelayEnd(ReportEnding.FAILED, new AsynchronousCloseException(), false);
  }

  /** The end by an interrupt of the thread that waits. The streams are cut short. */
  static RelayEnd interrupted() {
    return new RelayEnd(ReportEnding.FAILED, new ClosedByInterruptException(), true);
  }

  /** The end by what a turn threw. */
  static RelayEnd of(Throwable thrown) {
    return thrown instanceof ClosedChannelException
        ? closed()
        : new RelayEnd(ReportEnding.FAILED, thrown, true);
  }

  boolean isBroken() {
    return isBroken;
  }

  /** Adds bytes that left one source and did not reach their target. */
  void add(long moved, long stranded) {
    if (stranded == 0) {
      return;
    }
    if (failure == null) {
      failure = ending.beforeAllWasTaken();
    }
    failure.addSuppressed(new StrandedBytesException(moved, stranded));
  }

  /** The ending, or null if there is a failure. */
  @Nullable ReportEnding ending() {
    return failure == null ? ending : null;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** The ending, for the thread that waited for it. */
  ReportEnding result() throws IOException {
    Throwable known = failure;
    if (known == null) {
      return ending;
    }
    if (known instanceof IOException) {
      // The stack of the thread that asks tells more than that of the loop.
      known.fillInStackTrace();
    }
    throw Rethrow.io(known);
  }
}
