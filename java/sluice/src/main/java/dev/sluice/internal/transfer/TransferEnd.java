package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Progress;
import dev.sluice.internal.boundary.RefusedException;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.HeldPair;
import dev.sluice.internal.channel.Limits;
import dev.sluice.internal.channel.PendingErrors;
import dev.sluice.internal.transfer.Outcome.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Judges why a transfer ended before its count was reached, from the answer of the last native
 * call. The judgement is made while both endpoints are held, because afterwards the file may be
 * closed.
 */
final class TransferEnd {
  private final HeldPair pair;
  private final Endpoint source;
  private final Endpoint target;
  private final int mechanism;
  private final @Nullable Ledger ledger;
  private final long count;
  private final long moved;
  private final long answer;

  /**
   * Describes the end of a transfer.
   *
   * @param count the bytes that the transfer was asked for, or as many as its source has
   * @param moved the bytes that reached the target
   * @param answer what the last native call answered, or {@link HeldPair#CLOSED}
   */
  TransferEnd(
      HeldPair pair, int mechanism, @Nullable Ledger ledger, long count, long moved, long answer) {
    this.pair = pair;
    source = pair.source;
    target = pair.target;
    this.mechanism = mechanism;
    this.ledger = ledger;
    this.count = count;
    this.moved = moved;
    this.answer = answer;
  }

  /** Makes the outcome, of which {@code stranded} bytes left the source and did not arrive. */
  Outcome outcome(long stranded) throws IOException {
    if (Progress.errno(answer) == Errno.EPIPE.number) {
      target.awaitShutdownOutput();
    }
    if (answer == HeldPair.CLOSED || !pair.areOpen()) {
      return Outcome.of(moved, stranded, Reason.CLOSED);
    }
    return switch (Progress.ending(answer)) {
      case Progress.SHORT -> Outcome.of(moved, stranded, ofShortCall());
      case Progress.SOURCE_WOULD_BLOCK, Progress.TARGET_WOULD_BLOCK ->
          Outcome.of(moved, stranded, ofWaiting());
      case Progress.PAUSED ->
          pair.limitMet() == Limits.Met.NONE ? ended(stranded) : outcomeAtLimit(stranded);
      case Progress.ERROR_PENDING -> Outcome.of(moved, stranded, Reason.BROKEN);
      case Progress.FAILED -> failed(stranded);
      default -> ended(stranded);
    };
  }

  /** Makes the outcome of a transfer that a limit ended before or between two calls. */
  Outcome outcomeAtLimit(long stranded) {
    return Outcome.of(moved, stranded, ofWaiting());
  }

  /**
   * The reason of a transfer that could go on later: a limit was met, or a channel in non-blocking
   * mode is not ready.
   */
  private Reason ofWaiting() {
    return switch (pair.limitMet()) {
      case TIMED_OUT -> Reason.TIMED_OUT;
      case CANCELLED -> Reason.CANCELLED;
      case NONE -> Reason.WOULD_BLOCK;
    };
  }

  /**
   * The reason of a short call: the file ends there, or the target is full. The call itself does
   * not say which.
   */
  private Reason ofShortCall() {
    boolean isOver = source.kind == Endpoint.FILE && source.remainingBytes() <= 0;
    return isOver ? Reason.END_OF_FILE : Reason.WOULD_BLOCK;
  }

  private Outcome ended(long stranded) {
    if (source.kind == Endpoint.FILE) {
      return Outcome.of(moved, stranded, Reason.END_OF_FILE);
    }
    IOException reset =
        source.kind == Endpoint.SOCKET ? PendingErrors.errorAtEnd(source.channel) : null;
    return reset == null
        ? Outcome.of(moved, stranded, Reason.END_OF_STREAM)
        : new Outcome(moved, stranded, Reason.BROKEN, reset);
  }

  private Outcome failed(long stranded) throws IOException {
    int errno = Progress.errno(answer);
    if (moved == 0 && source.kind == Endpoint.FILE) {
      // ESPIPE says that the source was opened as a file and has no position, unless it was the
      // target that cannot seek.
      if (errno == Errno.ESPIPE.number && source.hasOwnOffset() && !source.hasPosition()) {
        return Outcome.of(0, stranded, Reason.NO_POSITION);
      }
      // The kernel refuses some offsets beyond the end of a file. The JDK never passes it such an
      // offset, and answers 0.
      if ((errno == Errno.EINVAL.number || errno == Errno.EOVERFLOW.number)
          && !Progress.isOfTarget(answer)
          && isBeyondEnd()) {
        return Outcome.of(0, stranded, Reason.END_OF_FILE);
      }
    }
    if (moved == 0 && ledger != null && ledger.refusedErrno(mechanism) != 0) {
      IOException refused =
          RefusedException.by(ledger.refusedCall(mechanism), ledger.refusedErrno(mechanism));
      return new Outcome(0, stranded, Reason.FAILED, refused);
    }
    boolean isOfSource = Progress.isOfSource(answer);
    Endpoint failed = isOfSource ? source : target;
    boolean isOfStream =
        (isOfSource || Progress.isOfTarget(answer)) && failed.kind != Endpoint.FILE;
    // A FIFO that was opened by its path is a file here, as in the JDK. Where no process reads it,
    // the write fails with EPIPE, and the pipe is broken.
    if (!isOfStream && errno != Errno.EPIPE.number) {
      return new Outcome(moved, stranded, Reason.FAILED, source.failure(errno));
    }
    IOException failure = Errno.ofStream(errno, isOfSource);
    return new Outcome(moved, stranded, Reason.BROKEN, failure);
  }

  /**
   * Whether the source's position lies beyond the end of the file, or so far that position plus
   * count overflows.
   */
  private boolean isBeyondEnd() {
    return source.remainingBytes() < 0 || source.position > Long.MAX_VALUE - count;
  }

  /**
   * Keeps a socket's error for the next call on its channel if this transfer's caller does not see
   * it. The kernel tells such an error once; {@code EPIPE} alone it tells every time.
   */
  void keepHiddenError(Outcome ended) {
    IOException failure = ended.failure();
    int errno = Progress.ending(answer) == Progress.FAILED ? Progress.errno(answer) : 0;
    if (ended.reason() != Reason.BROKEN || failure == null || errno == Errno.EPIPE.number) {
      return;
    }
    boolean isOfTarget = Progress.isOfTarget(answer);
    Endpoint failed = isOfTarget ? target : source;
    if (failed.kind != Endpoint.SOCKET) {
      return;
    }
    if (!ended.isFailureHidden()) {
      if (!isOfTarget && errno == Errno.ECONNRESET.number) {
        PendingErrors.markReset(failed.channel);
      }
    } else if (isOfTarget) {
      PendingErrors.keepOfWrite(failed.channel, failure, failed.hasBytes());
    } else {
      PendingErrors.keepOfRead(failed.channel, failure);
    }
  }
}
