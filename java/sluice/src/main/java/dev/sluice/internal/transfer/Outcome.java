package dev.sluice.internal.transfer;

import dev.sluice.StrandedBytesException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/**
 * How a transfer ended. It is made once, from what happened and while the guards of both channels
 * are held, and becomes a count or an exception by {@link #result}, and what a report tells by
 * {@link #ending}.
 *
 * @param moved the bytes that reached the target
 * @param stranded the bytes that were taken from the source and did not
 * @param reason why they are not more
 * @param failure the exception of the reason, where it has one
 */
record Outcome(long moved, long stranded, Reason reason, @Nullable IOException failure) {
  /** The count where the source is a stream that was opened by its path, such as a FIFO. */
  static final long NO_POSITION = -1;

  /** Why no more bytes were moved. */
  enum Reason {
    /** The count was reached. */
    COMPLETE(ReportEnding.COMPLETE),
    /** A channel in non-blocking mode is not ready. */
    WOULD_BLOCK(ReportEnding.WOULD_BLOCK),
    /** The source file ended. */
    END_OF_FILE(ReportEnding.END_OF_FILE),
    /** The peer of the source has finished. */
    END_OF_STREAM(ReportEnding.PEER_CLOSED),
    /** A connection is broken. */
    BROKEN(ReportEnding.PEER_CLOSED),
    /** A call failed for another reason. */
    FAILED(ReportEnding.FAILED),
    /** A channel was closed, or its output shut down. */
    CLOSED(ReportEnding.FAILED),
    /** The thread was interrupted, and both channels are closed. */
    INTERRUPTED(ReportEnding.FAILED),
    /** The source was opened as a file and has no position: its own methods read it. */
    NO_POSITION(ReportEnding.FAILED);

    private final ReportEnding ending;

    Reason(ReportEnding ending) {
      this.ending = ending;
    }
  }

  static Outcome of(long moved, long stranded, Reason reason) {
    return new Outcome(moved, stranded, reason, null);
  }

  /** What a report tells of it. */
  ReportEnding ending() {
    return reason.ending;
  }

  /** Whether nobody is told the failure, since bytes were moved before it. */
  boolean isFailureUntold() {
    return failure != null && moved > 0 && stranded == 0 && reason != Reason.INTERRUPTED;
  }

  /**
   * The count that the caller gets.
   *
   * @return the bytes moved, or {@link #NO_POSITION}
   * @throws IOException the reason, where nothing was moved, bytes are lost or the thread was
   *     interrupted
   */
  long result() throws IOException {
    if (stranded > 0) {
      IOException told = failure == null ? withoutFailure() : failure;
      told.addSuppressed(new StrandedBytesException(moved, stranded));
      throw told;
    }
    if (failure != null && !isFailureUntold()) {
      throw failure;
    }
    if (moved > 0) {
      return moved;
    }
    return switch (reason) {
      case NO_POSITION -> NO_POSITION;
      case CLOSED -> throw new AsynchronousCloseException();
      default -> 0;
    };
  }

  private IOException withoutFailure() {
    return switch (reason) {
      case CLOSED -> new AsynchronousCloseException();
      case WOULD_BLOCK -> new IOException("the target is in non-blocking mode and full");
      default -> new IOException("the target takes nothing");
    };
  }
}
