package dev.sluice.internal.boundary;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers that only Sluice's code and the JDK's own code ever see. Of each kind at most
 * {@link #MOST} buffers are made, however many threads ask. A thread that gets none of them takes a
 * small buffer instead.
 */
public final class DirectBuffers {
  /** Buffers that are held only while bytes are copied, never while a channel may wait. */
  public static final DirectBuffers FOR_COPIES = new DirectBuffers();

  /** Buffers that are held for a whole transfer to a channel of a user's own, which may wait. */
  public static final DirectBuffers READ_AHEAD = new DirectBuffers();

  /** Buffers that are held for a whole transfer with a channel of the JDK's own, which may wait. */
  public static final DirectBuffers FOR_TRANSFERS = new DirectBuffers();

  /** The size of a buffer in bytes. */
  public static final int SIZE = 256 * 1024;

  /**
   * The alignment of a buffer in bytes, as files that are open with {@code O_DIRECT} need it: no
   * device in use has larger blocks. The size of a page does not matter here.
   */
  public static final int ALIGNMENT = 4096;

  /** The size in bytes of a buffer that is made when no buffer of {@link #SIZE} is left. */
  private static final int SMALL = 8 * 1024;

  /** The most buffers of one kind. */
  private static final int MOST = 16;

  /**
   * How long no buffer is made after the JVM has refused one. Before the JDK refuses direct memory,
   * it collects garbage and sleeps for half a second.
   */
  private static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicReferenceArray<@Nullable ByteBuffer> idle = new AtomicReferenceArray<>(MOST);

  /** The addresses of the buffers that were made, so that no native is called for them again. */
  private final AtomicReferenceArray<@Nullable Address> addresses =
      new AtomicReferenceArray<>(MOST);

  /** How many buffers of this kind exist. */
  private final AtomicInteger count = new AtomicInteger();

  /** Until when no buffer is made, by {@code System.nanoTime()}. */
  private volatile long refusedUntil = System.nanoTime();

  /** The address of a buffer's first byte. */
  private record Address(ByteBuffer buffer, long address) {}

  private DirectBuffers() {}

  /**
   * Takes a buffer with room for {@link #SIZE} bytes; null if no buffer is idle and none may be
   * made.
   */
  public @Nullable ByteBuffer take() {
    int first = slot();
    for (int i = 0; i < MOST; i++) {
      int slot = (first + i) % MOST;
      ByteBuffer kept = idle.get(slot) == null ? null : idle.getAndSet(slot, null);
      if (kept != null) {
        return kept.clear();
      }
    }
    return make();
  }

  /**
   * Takes a buffer with room for {@link #SIZE} bytes, or for {@link #SMALL} bytes if there is none.
   */
  public ByteBuffer takeAny() {
    ByteBuffer taken = take();
    return taken != null ? taken : ByteBuffer.allocateDirect(SMALL);
  }

  /**
   * Takes a buffer with room for {@code length} bytes, which are whole blocks of a file. The
   * buffer's memory begins at a multiple of {@code block}.
   */
  public ByteBuffer takeAligned(int length, int block) {
    ByteBuffer taken = length <= SIZE && block <= ALIGNMENT ? take() : null;
    return taken != null ? taken : ByteBuffer.allocateDirect(length + block).alignedSlice(block);
  }

  /** The address of the first byte of a buffer that was taken. */
  public long address(ByteBuffer buffer) {
    for (int slot = 0; slot < MOST; slot++) {
      Address known = addresses.get(slot);
      if (known == null) {
        break;
      }
      if (known.buffer == buffer) {
        return known.address;
      }
    }
    return remembered(buffer, NativeMemory.address(buffer));
  }

  /** Remembers the address of a buffer that comes back. */
  private long remembered(ByteBuffer buffer, long address) {
    Address known = buffer.capacity() == SIZE ? new Address(buffer, address) : null;
    for (int slot = 0; known != null && slot < MOST; slot++) {
      if (addresses.compareAndSet(slot, null, known)) {
        break;
      }
    }
    return address;
  }

  /** Gives a buffer back. */
  public void give(ByteBuffer buffer) {
    if (buffer.capacity() != SIZE) {
      return;
    }
    // There are as many slots as buffers, so that a slot is free.
    int slot = slot();
    while (!idle.compareAndSet(slot, null, buffer)) {
      slot = (slot + 1) % MOST;
    }
  }

  private @Nullable ByteBuffer make() {
    if (count.get() >= MOST || System.nanoTime() - refusedUntil < 0) {
      return null;
    }
    if (count.incrementAndGet() > MOST) {
      count.decrementAndGet();
      return null;
    }
    try {
      ByteBuffer whole = ByteBuffer.allocateDirect(SIZE + ALIGNMENT);
      return whole.alignedSlice(ALIGNMENT).slice(0, SIZE);
    } catch (OutOfMemoryError e) {
      refusedUntil = System.nanoTime() + REFUSED_NANOS;
      count.decrementAndGet();
      return null;
    }
  }

  /** Threads are spread over the slots, so that they seldom meet. */
  private static int slot() {
    return (int) Thread.currentThread().getId() & (MOST - 1);
  }
}
