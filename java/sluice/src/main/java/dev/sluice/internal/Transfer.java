package dev.sluice.internal;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One transfer between two channels whose descriptors the kernel can serve: takes the guards of
 * both sides, calls the native code until the count is reached or something ends it, waits between
 * calls where a blocking channel is not ready, and turns the outcome into a count or an exception.
 */
final class Transfer {
  /**
   * The most bytes of one native call. Between two calls both channels are looked at, so that a
   * transfer which never sleeps in the kernel, where a signal would wake it, still ends soon after
   * a close: 16 MiB take 3 to 8 ms, the look costs less than a microsecond.
   */
  static final long SLICE = 16L << 20;

  /** The same between two files on a virtual thread, which no signal reaches. */
  private static final long SLICE_OF_VIRTUAL = 4L << 20;

  /** Each takes {@link Side#WAIT_MILLIS} at most, and no time where the channel is ready. */
  private static final int LOOKS_AFTER_A_SIGNAL = 3;

  /** The answer where the source is a stream that was opened by its path, such as a FIFO. */
  static final long NO_POSITION = -1;

  private final int mechanism;
  private final Side source;
  private final Side target;
  private final @Nullable Tally tally;
  private final @Nullable Account account;
  private final long wanted;
  private long count;
  private long moved;
  private long lastBytes;
  private int errno;
  private int ending = Account.FAILED;

  private Transfer(
      int mechanism,
      Side source,
      Side target,
      long count,
      long moved,
      @Nullable Tally tally,
      @Nullable Account account) {
    this.mechanism = mechanism;
    this.source = source;
    this.target = target;
    wanted = count;
    this.count = count;
    this.moved = moved;
    this.tally = tally;
    this.account = account;
  }

  /**
   * Moves bytes.
   *
   * @param mechanism the mechanism's number
   * @param source where they come from
   * @param target where they go
   * @param count how many, above 0
   * @param before how many of them have been moved already
   * @param tally what the native code keeps; needed where the source cannot be read twice
   * @param account where to tell how it ended, or null
   * @return the bytes moved, or {@link #NO_POSITION}
   * @throws IOException if nothing was moved for another reason than the end of the source or a
   *     non-blocking channel that is not ready; or if bytes were taken that the target refused
   */
  static long run(
      int mechanism,
      Side source,
      Side target,
      long count,
      long before,
      @Nullable Tally tally,
      @Nullable Account account)
      throws IOException {
    Transfer transfer = new Transfer(mechanism, source, target, count, before, tally, account);
    try {
      return transfer.guarded();
    } catch (ClosedChannelException e) {
      AsynchronousCloseException closed = closed(e, source.channel(), target.channel());
      if (transfer.moved > 0 && !(closed instanceof ClosedByInterruptException)) {
        return transfer.moved;
      }
      throw closed;
    } finally {
      if (account != null) {
        account.ended(transfer.moved, transfer.ending);
      }
    }
  }

