package dev.sluice.internal;

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
 * both sides, calls the native code until the count is reached or something ends it, waits between
 * calls where a blocking channel is not ready, and turns the outcome into a count or an exception.
 */
final class Transfer {
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
  private Watcher.@Nullable Watched watched;
  private @Nullable IOException failure;

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
      if (transfer.moved > 0
          && !(closed instanceof ClosedByInterruptException)
          && !StrandedBytesException.isToldBy(closed)) {
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
    IOException stranded = null;
    try {
      begin();
      if (mayWaitUnseen()) {
        watched = Watcher.watch(source, target);
      }
      move();
      if (account != null) {
        ending = ending();
      }
    } finally {
      if (watched != null) {
        Watcher.forget(watched);
      }
      try {
        stranded = stranded();
      } finally {
        end(moved > 0, stranded);
      }
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
        && (wasShort || isLong() || source.channel() == target.channel())) {
      clip();
    }
    SliceSize slices = isLong() && !overlaps() ? slices() : null;
    while (moved < count) {
      long asked = slices == null ? count - moved : Math.min(count - moved, slices.begin());
      long answer = call(shape, asked);
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
      if (errno == Native.END_OF_FILE) {
        errno = 0;
        if (source.kind == Side.FILE) {
          return;
        }
      }
      boolean goesOn =
          errno == 0 ? lastBytes == asked || lastBytes > 0 && toTheEnd && bothUsable() : mayGoOn();
      if (!goesOn) {
        return;
      }
      if (lastBytes < asked && source.kind == Side.FILE) {
        clip();
      }
      if (slices != null) {
        slices.end();
        Threads.yieldIfVirtual();
      }
    }
    // What a signal had ended is complete: the file is no longer as long as it was.
    errno = 0;
  }

  /**
   * Whether it takes more than one native call, between which both channels are looked at: a
   * transfer which never sleeps in the kernel, where a signal would wake it, still ends soon after
   * a close.
   */
  private boolean isLong() {
    long first = isBetweenFiles() ? SliceSize.FIRST_OF_DATA : SliceSize.FIRST_OF_STREAM;
    return count - moved > first;
  }

  /** A transfer within one file is left to the native code as a whole: its slices may overlap. */
  private boolean overlaps() {
    return isBetweenFiles() && entered(this::overlaps, 0) != 0;
  }

  private long overlaps(int sourceFd, int targetFd) {
    return source.overlaps(sourceFd, target, targetFd, count - moved) ? 1 : 0;
  }

  private SliceSize slices() {
    return isBetweenFiles() ? SliceSize.ofFiles() : SliceSize.ofStream();
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

  private long call(int shape, long asked) {
    return entered(
        (sourceFd, targetFd) -> called(shape, sourceFd, targetFd, asked), -Errno.EBADF.number);
  }

  private interface Call {
    long by(int sourceFd, int targetFd);
  }

  private long entered(Call call, long ifClosed) {
    int sourceFd = source.enter();
    if (sourceFd < 0) {
      return ifClosed;
    }
    try {
      int targetFd = target.enter();
      if (targetFd < 0) {
        return ifClosed;
      }
      try {
        return call.by(sourceFd, targetFd);
      } finally {
        target.leave();
      }
    } finally {
      source.leave();
    }
  }

  /** A virtual thread cannot leave its carrier while bytes are copied from file to file. */
  private long called(int shape, int sourceFd, int targetFd, long asked) {
    if (watched != null) {
      watched.enter();
    }
    long begun = isBetweenFiles() && asked >= Carrier.LONG ? Carrier.begin() : Carrier.NOT_ASKED;
    try {
      long address = tally == null ? 0 : tally.address;
      return source.transfer(mechanism, shape, sourceFd, target, targetFd, asked, address);
    } finally {
      Carrier.end(begun);
      if (watched != null) {
        watched.leave();
      }
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
  private boolean mayGoOn() {
    if (errno == Errno.EAGAIN.number) {
      Side waiting = waitsForTarget() ? target : source;
      if (!waiting.isBlocking()) {
        return false;
      }
      try {
        await(waiting);
      } catch (IOException e) {
        failure = e;
        errno = Errno.EIO.number;
        return false;
      }
    } else if (errno != Errno.EINTR.number) {
      if (errno == Errno.EPIPE.number) {
        target.onBrokenPipe();
      }
      return false;
    }
    // The JDK wakes threads with a signal when a channel is closed. Any other signal is nothing.
    if (bothUsable()) {
      return true;
    }
    errno = Errno.EBADF.number;
    return false;
  }

  /** A virtual thread is woken by the watcher alone where the other side is closed. */
  private void await(Side waiting) throws IOException {
    boolean isVirtual = Threads.isVirtual();
    if (isVirtual && watched == null) {
      watched = Watcher.watch(source, target);
    }
    if (!isVirtual || watched == null) {
      waiting.await();
    } else if (bothUsable()) {
      waiting.park();
    }
  }

  /**
   * Whether a system call may wait for one side while the close of either sends one signal, or
   * none: between streams (a file at its own position may be a FIFO, which a virtual thread waits
   * for as well), and on duplicates.
   */
  private boolean mayWaitUnseen() {
    boolean isFromStream = source.kind != Side.FILE;
    boolean isIntoStream = target.kind != Side.FILE || target.position == Native.OWN_OFFSET;
    return isIntoStream && (isFromStream || target.kind == Side.FILE && Threads.isVirtual())
        || source.mayWaitUnseen()
        || target.mayWaitUnseen();
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
    if (failure != null) {
      throw failure;
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
