package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.DirectBuffers;
import dev.sluice.internal.jdk.UnsafeMemory;
import dev.sluice.internal.load.NativeLoader;
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
 * side takes or fills all of it and the transfers of the whole process stay within one budget. Of
 * the buffers that a file is read ahead into there are no more than {@link DirectBuffers} makes.
 *
 * <p>The channels of {@code java.base}, such as those that {@code Channels.newChannel} makes of
 * streams, copy at once and show a buffer to nobody. They are lent one of ours.
 */
public final class ForeignBuffers implements AutoCloseable {
  /** What the JDK's own loop offers at once: {@code FileChannelImpl.TRANSFER_SIZE}. */
  public static final int SMALL = 8 * 1024;

  /** Larger ones are no faster, and cleared in vain for a source that gives little. */
  private static final int LARGE = 64 * 1024;

  /** What all transfers may offer at one time beyond {@link #SMALL} each, in bytes. */
  private static final long BUDGET = Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 32);

  private static final AtomicLong SPENT = new AtomicLong();

  /** Whether an array that is filled at once is cleared before. */
  private static final boolean CLEARED = !(NativeLoader.isAvailable() && UnsafeMemory.ARRAYS);

  private final @Nullable ByteBuffer lent;
  private @Nullable ByteBuffer ahead;
  private int size;

  private ForeignBuffers(@Nullable ByteBuffer lent) {
    this.lent = lent;
    size = lent == null ? SMALL : lent.capacity();
  }

  /** What is shown to a channel in a transfer of at most {@code count} bytes. */
  public static ForeignBuffers of(Channel other, long count) {
    if (other.getClass().getModule() != Object.class.getModule()) {
      return new ForeignBuffers(null);
    }
    ByteBuffer lent = DirectBuffers.LONG.take();
    return new ForeignBuffers(
        lent != null ? lent : ByteBuffer.allocate((int) Math.min(count, SMALL)));
  }

  /** A buffer of ours with room for so many bytes; null where none is lent, or a smaller one. */
  public @Nullable ByteBuffer lent(int length) {
    return lent == null || lent.capacity() < length ? null : lent.clear().limit(length);
  }

  /** The buffer that this transfer may read ahead into; null where others have them all. */
  public @Nullable ByteBuffer ahead() {
    if (ahead == null) {
      ahead = DirectBuffers.AHEAD.take();
    }
    return ahead;
  }

  /** How many bytes the next offer may have, of those that are left. */
  public int size(long left) {
    return (int) Math.min(left, size);
  }

  /**
   * An array for an offer that is filled by others: of that length, or {@link #SMALL} where there
   * is no memory for more.
   */
  public byte[] bytes(int length) {
    return checked(allocate(length, true), length);
  }

  /** An offer of what a buffer of ours has left. */
  public ByteBuffer copy(ByteBuffer ours) {
    int length = ours.remaining();
    return ByteBuffer.wrap(checked(take(ours, length), length));
  }

  /** The next bytes of a buffer of ours: so many, or fewer where there is no memory for them. */
  public static byte[] take(ByteBuffer ours, int length) {
    byte[] taken = allocate(length, CLEARED);
    ours.get(taken);
    return taken;
  }

  private byte[] checked(byte[] allocated, int wanted) {
    if (allocated.length < wanted) {
      shrink();
    }
    return allocated;
  }

  private static byte[] allocate(int length, boolean cleared) {
    try {
      return cleared ? new byte[length] : UnsafeMemory.newBytes(length);
    } catch (OutOfMemoryError e) {
      if (length <= SMALL) {
        throw e;
      }
      return new byte[SMALL];
    }
  }

  /** The other side took or filled all of an offer: the next one may be larger. */
  public void grow() {
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

  /** The other side filled less than half of an offer: the next one need not be as large. */
  public void halve() {
    if (lent == null && size > SMALL) {
      size /= 2;
      SPENT.addAndGet(-size);
    }
  }

  /** The next offer is {@link #SMALL} again. */
  public void shrink() {
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
    if (ahead != null) {
      DirectBuffers.AHEAD.give(ahead);
    }
  }
}
