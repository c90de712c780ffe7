package dev.sluice.internal;

import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory that one transfer shows to the other channel. Code that is not ours may look at all of
 * a buffer, may keep it, and may write into it later, from any thread. So each offer to it is an
 * array of its own, on the heap, exactly as large as what is offered, and never used again.
 *
 * <p>Such code may also wait for as long as it likes, in as many threads as there are. A transfer
 * begins with {@link #SMALL} bytes, as the JDK's own loop, and offers more only while the other
 * side takes all of it and the transfers of the whole process stay within one budget.
 *
 * <p>The channels of {@code java.base}, such as those that {@code Channels.newChannel} makes of
 * streams, copy at once and show a buffer to nobody. They are lent one of ours.
 */
final class ForeignBuffers implements AutoCloseable {
  /** What the JDK's own loop offers at once: {@code FileChannelImpl.TRANSFER_SIZE}. */
  static final int SMALL = 8 * 1024;

  private static final int LARGE = DirectBuffers.SIZE;

  /** What all transfers may offer at one time beyond {@link #SMALL} each, in bytes. */
  private static final long BUDGET = Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 32);

  private static final AtomicLong SPENT = new AtomicLong();

  private final @Nullable ByteBuffer lent;
  private int size;

  private ForeignBuffers(@Nullable ByteBuffer lent) {
    this.lent = lent;
    size = lent == null ? SMALL : lent.capacity();
  }

  /** What is shown to a channel in a transfer of at most {@code count} bytes. */
  static ForeignBuffers of(Channel other, long count) {
    if (other.getClass().getModule() != Object.class.getModule()) {
      return new ForeignBuffers(null);
    }
    ByteBuffer lent = DirectBuffers.LONG.take();
    return new ForeignBuffers(
        lent != null ? lent : ByteBuffer.allocate((int) Math.min(count, SMALL)));
  }

  /** A buffer of ours with room for so many bytes; null where none is lent, or a smaller one. */
  @Nullable ByteBuffer lent(int length) {
    return lent == null || lent.capacity() < length ? null : lent.clear().limit(length);
  }

  /** How many bytes the next offer may have, of those that are left. */
  int size(long left) {
    return (int) Math.min(left, size);
  }

  /** An array for an offer: of that length, or {@link #SMALL} where there is no memory for more. */
  byte[] bytes(int length) {
    byte[] bytes = allocate(length);
    if (bytes.length < length) {
      shrink();
    }
    return bytes;
  }

  /** As {@link #bytes}, outside of the budget: for what is on its way already. */
  static byte[] allocate(int length) {
    try {
      return new byte[length];
    } catch (OutOfMemoryError e) {
      if (length <= SMALL) {
        throw e;
      }
      return new byte[SMALL];
    }
  }

  /** An offer of what a buffer of ours has left. */
  ByteBuffer copy(ByteBuffer ours) {
    byte[] offered = bytes(ours.remaining());
    ours.get(offered);
    return ByteBuffer.wrap(offered);
  }

  /** The other side took or filled all of an offer: the next one may be larger. */
  void grow() {
    if (lent != null) {
      size = lent.capacity();
    } else if (size < LARGE) {
      if (SPENT.addAndGet(size) <= BUDGET) {
        size *= 2;
      } else {
        SPENT.addAndGet(-size);
      }
    }
  }

  /** The next offer is {@link #SMALL} again. */
  void shrink() {
    if (lent != null) {
      size = Math.min(SMALL, lent.capacity());
    } else {
      SPENT.addAndGet(SMALL - size);
      size = SMALL;
    }
  }

  /** The transfer is over. */
  @Override
  public void close() {
    if (lent != null) {
      DirectBuffers.LONG.give(lent);
    } else {
      shrink();
    }
  }
}
