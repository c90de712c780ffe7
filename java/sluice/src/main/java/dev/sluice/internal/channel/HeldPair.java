package dev.sluice.internal.channel;

import dev.sluice.internal.jdk.CarrierCompensation;
import dev.sluice.internal.jdk.Threads;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The two endpoints of one transfer, always taken in one order: the source's turn, the target's
 * turn, the source's guards, the target's guards. They are given back in the reverse order. If both
 * channels are streams, the pair releases the target while it waits for the source, so that other
 * threads can write to the target meanwhile.
 */
public abstract class HeldPair {
  /** The answer of {@link #call} if a channel is closed. */
  public static final long CLOSED = -1;

  public final Endpoint source;
  public final Endpoint target;

  /** What ends the transfer although both channels are open, or null. */
  protected @Nullable Limits limits;

  /** The watch over the running transfer, or null. */
  private @Nullable Watched watched;

  /** The watch for a transfer that needs one, made for the first that does. */
  private @Nullable Watched kept;

  protected HeldPair(Endpoint source, Endpoint target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Runs while both endpoints are held.
   *
   * @return whether the work is over; if not, the pair releases the target, calls {@link
   *     #whileReleased}, and takes the target again
   */
  protected abstract boolean whileHeld() throws IOException;

  /** Runs while no guard is held but the source's turn. */
  protected void whileReleased() throws IOException {
    awaitSource();
  }

  /** Whether bytes were moved. A close that came meanwhile is then no failure. */
  protected abstract boolean hasMoved();

  /** Makes a native call that uses both descriptors. */
  protected abstract long callNative(int sourceFd, int targetFd);

  /**
   * Holds both endpoints until the work is over.
   *
   * @throws LimitMetException if a limit is met before it is this pair's turn
   * @throws ClosedChannelException if a channel is closed, or the thread interrupted; {@link
   *     #closeException} turns it into the exception for the caller
   */
  protected final void hold() throws IOException {
    try {
      runInTurn();
    } finally {
      if (watched != null) {
        CloseWatcher.forget(watched);
        watched = null;
      }
    }
  }

  private void runInTurn() throws IOException {
    ReentrantLock turn = source.turn;
    lock(turn);
    try {
      if (limits != null || mayWaitUnseen()) {
        watch();
      }
      while (!runWhileHeld()) {
        whileReleased();
      }
    } finally {
      unlock(turn);
    }
  }

  private void watch() {
    Watched own = kept;
    if (own == null) {
      own = new Watched();
      kept = own;
    }
    watched = CloseWatcher.watch(own, source, target, limits) ? own : null;
  }

  private boolean runWhileHeld() throws IOException {
    ReentrantLock turn = target.turn;
    lock(turn);
    try {
      return runBegun();
    } finally {
      unlock(turn);
    }
  }

  private boolean runBegun() throws IOException {
    try {
      begin();
      return whileHeld();
    } finally {
      end(hasMoved());
    }
  }

  /**
   * Holds both endpoints once, for a thread that serves many pairs and waits for none.
   *
   * @return whether it was this pair's turn; if not, nothing was done
   * @throws ClosedChannelException if a channel is closed
   */
  protected final boolean tryHold() throws IOException {
    if (!tryLock(source.turn)) {
      return false;
    }
    try {
      if (!tryLock(target.turn)) {
        return false;
      }
      try {
        runBegun();
        return true;
      } finally {
        unlock(target.turn);
      }
    } finally {
      unlock(source.turn);
    }
  }

  private static boolean tryLock(@Nullable ReentrantLock turn) {
    return turn == null || turn.tryLock();
  }

  /**
   * Waits for a turn. The transfer that has the turn may be stalled. A close of either channel, or
   * an interrupt, therefore ends this wait as it ends a transfer.
   */
  private void lock(@Nullable ReentrantLock turn) throws IOException {
    if (turn == null || tryLock(turn)) {
      return;
    }
    try {
      while (!turn.tryLock(Endpoint.WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        if (!areOpen()) {
          throw new AsynchronousCloseException();
        }
        if (limitMet() != Limits.Met.NONE) {
          throw new LimitMetException();
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
   * Begins at both endpoints. A thread has room for one interrupt hook. The hook belongs to the
   * channel that may block, whose own {@code beginRead} or {@code beginWrite} sets it; if neither
   * channel may block, it belongs to the file.
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

  /** Waits for the source while the target is released. */
  protected final void awaitSource() throws IOException {
    try {
      source.begin(true);
      await(source);
    } finally {
      source.end(hasMoved());
    }
  }

  /**
   * Enters both endpoints and makes the call.
   *
   * @param bytes how many bytes the call is asked for. A call that copies many bytes between files
   *     keeps a virtual thread on its carrier.
   * @return the call's answer, or {@link #CLOSED} if the call was not made
   */
  protected final long call(long bytes) {
    return isAside() ? Aside.call(() -> callHeld(bytes)) : callHeld(bytes);
  }

  /**
   * Whether another thread makes the calls for this virtual thread, because they wait for disks.
   */
  protected boolean isAside() {
    return false;
  }

  private long callHeld(long bytes) {
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
        return callEntered(sourceFd, targetFd, bytes);
      } finally {
        target.leave();
      }
    } finally {
      source.leave();
    }
  }

  private long callEntered(int sourceFd, int targetFd, long bytes) {
    boolean isLong = bytes >= CarrierCompensation.LONG_COPY_BYTES && areFiles();
    return watched == null && !isLong
        ? callNative(sourceFd, targetFd)
        : callLookedAfter(sourceFd, targetFd, isLong);
  }

  private long callLookedAfter(int sourceFd, int targetFd, boolean isLong) {
    if (watched != null) {
      watched.enter();
    }
    long begun = isLong ? CarrierCompensation.begin() : CarrierCompensation.NOT_ASKED;
    try {
      return callNative(sourceFd, targetFd);
    } finally {
      CarrierCompensation.end(begun);
      if (watched != null) {
        watched.leave();
      }
    }
  }

  /**
   * Waits until the source was read ahead, while both endpoints stay held. The guards of neither
   * are entered, so that a close, an interrupt and a limit end the wait even if the disk hangs. A
   * close of a file waits for the reader all the same, as it does for every thread that reads.
   *
   * @return whether the transfer may go on
   */
  protected final boolean awaitRead(ReadAhead ahead) {
    if (watched == null) {
      watch();
    }
    if (!ahead.start()) {
      return mayGoOn();
    }
    while (!ahead.isDone()) {
      if (!mayGoOn()) {
        ahead.abandon();
        return false;
      }
      if (Thread.currentThread().isInterrupted()) {
        // The channel that has the hook is closed at any moment. A thread does not park meanwhile.
        Thread.yield();
      } else if (watched == null) {
        LockSupport.parkNanos(ahead, TimeUnit.MILLISECONDS.toNanos(Endpoint.WAIT_MILLIS));
      } else {
        LockSupport.park(ahead);
      }
    }
    return mayGoOn();
  }

  private boolean areFiles() {
    return source.kind == Endpoint.FILE && target.kind == Endpoint.FILE;
  }

  /** Whether both channels are open, and the target takes bytes. */
  public final boolean areOpen() {
    return source.isUsable() && target.isUsable();
  }

  /** Which limit of the transfer is met. */
  public Limits.Met limitMet() {
    Limits own = limits;
    return own == null ? Limits.Met.NONE : own.met();
  }

  /** Whether the transfer may go on: {@link #areOpen}, and no limit is met. */
  protected final boolean mayGoOn() {
    return areOpen() && limitMet() == Limits.Met.NONE;
  }

  /**
   * Lets other virtual threads run between two calls.
   *
   * @return whether the transfer may go on
   */
  protected final boolean pause() {
    Threads.yieldIfVirtual();
    return mayGoOn();
  }

  /** Whether a virtual thread may keep its carrier for a moment while the target is full. */
  protected final boolean mayLinger() {
    return Lingering.isWorthwhile(watched);
  }

  /** Notes that the target is still full. */
  protected static void lingered(boolean hasLingered) {
    Lingering.ended(hasLingered);
  }

  /**
   * Waits for one endpoint. The wait has no limit of time if the {@link CloseWatcher} watches the
   * transfer. On a virtual thread the watcher is needed, because nothing else wakes the thread when
   * the other endpoint is closed.
   */
  protected final void await(Endpoint waiting) throws IOException {
    boolean isVirtual = Threads.isVirtual();
    if (isVirtual && watched == null) {
      watch();
    }
    if (watched == null) {
      waiting.await(Endpoint.WAIT_MILLIS);
    } else if (isVirtual) {
      if (mayGoOn()) {
        waiting.park();
      }
    } else {
      watched.enter();
      try {
        if (mayGoOn()) {
          waiting.await(Endpoint.WITHOUT_END);
        }
      } finally {
        watched.leave();
      }
    }
  }

  /**
   * Whether a thread may wait for one endpoint while a close of either channel sends one signal
   * only, or none. This is so between two streams, and on duplicates. A file that is written at its
   * own position counts as a stream for a virtual thread: it may be a FIFO, and the thread waits
   * for a FIFO as well.
   */
  private boolean mayWaitUnseen() {
    boolean isFromStream = source.kind != Endpoint.FILE;
    boolean isIntoStream = target.kind != Endpoint.FILE || target.hasOwnOffset();
    return isIntoStream && (isFromStream || target.kind == Endpoint.FILE && Threads.isVirtual())
        || source.mayWaitUnseen()
        || target.mayWaitUnseen();
  }

  /**
   * The exception for the caller of a transfer during which a channel was closed. After an
   * interrupt both channels are closed. Any other close is an asynchronous one. JDK 25's {@code
   * FileChannelImpl.transferFailed} does the same.
   */
  public static AsynchronousCloseException closeException(
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
