package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.DirectBuffers;
import dev.sluice.internal.jdk.UnsafeMemory;
import dev.sluice.internal.load.NativeLoader;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory that one transfer shows to a foreign channel. Code that is not Sluice's may look at
 * all of a buffer, may keep the buffer, and may write into it later from any thread. Each offer to
 * a foreign channel is therefore an array of its own on the heap, exactly as large as the offer,
 * and is never used again.
 *
 * <p>A foreign channel may also wait for as long as it likes, in any number of threads. A transfer
 * therefore begins with {@link #SMALL} bytes, as the JDK's own loop does. It offers more only while
 * the foreign channel takes or fills all of each offer, and the transfers of the whole process stay
 * within one budget. The number of buffers that files are read ahead into is limited by {@link
 * DirectBuffers}.
 *
 * <p>The channels of {@code java.base}, such as the channels that {@code Channels.newChannel} makes
 * of streams, copy at once and show a buffer to no other code. A transfer lends them a buffer of
 * Sluice's.
 */
public final class ForeignBuffers implements AutoCloseable {
  /** The bytes that the JDK's own loop offers at once: {@code FileChannelImpl.TRANSFER_SIZE}. */
  public static final int SMALL = 8 * 1024;

  /**
   * The largest offer, in bytes. A larger offer is no faster, and is cleared in vain if a source
   * gives little.
   */
  private static final int LARGE = 64 * 1024;

  /** The bytes that all transfers together may offer at one time beyond {@link #SMALL} each. */
  private static final long BUDGET = Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 32);

  /** The bytes of {@link #BUDGET} that transfers use now. */
  private static final AtomicLong SPENT = new AtomicLong();

  /**
   * Whether an array that Sluice fills at once is cleared first, because {@link
   * UnsafeMemory#newBytes} cannot be used.
   */
  private static final boolean CLEARED = !(NativeLoader.isAvailable() && UnsafeMemory.ARRAYS);

  /** The buffer that is lent to a channel of {@code java.base}; null for a foreign channel. */
  private final @Nullable ByteBuffer lent;

  /** The buffer that a file is read ahead into; null until it is needed. */
  private @Nullable ByteBuffer ahead;

  /** The bytes that the next offer may have. */
  private int size;

  private ForeignBuffers(@Nullable ByteBuffer lent) {
    this.lent = lent;
    size = lent == null ? SMALL : lent.capacity();
  }

  /**
   * The memory for a transfer of at most {@code count} bytes.
   *
   * @param other the channel that sees the memory
   */
  public static ForeignBuffers of(Channel other, long count) {
    if (other.getClass().getModule() != Object.class.getModule()) {
      return new ForeignBuffers(null);
    }
    ByteBuffer lent = DirectBuffers.FOR_TRANSFERS.take();
    return new ForeignBuffers(
        lent != null ? lent : ByteBuffer.allocate((int) Math.min(count, SMALL)));
  }

  /**
   * The buffer that is lent, with {@code length} bytes of room; null if no buffer is lent, or a
   * smaller one.
   */
  public @Nullable ByteBuffer lent(int length) {
    return lent == null || lent.capacity() < length ? null : lent.clear().limit(length);
  }

  /**
   * The buffer that this transfer may read ahead into; null while other transfers have all such
   * buffers.
   */
  public @Nullable ByteBuffer ahead() {
    if (ahead == null) {
      ahead = DirectBuffers.READ_AHEAD.take();
    }
    return ahead;
  }

  /** How many of the bytes that are left the next offer may have. */
  public int size(long left) {
    return (int) Math.min(left, size);
  }

  /**
   * An array for the foreign channel to fill, {@code length} bytes long, or {@link #SMALL} bytes if
   * there is no memory for more.
   */
  public byte[] bytes(int length) {
    return checked(allocate(length, true), length);
  }

  /** An offer of the remaining bytes of Sluice's own buffer. */
  public ByteBuffer copy(ByteBuffer ours) {
    int length = ours.remaining();
    return ByteBuffer.wrap(checked(take(ours, length), length));
  }

  /**
   * The next {@code length} bytes of Sluice's own buffer, or fewer if there is no memory for them.
   */
  public static byte[] take(ByteBuffer ours, int length) {
    byte[] taken = allocate(length, CLEARED);
    ours.get(taken);
    return taken;
  }

  /** Makes the next offers small if there was no memory for this one. */
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

  /** Makes the next offer larger, because the foreign channel took or filled all of this one. */
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

  /** Halves the next offer, because the foreign channel filled less than half of this one. */
  public void halve() {
    if (lent == null && size > SMALL) {
      size /= 2;
      SPENT.addAndGet(-size);
    }
  }

  /** Makes the next offer {@link #SMALL} again. */
  public void shrink() {
    if (lent != null) {
      size = Math.min(SMALL, lent.capacity());
    } else {
      SPENT.addAndGet(SMALL - size);
      size = SMALL;
    }
  }

  /** Gives the buffers and the share of the budget back at the end of the transfer. */
  @Override
  public void close() {
    if (lent != null) {
      DirectBuffers.FOR_TRANSFERS.give(lent);
    } else {
      shrink();
    }
    if (ahead != null) {
      DirectBuffers.READ_AHEAD.give(ahead);
    }
  }
}
