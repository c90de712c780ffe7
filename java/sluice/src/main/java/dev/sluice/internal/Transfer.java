package dev.sluice.internal;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
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
  private static final long SLICE = 16L << 20;

  private final int mechanism;
  private final Side source;
  private final Side target;
  private final long count;
  private final @Nullable Tally tally;
  private final boolean betweenStreams;
  private long relay;
  private long lost;
  private long moved;
  private long lastBytes;
  private int errno;

  private Transfer(int mechanism, Side source, Side target, long count, @Nullable Tally tally) {
    this.mechanism = mechanism;
    this.source = source;
    this.target = target;
    this.count = count;
    this.tally = tally;
    betweenStreams = source.kind != Side.FILE && target.kind != Side.FILE;
  }

  /**
   * Moves bytes.
   *
   * @param mechanism the mechanism's number
   * @param source where they come from
   * @param target where they go
   * @param count how many, above 0
   * @param tally where to write down what happened; needed where the source cannot be read twice
   * @param account where to tell how it ended, or null
   * @return the bytes moved
   * @throws IOException if nothing was moved for another reason than the end of the source or a
   *     non-blocking channel that is not ready; or if bytes were taken that the target refused
   */
  static long run(
      int mechanism,
      Side source,
      Side target,
      long count,
      @Nullable Tally tally,
      @Nullable Account account)
      throws IOException {
    Transfer transfer = new Transfer(mechanism, source, target, count, tally);
    try {
      long moved = transfer.guarded();
      if (account != null) {
        account.ended(moved, transfer.ending());
      }
      return moved;
    } catch (ClosedChannelException e) {
      throw closed(e, source.channel(), target.channel());
    }
  }

  private long guarded() throws IOException {
    source.lock();
    try {
      target.lock();
      try {
        return hooked();
      } finally {
        target.unlock();
      }
    } finally {
      source.unlock();
    }
  }

  private long hooked() throws IOException {
    boolean completed = false;
    try {
      begin();
      if (betweenStreams) {
        relay = Native.newRelay();
      }
      move();
      completed = moved > 0 || errno == 0 || errno == Errno.EAGAIN.number;
    } finally {
      if (relay != 0) {
        lost = Native.freeRelay(relay);
        relay = 0;
      }
      try {
        target.end(completed);
      } finally {
        source.end(completed);
      }
    }
    return outcome();
  }

  /**
   * A thread has room for one interrupt hook. It belongs to the channel that may block, whose own
   * {@code beginRead} or {@code beginWrite} sets it, or else to the file.
   */
  private void begin() throws IOException {
    boolean byTarget = target.isBlocking() || source.kind != Side.FILE && !source.isBlocking();
    source.begin(!byTarget);
    target.begin(byTarget);
  }

  private void move() throws IOException {
    if (source instanceof GuardedReader reader && reader.isShutDown()) {
      return;
    }
    boolean files = source.kind == Side.FILE && target.kind == Side.FILE;
    boolean toTheEnd =
        betweenStreams
            ? source.isBlocking() && target.isBlocking()
            : files || source.isBlocking() || target.isBlocking();
    int shape = source.kind | target.kind << 4 | (toTheEnd ? 0 : Native.AT_ONCE);
    while (moved < count) {
      long asked = Math.min(count - moved, SLICE);
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
      boolean goesOn =
          errno == 0 ? lastBytes == asked || lastBytes > 0 && toTheEnd && bothOpen() : mayGoOn();
      if (!goesOn) {
        return;
      }
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
        return Native.transfer(
            mechanism,
            shape,
            sourceFd,
            source.position,
            targetFd,
            target.position,
            asked,
            tally == null ? 0 : tally.address,
            relay);
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
      waiting.await();
    } else if (errno != Errno.EINTR.number) {
      // The JDK wakes threads with a signal when a channel is closed. Any other signal is nothing.
      return false;
    }
    if (bothOpen()) {
      return true;
    }
    errno = Errno.EBADF.number;
    return false;
  }

  private boolean waitsForTarget() {
    return betweenStreams ? Native.waitsForTarget(relay) : source.kind == Side.FILE;
  }

  private boolean bothOpen() {
    return source.channel().isOpen() && target.channel().isOpen();
  }

  private long outcome() throws IOException {
    long stranded = lost + (tally == null ? 0 : tally.stranded());
    if (stranded > 0) {
      IOException failure = Errno.exception(errno, "transfer");
      throw new StrandedBytesException(moved, stranded, failure);
    }
    if (moved > 0 || errno == 0 || errno == Errno.EAGAIN.number) {
      return moved;
    }
    if (tally != null && tally.refusedErrno(mechanism) != 0) {
      throw Refusal.by(tally.refusedCall(mechanism), tally.refusedErrno(mechanism));
    }
    throw Errno.exception(errno, "transfer");
  }

  private int ending() throws IOException {
    if (moved == count) {
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
    FileChannel file = (FileChannel) source.channel();
    long at = source.position == Native.OWN_OFFSET ? file.position() : source.position;
    return lastBytes == 0 || at >= file.size() ? Account.END_OF_FILE : Account.WOULD_BLOCK;
  }

  /**
   * What a channel that was closed during a transfer is reported as: both channels are closed after
   * an interrupt, and a close is always an asynchronous one. As JDK 25's {@code
   * FileChannelImpl.transferFailed}.
   */
  private static AsynchronousCloseException closed(
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
