package dev.sluice.internal.transfer;

import dev.sluice.StrandedBytesException;
import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.Progress;
import dev.sluice.internal.boundary.RefusedException;
import dev.sluice.internal.boundary.TransferShape;
import dev.sluice.internal.channel.CloseWatcher;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.GuardedReader;
import dev.sluice.internal.channel.PendingErrors;
import dev.sluice.internal.jdk.CarrierCompensation;
import dev.sluice.internal.jdk.Threads;
import dev.sluice.internal.transfer.Outcome.Reason;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One transfer between two channels whose descriptors the kernel can serve: takes the guards of
 * both sides, calls the native code until the count is reached or something ends it, and waits
 * between calls where a blocking channel is not ready. Of two streams the target is let go while
 * the source is waited for.
 *
 * <p>How much one system call is asked for, and what a signal or a short call means, is decided in
 * the native code, which gets the whole count.
 */
public final class Transfer {
  /** The answer where the source is a stream that was opened by its path, such as a FIFO. */
  static final long NO_POSITION = -1;

  /** Up to how many bytes a transfer is one system call, where it can be. */
  public static final long ONE_CALL = 1L << 20;

  /** In place of a native's answer: a channel is closed. */
  private static final long CLOSED = -1;

  private final int mechanism;
  private final Endpoint source;
  private final Endpoint target;
  private final @Nullable Ledger ledger;
  private final long wanted;
  private long count;
  private long moved;
  private long answer;
  private int shape;
  private boolean isFirst = true;
  private CloseWatcher.@Nullable Watched watched;
  private @Nullable Outcome outcome;

  private Transfer(
      int mechanism,
      Endpoint source,
      Endpoint target,
      long count,
      long answer,
      @Nullable Ledger ledger) {
    this.mechanism = mechanism;
    this.source = source;
    this.target = target;
    wanted = count;
    this.count = count;
    this.answer = answer;
    this.ledger = ledger;
    if (answer != Progress.NOTHING) {
      // Before anything that may throw: these bytes are in the target.
      count(count);
    }
  }

  /**
   * Moves bytes.
   *
   * @param mechanism the mechanism's number
   * @param source where they come from
   * @param target where they go
   * @param count how many, above 0
   * @param answer what a native call for this transfer has answered already, or {@link
   *     Progress#NOTHING}
   * @param ledger what the native code keeps; needed where the source cannot be read twice
   * @param report where to tell how it ended, or null
   * @return the bytes moved, or {@link #NO_POSITION}
   * @throws IOException if nothing was moved for another reason than the end of the source or a
   *     non-blocking channel that is not ready; or if bytes were taken that the target refused,
   *     with a {@link StrandedBytesException} suppressed
   */
  public static long run(
      int mechanism,
      Endpoint source,
      Endpoint target,
      long count,
      long answer,
      @Nullable Ledger ledger,
      @Nullable ReportBuilder report)
      throws IOException {
    Transfer transfer = new Transfer(mechanism, source, target, count, answer, ledger);
    Outcome outcome = transfer.run();
    if (report != null) {
      report.ended(outcome.moved(), outcome.ending());
    }
    return outcome.result();
  }

  private Outcome run() throws IOException {
    try {
      return inTurn();
    } catch (ClosedChannelException e) {
      IOException closed = closed(e, source.channel(), target.channel());
      boolean isInterrupted = closed instanceof ClosedByInterruptException;
      Reason reason = isInterrupted ? Reason.INTERRUPTED : Reason.CLOSED;
      return new Outcome(moved, stranded(), reason, closed);
    } catch (Throwable e) {
      long stranded = stranded();
      if (stranded > 0) {
        e.addSuppressed(new StrandedBytesException(moved, stranded));
      }
      throw e;
    } finally {
      if (watched != null) {
        CloseWatcher.forget(watched);
      }
    }
  }

  private Outcome inTurn() throws IOException {
    ReentrantLock turn = source.turn();
    lock(turn);
    try {
      if (mayWaitUnseen()) {
        watched = CloseWatcher.watch(source, target);
      }
      Outcome ended = hold();
      while (ended == null) {
        awaitSource();
        ended = hold();
      }
      return ended;
    } finally {
      unlock(turn);
    }
  }

