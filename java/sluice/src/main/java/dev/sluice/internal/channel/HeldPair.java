package dev.sluice.internal.channel;

import dev.sluice.internal.channel.CloseWatcher.Watched;
import dev.sluice.internal.jdk.CarrierCompensation;
import dev.sluice.internal.jdk.Threads;
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
 * The two ends of one transfer, held in one order: the source's turn, the target's turn, the
 * source's guards, the target's; and given back the other way round. Of two streams the target is
 * let go while the source is waited for, so that others can write to it meanwhile.
 */
public final class HeldPair {
  /** What {@link #call} answers where a channel is closed. */
  public static final long CLOSED = -1;

  /** What is done with both ends. */
  public interface Work<R> {
    /**
     * Runs with both ends held.
     *
     * @return the result, or null where the source is to be waited for, with the target let go
     */
    @Nullable R whileHeld(HeldPair pair) throws IOException;

    /** Whether bytes were moved, so that a close that came meanwhile is no failure. */
    boolean hasMoved();
  }

  /** A native call with both descriptors. */
  public interface Call {
    long on(int sourceFd, int targetFd);
  }

  public final Endpoint source;
  public final Endpoint target;

  private @Nullable Watched watched;

  private HeldPair(Endpoint source, Endpoint target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Holds both ends until the work has a result.
   *
   * @throws ClosedChannelException if a channel is closed, or its thread interrupted; {@link
   *     #closed} says what that is told as
   */
  public static <R> R hold(Endpoint source, Endpoint target, Work<R> work) throws IOException {
    HeldPair pair = new HeldPair(source, target);
    try {
      return pair.inTurn(work);
    } finally {
      if (pair.watched != null) {
        CloseWatcher.forget(pair.watched);
      }
    }
  }

  private <R> R inTurn(Work<R> work) throws IOException {
    ReentrantLock turn = source.turn;
    lock(turn);
    try {
      if (mayWaitUnseen()) {
        watched = CloseWatcher.watch(source, target);
      }
      R result = held(work);
      while (result == null) {
        awaitSource(work);
        result = held(work);
      }
      return result;
    } finally {
      unlock(turn);
    }
  }

  private <R> @Nullable R held(Work<R> work) throws IOException {
    ReentrantLock turn = target.turn;
    lock(turn);
    try {
      try {
        begin();
        return work.whileHeld(this);
      } finally {
        end(work.hasMoved());
      }
    } finally {
      unlock(turn);
    }
  }

  /**
   * Waits for a turn. Another transfer that has it may be stalled: a close of either channel or an
   * interrupt ends the wait as it ends a transfer.
   */
  private void lock(@Nullable ReentrantLock turn) throws IOException {
    if (turn == null || turn.tryLock()) {
      return;
    }
    try {
      while (!turn.tryLock(Endpoint.WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        if (!areUsable()) {
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
   * A thread has room for one interrupt hook. The hook belongs to the channel that may block, whose
   * own {@code beginRead} or {@code beginWrite} sets it, or else to the file.
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

  private void awaitSource(Work<?> work) throws IOException {
    try {
      source.begin(true);
      await(source);
    } finally {
      source.end(work.hasMoved());
    }
  }

  /**
   * Enters both ends and calls.
   *
   * @param bytes how many the call is asked for: between files a virtual thread cannot leave its
   *     carrier while many are copied
   * @return the call's answer, or {@link #CLOSED} where it was not made
   */
  public long call(Call call, long bytes) {
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
        return entered(call, sourceFd, targetFd, bytes);
      } finally {
        target.leave();
      }
    } finally {
      source.leave();
    }
  }

  private long entered(Call call, int sourceFd, int targetFd, long bytes) {
    boolean isLong = bytes >= CarrierCompensation.LONG && areFiles();
    return watched == null && !isLong
        ? call.on(sourceFd, targetFd)
        : lookedAfter(call, sourceFd, targetFd, isLong);
  }

  private long lookedAfter(Call call, int sourceFd, int targetFd, boolean isLong) {
    if (watched != null) {
      watched.enter();
    }
    long begun = isLong ? CarrierCompensation.begin() : CarrierCompensation.NOT_ASKED;
    try {
      return call.on(sourceFd, targetFd);
    } finally {
      CarrierCompensation.end(begun);
      if (watched != null) {
        watched.leave();
      }
    }
  }

  private boolean areFiles() {
    return source.kind == Endpoint.FILE && target.kind == Endpoint.FILE;
  }

  /** Whether a transfer may go on: both channels are open, and the target takes bytes. */
  public boolean areUsable() {
    return source.isUsable() && target.isUsable();
  }

  /** Lets other virtual threads run between two calls: whether the transfer may go on. */
  public boolean pause() {
    Threads.yieldIfVirtual();
    return areUsable();
  }

  /**
   * Waits for one end, without a limit of time where the {@link CloseWatcher} looks after it:
   * nothing else wakes a virtual thread when the other end is closed.
   */
  public void await(Endpoint waiting) throws IOException {
    boolean isVirtual = Threads.isVirtual();
    if (isVirtual && watched == null) {
      watched = CloseWatcher.watch(source, target);
    }
    if (watched == null) {
      waiting.await(Endpoint.WAIT_MILLIS);
    } else if (isVirtual) {
      if (areUsable()) {
        waiting.park();
      }
    } else {
      watched.enter();
      try {
        if (areUsable()) {
          waiting.await(Endpoint.WITHOUT_END);
        }
      } finally {
        watched.leave();
      }
    }
  }

  /**
   * Whether a thread may wait for one end while the close of either sends one signal, or none:
   * between streams (a file at its own position may be a FIFO, which a virtual thread waits for as
   * well), and on duplicates.
   */
  private boolean mayWaitUnseen() {
    boolean isFromStream = source.kind != Endpoint.FILE;
    boolean isIntoStream = target.kind != Endpoint.FILE || target.hasOwnOffset();
    return isIntoStream && (isFromStream || target.kind == Endpoint.FILE && Threads.isVirtual())
        || source.mayWaitUnseen()
        || target.mayWaitUnseen();
  }

  /**
   * What a channel that was closed during a transfer is told as: both channels are closed after an
   * interrupt, and a close is always an asynchronous one. As JDK 25's {@code
   * FileChannelImpl.transferFailed}.
   */
  public static AsynchronousCloseException closed(
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