  private long guarded() throws IOException {
    ReentrantLock sourceTurn = source.turn();
    lock(sourceTurn);
    try {
      ReentrantLock targetTurn = target.turn();
      lock(targetTurn);
      try {
        return hooked();
      } finally {
        unlock(targetTurn);
      }
    } finally {
      unlock(sourceTurn);
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
      while (!turn.tryLock(Side.WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
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

  private long hooked() throws IOException {
    boolean completed = false;
    IOException stranded = null;
    try {
      begin();
      move();
      completed = moved > 0 || errno == 0 || errno == Errno.EAGAIN.number;
      if (account != null) {
        ending = ending();
      }
    } finally {
      stranded = stranded();
      end(completed, stranded);
    }
    if (stranded != null) {
      throw stranded;
    }
    return outcome();
  }

  /**
   * A thread has room for one interrupt hook. It belongs to the channel that may block, whose own
   * {@code beginRead} or {@code beginWrite} sets it, or else to the file.
   */
  private void begin() throws IOException {
    boolean byTarget =
        target.isBlocking()
            || source.kind != Side.FILE && !source.isBlocking()
            || !source.isHookable();
    source.begin(!byTarget);
    target.begin(byTarget);
  }

  private void end(boolean completed, @Nullable IOException stranded) throws IOException {
    try {
      try {
        target.end(completed);
      } finally {
        source.end(completed);
      }
    } catch (IOException e) {
      if (stranded != null) {
        e.addSuppressed(stranded);
      }
      throw e;
    }
  }

  private void move() throws IOException {
    if (source instanceof GuardedReader reader && reader.isShutDown()) {
      return;
    }
    boolean toTheEnd = isToTheEnd();
    int shape = source.kind | target.kind << 4;
    if (!toTheEnd) {
      shape |= Native.AT_ONCE;
    } else if (source.isPolled() || target.isPolled()) {
      shape |= Native.POLLED;
    }
    boolean wasShort = moved > 0;
    if (source.kind == Side.FILE
        && (wasShort || count - moved > SLICE || source.channel() == target.channel())) {
      clip();
    }
    long slice = isBetweenFiles() && Threads.isVirtual() ? SLICE_OF_VIRTUAL : SLICE;
    while (moved < count) {
      long asked = Math.min(count - moved, slice);
      long answer = compensated(shape, asked);
      lastBytes = 0;
      if (answer >= 0) {
        lastBytes = answer & Native.BYTES_MASK;
        errno = (int) (answer >>> Native.ERRNO_SHIFT);
        moved += lastBytes;
        advance(lastBytes);
      } else {
        errno = (int) -answer;
      }
      shape |= Native.NEXT;
      boolean goesOn =
          errno == 0 ? lastBytes == asked || lastBytes > 0 && toTheEnd && bothUsable() : mayGoOn();
      if (!goesOn) {
        return;
      }
      if (lastBytes < asked && source.kind == Side.FILE) {
        clip();
      }
      if (asked == slice) {
        Threads.yieldIfVirtual();
      }
    }
  }

  private boolean isBetweenFiles() {
    return source.kind == Side.FILE && target.kind == Side.FILE;
  }

  /**
   * Whether a short call is not the end: of two files, which XFS shares by whole blocks, neither.
   */
  private boolean isToTheEnd() {
    if (source.kind == Side.FILE) {
      return target.kind == Side.FILE || target.isBlocking();
    }
    return source.isBlocking() && (target.kind == Side.FILE || target.isBlocking());
  }

  /**
   * To what the source file has now, unless it does not know, as in procfs. What is appended from
   * now on, perhaps by this very transfer, is not chased.
   */
  private void clip() {
    count = moved + Math.max(0, Math.min(count - moved, source.left()));
  }

  /** A virtual thread cannot leave its carrier while bytes are copied from file to file. */
  private long compensated(int shape, long asked) {
    if (asked < Carrier.LONG || !isBetweenFiles()) {
      return call(shape, asked);
    }
    long begun = Carrier.begin();
    try {
      return call(shape, asked);
    } finally {
      Carrier.end(begun);
    }
  }

  private long call(int shape, long asked) {
    int sourceFd = source.enter();
    if (sourceFd < 0) {
      return -Errno.EBADF.number;
    }
    try {
      int targetFd = target.enter();
      if (targetFd < 0) {
        return -Errno.EBADF.number;
      }
      try {
        long address = tally == null ? 0 : tally.address;
        return source.transfer(mechanism, shape, sourceFd, target, targetFd, asked, address);
      } finally {
        target.leave();
      }
    } finally {
      source.leave();
    }
  }

  private void advance(long bytes) {
    if (source.position != Native.OWN_OFFSET) {
      source.position += bytes;
    }
    if (target.position != Native.OWN_OFFSET) {
      target.position += bytes;
    }
  }

  /** Whether what ended the last call ends the transfer as well; waits where it need not. */
  private boolean mayGoOn() throws IOException {
    if (errno == Errno.EAGAIN.number) {
      Side waiting = waitsForTarget() ? target : source;
      if (!waiting.isBlocking()) {
        return false;
      }
      await(waiting);
    } else if (errno == Errno.EINTR.number) {
      settle();
    } else {
      return false;
    }
    if (bothUsable()) {
      return true;
    }
    errno = Errno.EBADF.number;
    return false;
  }

  /**
   * The JDK wakes threads with a signal when a channel is closed or shut down, in the latter case
   * just before that can be seen. Any other signal is nothing.
   */
  private void settle() throws IOException {
    Side waiting = waitsForTarget() ? target : source;
    for (int looks = 0; looks < LOOKS_AFTER_A_SIGNAL && bothUsable(); looks++) {
      waiting.await();
    }
  }

  private void await(Side waiting) throws IOException {
    Watcher.Parked parked = Threads.isVirtual() ? Watcher.watch(source, target) : null;
    if (parked == null) {
      waiting.await();
      return;
    }
    try {
      if (bothUsable()) {
        waiting.park();
      }
    } finally {
      Watcher.forget(parked);
    }
  }

  private boolean waitsForTarget() {
    return source.kind == Side.FILE || tally != null && tally.waitsForTarget();
  }

  private boolean bothUsable() {
    return source.isUsable() && target.isUsable();
  }

  private @Nullable IOException stranded() throws IOException {
    long stranded = tally == null ? 0 : tally.strand();
    if (stranded == 0) {
      return null;
    }
    IOException failure = Errno.exception(errno == 0 ? Errno.EINTR.number : errno, "transfer");
    return new StrandedBytesException(moved, stranded, failure);
  }

  private long outcome() throws IOException {
    if (moved > 0 || errno == 0 || errno == Errno.EAGAIN.number) {
      return moved;
    }
    if (errno == Errno.ESPIPE.number
        && source.kind == Side.FILE
        && source.position == Native.OWN_OFFSET) {
      return NO_POSITION;
    }
    if (tally != null && tally.refusedErrno(mechanism) != 0) {
      throw Refusal.by(tally.refusedCall(mechanism), tally.refusedErrno(mechanism));
    }
    throw source.failure(errno);
  }

  /** Told while the guards are held: afterwards the file may be closed. */
  private int ending() {
    if (moved == wanted) {
      return Account.COMPLETE;
    }
    if (errno == Errno.EAGAIN.number) {
      return Account.WOULD_BLOCK;
    }
    if (errno == Errno.EPIPE.number || errno == Errno.ECONNRESET.number) {
      return Account.PEER_CLOSED;
    }
    if (errno != 0) {
      return Account.FAILED;
    }
    if (source.kind != Side.FILE) {
      return lastBytes == 0 ? Account.PEER_CLOSED : Account.WOULD_BLOCK;
    }
    // A short call: the file ends there, or the target is full, which the call does not tell.
    boolean isShort = lastBytes > 0 && target.kind != Side.FILE && !target.isBlocking();
    return isShort && source.left() > 0 ? Account.WOULD_BLOCK : Account.END_OF_FILE;
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