  /**
   * Waits for its turn. Whoever has it may be stalled: a close of either channel or an interrupt
   * ends the wait as it ends a transfer.
   */
  private void lock(@Nullable ReentrantLock turn) throws IOException {
    if (turn == null || turn.tryLock()) {
      return;
    }
    try {
      while (!turn.tryLock(Endpoint.WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        if (!bothUsable()) {
          throw new AsynchronousCloseException();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  private static void unlock(@Nullable ReentrantLock turn) {
    if (turn != null) {
      turn.unlock();
    }
  }

  /**
   * Holds both sides until the transfer ends: how, or null where the source is to be waited for,
   * with nothing of the target held.
   */
  private @Nullable Outcome hold() throws IOException {
    ReentrantLock turn = target.turn();
    lock(turn);
    try {
      try {
        begin();
        if (moved == 0) {
          PendingErrors.tell(source.channel(), target.channel());
        }
        if (move()) {
          outcome = outcome();
          keepUntold(outcome);
        }
      } finally {
        end(moved > 0);
      }
    } finally {
      unlock(turn);
    }
    return outcome;
  }

  /**
   * A thread has room for one interrupt hook. It belongs to the channel that may block, whose own
   * {@code beginRead} or {@code beginWrite} sets it, or else to the file.
   */
  private void begin() throws IOException {
    boolean byTarget =
        target.isBlocking()
            || source.kind != Endpoint.FILE && !source.isBlocking()
            || !source.isHookable();
    source.begin(!byTarget);
    target.begin(byTarget);
  }

  private void end(boolean completed) throws IOException {
    try {
      target.end(completed);
    } finally {
      source.end(completed);
    }
  }

  private void awaitSource() throws IOException {
    try {
      source.begin(true);
      await(source);
    } finally {
      source.end(moved > 0);
    }
  }

  /** What comes after a native call. */
  private enum Next {
    CALL,
    AWAIT_SOURCE,
    END
  }

  /**
   * Calls the native code: whether the transfer is over, or else the source is to be waited for.
   */
  private boolean move() throws IOException {
    if (source instanceof GuardedReader reader && reader.isShutDown()) {
      answer = Progress.END;
      return true;
    }
    shape = shape();
    Next next = Next.CALL;
    if (answer != Progress.NOTHING) {
      next = next();
    } else if (isFirst && source.kind == Endpoint.FILE && isToBeClipped()) {
      clip();
    }
    isFirst = false;
    while (next == Next.CALL) {
      long asked = count - moved;
      if (asked == 0) {
        return true;
      }
      answer = call(asked);
      next = answer == CLOSED ? Next.END : added(asked);
    }
    return next == Next.END;
  }

  /** Adds what a native call has moved: what comes next, which may wait first. */
  private Next added(long asked) throws IOException {
    count(asked);
    return next();
  }

  private void count(long asked) {
    long bytes = Progress.bytes(answer);
    if (bytes > asked) {
      throw new InternalError(bytes + " bytes were moved where " + asked + " were asked for");
    }
    moved += bytes;
    if (source.position != NativeTransfer.OWN_OFFSET) {
      source.position += bytes;
    }
    if (target.position != NativeTransfer.OWN_OFFSET) {
      target.position += bytes;
    }
  }

  /** What comes after a native call that was counted, which may wait first. */
  private Next next() throws IOException {
    shape |= moved > 0 ? TransferShape.NEXT | TransferShape.HAS_MOVED : TransferShape.NEXT;
    Endpoint waiting;
    switch (Progress.ending(answer)) {
      case Progress.PAUSED -> {
        Threads.yieldIfVirtual();
        // The JDK wakes threads with a signal when a channel is closed. Any other is nothing.
        return bothUsable() ? Next.CALL : Next.END;
      }
      case Progress.SOURCE_WOULD_BLOCK -> waiting = source;
      case Progress.TARGET_WOULD_BLOCK -> waiting = target;
      default -> {
        return Next.END;
      }
    }
    if (!waiting.isBlocking() || !bothUsable()) {
      return Next.END;
    }
    if (waiting == source && target.kind != Endpoint.FILE) {
      answer = Progress.NOTHING;
      return Next.AWAIT_SOURCE;
    }
    await(waiting);
    if (waiting == target) {
      // A socket that is shut down is ready, and what is taken for it would be lost.
      target.settle();
    }
    return bothUsable() ? Next.CALL : Next.END;
  }

  private int shape() {
    int pace = 0;
    if (!isToTheEnd()) {
      pace = TransferShape.AT_ONCE;
    } else if (source.isPolled() || target.isPolled()) {
      pace = TransferShape.POLLED;
    }
    int flags = isFirst ? 0 : TransferShape.NEXT;
    if (moved > 0) {
      flags |= TransferShape.HAS_MOVED;
    }
    if (source.isSharedWithReaders()) {
      flags |= TransferShape.SHARED_SOURCE;
    }
    return source.kind | target.kind << 4 | pace | flags;
  }

  private boolean isToBeClipped() {
    return count > ONE_CALL || source.channel() == target.channel();
  }

  /**
   * To what the source file has now, unless it does not know, as in procfs. What is appended from
   * now on, perhaps by this very transfer, is not chased.
   */
  private void clip() {
    count = moved + Math.max(0, Math.min(count - moved, source.left()));
  }

  private boolean isBetweenFiles() {
    return source.kind == Endpoint.FILE && target.kind == Endpoint.FILE;
  }

  /** Whether it ends with the count or the source, and not where a channel is not ready. */
  private boolean isToTheEnd() {
    if (source.kind == Endpoint.FILE) {
      return target.kind == Endpoint.FILE || target.isBlocking();
    }
    return source.isBlocking() && (target.kind == Endpoint.FILE || target.isBlocking());
  }

  private long call(long asked) {
    int sourceFd = source.enter();
    if (sourceFd < 0) {
      return CLOSED;
    }
    try {
      int targetFd = target.enter();
      if (targetFd < 0) {
        return CLOSED;
      }
      try {
        return called(sourceFd, targetFd, asked);
      } finally {
        target.leave();
      }
    } finally {
      source.leave();
    }
  }

  /** A virtual thread cannot leave its carrier while bytes are copied from file to file. */
  private long called(int sourceFd, int targetFd, long asked) {
    if (watched != null) {
      watched.enter();
    }
    long begun =
        isBetweenFiles() && asked >= CarrierCompensation.LONG
            ? CarrierCompensation.begin()
            : CarrierCompensation.NOT_ASKED;
    try {
      long address = ledger == null ? 0 : ledger.address;
      return source.transfer(mechanism, shape, sourceFd, target, targetFd, asked, address);
    } finally {
      CarrierCompensation.end(begun);
      if (watched != null) {
        watched.leave();
      }
    }
  }

  /**
   * Waits for a side, without end where the {@link CloseWatcher} looks after it: nobody else wakes
   * a virtual thread when the other side is closed.
   */
  private void await(Endpoint waiting) throws IOException {
    boolean isVirtual = Threads.isVirtual();
    if (isVirtual && watched == null) {
      watched = CloseWatcher.watch(source, target);
    }
    if (watched == null) {
      waiting.await(Endpoint.WAIT_MILLIS);
    } else if (isVirtual) {
      if (bothUsable()) {
        waiting.park();
      }
    } else {
      watched.enter();
      try {
        if (bothUsable()) {
          waiting.await(Endpoint.WITHOUT_END);
        }
      } finally {
        watched.leave();
      }
    }
  }

  /**
   * Whether a thread may wait for one side while the close of either sends one signal, or none:
   * between streams (a file at its own position may be a FIFO, which a virtual thread waits for as
   * well), and on duplicates.
   */
  private boolean mayWaitUnseen() {
    boolean isFromStream = source.kind != Endpoint.FILE;
    boolean isIntoStream =
        target.kind != Endpoint.FILE || target.position == NativeTransfer.OWN_OFFSET;
    return isIntoStream && (isFromStream || target.kind == Endpoint.FILE && Threads.isVirtual())
        || source.mayWaitUnseen()
        || target.mayWaitUnseen();
  }

  private boolean bothUsable() {
    return source.isUsable() && target.isUsable();
  }

  /**
   * The bytes that the native code has taken from the source for a target that will not get them.
   */
  private long stranded() {
    return ledger == null ? 0 : ledger.strand();
  }

  /** Made while both sides are held: afterwards the file may be closed. */
  private Outcome outcome() throws IOException {
    long stranded = stranded();
    if (moved == wanted) {
      return Outcome.of(moved, stranded, Reason.COMPLETE);
    }
    if (Progress.errno(answer) == Errno.EPIPE.number) {
      target.settle();
    }
    if (answer == CLOSED || !bothUsable()) {
      return Outcome.of(moved, stranded, Reason.CLOSED);
    }
    return switch (Progress.ending(answer)) {
      case Progress.SHORT -> Outcome.of(moved, stranded, short_());
      case Progress.SOURCE_WOULD_BLOCK, Progress.TARGET_WOULD_BLOCK ->
          Outcome.of(moved, stranded, Reason.WOULD_BLOCK);
      case Progress.ERROR_PENDING -> Outcome.of(moved, stranded, Reason.BROKEN);
      case Progress.FAILED -> failed(stranded);
      default -> ended(stranded);
    };
  }

  /** A short call: the file ends there, or the target is full, which the call does not tell. */
  private Reason short_() {
    boolean isOver = source.kind == Endpoint.FILE && source.left() <= 0;
    return isOver ? Reason.END_OF_FILE : Reason.WOULD_BLOCK;
  }

  private Outcome ended(long stranded) {
    if (source.kind == Endpoint.FILE) {
      return Outcome.of(moved, stranded, Reason.END_OF_FILE);
    }
    IOException reset =
        source.kind == Endpoint.SOCKET ? PendingErrors.insteadOfEnd(source.channel()) : null;
    return reset == null
        ? Outcome.of(moved, stranded, Reason.END_OF_STREAM)
        : new Outcome(moved, stranded, Reason.BROKEN, reset);
  }

  private Outcome failed(long stranded) throws IOException {
    int errno = Progress.errno(answer);
    if (moved == 0 && source.kind == Endpoint.FILE) {
      // Unless it was the target that cannot seek.
      if (errno == Errno.ESPIPE.number
          && source.position == NativeTransfer.OWN_OFFSET
          && !source.hasPosition()) {
        return Outcome.of(0, stranded, Reason.NO_POSITION);
      }
      // The kernel refuses some offsets beyond the end which the JDK never lets it see.
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
    // A FIFO that nobody reads is a file to the JDK as well, and a broken pipe.
    if (!isOfStream && errno != Errno.EPIPE.number) {
      return new Outcome(moved, stranded, Reason.FAILED, source.failure(errno));
    }
    IOException failure = Errno.ofStream(errno, isOfSource);
    return new Outcome(moved, stranded, Reason.BROKEN, failure);
  }

  /** Whether the source's position lies behind its end, or behind what any file reaches. */
  private boolean isBeyondEnd() {
    return source.left() < 0 || source.position > Long.MAX_VALUE - count;
  }

  /** What the kernel has told of a socket, and told for good. It tells {@code EPIPE} each time. */
  private void keepUntold(Outcome ended) {
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
    if (!ended.isFailureUntold()) {
      if (!isOfTarget && errno == Errno.ECONNRESET.number) {
        PendingErrors.onReset(failed.channel());
      }
    } else if (isOfTarget) {
      PendingErrors.keepOfWrite(failed.channel(), failure, failed.hasBytes());
    } else {
      PendingErrors.keepOfRead(failed.channel(), failure);
    }
  }

  /**
   * What a channel that was closed during a transfer is reported as: both channels are closed after
   * an interrupt, and a close is always an asynchronous one. As JDK 25's {@code
   * FileChannelImpl.transferFailed}.
   */
  static AsynchronousCloseException closed(
      ClosedChannelException e, Channel source, Channel target) {
    if (e instanceof ClosedByInterruptException || Thread.currentThread().isInterrupted()) {
      ClosedByInterruptException interrupted =
          e instanceof ClosedByInterruptException same ? same : new ClosedByInterruptException();
      if (interrupted != e) {
        Stream.of(e.getSuppressed()).forEach(interrupted::addSuppressed);
      }
      close(source, interrupted);
      close(target, interrupted);
      return interrupted;
    }
    if (e instanceof AsynchronousCloseException asynchronous) {
      return asynchronous;
    }
    AsynchronousCloseException asynchronous = new AsynchronousCloseException();
    asynchronous.addSuppressed(e);
    return asynchronous;
  }

  private static void close(Channel channel, Exception reason) {
    try {
      channel.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
