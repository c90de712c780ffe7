package dev.sluice.internal.transfer;

import dev.sluice.StrandedBytesException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/**
 * How a transfer ended. An outcome is made once, from what happened, while the guards of both
 * channels are held. {@link #result} turns it into a count or an exception, {@link #ending} into
 * the ending that a report tells.
 *
 * @param moved the bytes that reached the target
 * @param stranded the bytes that were taken from the source and did not reach the target
 * @param reason why no more bytes were moved
 * @param failure the exception that belongs to the reason, or null
 */
record Outcome(long moved, long stranded, Reason reason, @Nullable IOException failure) {
  /**
   * Returned instead of a count where the source is a stream that was opened by its path, such as a
   * FIFO.
   */
  static final long NO_POSITION = -1;

  /** Why no more bytes were moved. */
  enum Reason {
    /** The count was reached. */
    COMPLETE(ReportEnding.COMPLETE),
    /** A channel in non-blocking mode was not ready. */
    WOULD_BLOCK(ReportEnding.WOULD_BLOCK),
    /** The source file ended. */
    END_OF_FILE(ReportEnding.END_OF_FILE),
    /** The source's peer has ended its stream. */
    END_OF_STREAM(ReportEnding.PEER_CLOSED),
    /** A connection is broken. */
    BROKEN(ReportEnding.PEER_CLOSED),
    /** A limit of time was met. */
    TIMED_OUT(ReportEnding.TIMED_OUT),
    /** The transfer was cancelled. */
    CANCELLED(ReportEnding.CANCELLED),
    /** A system call failed for another reason. */
    FAILED(ReportEnding.FAILED),
    /** A channel was closed, or its output shut down. */
    CLOSED(ReportEnding.FAILED),
    /** The thread was interrupted, and both channels are closed. */
    INTERRUPTED(ReportEnding.FAILED),
    /**
     * The source was opened as a file and has no position. The caller reads it as a stream, or by
     * the channel's own methods.
     */
    NO_POSITION(ReportEnding.FAILED);

    private final ReportEnding ending;

    Reason(ReportEnding ending) {
      this.ending = ending;
    }

    ReportEnding ending() {
      return ending;
    }
  }

  /** An outcome without an exception. */
  static Outcome of(long moved, long stranded, Reason reason) {
    return new Outcome(moved, stranded, reason, null);
  }

  /** The ending that a report tells. */
  ReportEnding ending() {
    return reason.ending;
  }

  /**
   * Whether the caller does not see the failure, because bytes were moved before it and the caller
   * gets their count.
   */
  boolean isFailureHidden() {
    return failure != null && moved > 0 && stranded == 0 && reason != Reason.INTERRUPTED;
  }

  /**
   * Answers the count that the caller gets, or throws.
   *
   * @return the bytes moved, or {@link #NO_POSITION}
   * @throws IOException the reason's exception, if nothing was moved, bytes are lost, or the thread
   *     was interrupted
   */
  long result() throws IOException {
    if (stranded > 0) {
      IOException told = failure == null ? withoutFailure() : failure;
      told.addSuppressed(new StrandedBytesException(moved, stranded));
      throw told;
    }
    if (failure != null && !isFailureHidden()) {
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
      case TIMED_OUT, CANCELLED -> reason.ending().beforeAllWasTaken();
      case WOULD_BLOCK -> new IOException("the target is in non-blocking mode and full");
      default -> new IOException("the target takes nothing");
    };
  }
}
