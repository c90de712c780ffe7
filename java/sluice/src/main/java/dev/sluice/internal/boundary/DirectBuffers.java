package dev.sluice.internal.boundary;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers that no code but ours and the JDK's own ever sees. Of each kind never more than
 * {@link #MOST} are made, however many threads ask: who gets none takes a small one.
 */
public final class DirectBuffers {
  /** Held for the moment in which bytes are copied, never while a channel may wait. */
  public static final DirectBuffers BRIEF = new DirectBuffers();

  /** Held for a whole transfer to a channel of a user's own, which may wait. */
  public static final DirectBuffers AHEAD = new DirectBuffers();

  /** Held for a whole transfer with a channel of the JDK's own, which may wait. */
  public static final DirectBuffers LONG = new DirectBuffers();

  /** Bytes in each. */
  public static final int SIZE = 256 * 1024;

  /** Where each begins: at a page, as files that are open with {@code O_DIRECT} want it. */
  public static final int ALIGNMENT = 4096;

  /** Bytes in one that is made when there are no more of {@link #SIZE}. */
  private static final int SMALL = 8 * 1024;

  private static final int MOST = 16;

  /** The JDK collects garbage and sleeps for half a second before it refuses direct memory. */
  private static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicReferenceArray<@Nullable ByteBuffer> idle = new AtomicReferenceArray<>(MOST);
  private final AtomicInteger made = new AtomicInteger();
  private volatile long refusedUntil = System.nanoTime();

  private DirectBuffers() {}

  /** One with room for {@link #SIZE} bytes, or null where as many as there may be are in use. */
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

  /** One with room for some bytes. */
  public ByteBuffer takeAny() {
    ByteBuffer taken = take();
    return taken != null ? taken : ByteBuffer.allocateDirect(SMALL);
  }

  /** One with room for {@code length} bytes, whole blocks of a file, at the start of a block. */
  public ByteBuffer takeAligned(int length, int block) {
    ByteBuffer taken = length <= SIZE && block <= ALIGNMENT ? take() : null;
    return taken != null ? taken : ByteBuffer.allocateDirect(length + block).alignedSlice(block);
  }

  /** Gives one back. */
  public void give(ByteBuffer buffer) {
    if (buffer.capacity() != SIZE) {
      return;
    }
    // There are as many slots as buffers.
    int slot = slot();
    while (!idle.compareAndSet(slot, null, buffer)) {
      slot = (slot + 1) % MOST;
    }
  }

  private @Nullable ByteBuffer make() {
    if (made.get() >= MOST || System.nanoTime() - refusedUntil < 0) {
      return null;
    }
    if (made.incrementAndGet() > MOST) {
      made.decrementAndGet();
      return null;
    }
    try {
      ByteBuffer whole = ByteBuffer.allocateDirect(SIZE + ALIGNMENT);
      return whole.alignedSlice(ALIGNMENT).slice(0, SIZE);
    } catch (OutOfMemoryError e) {
      refusedUntil = System.nanoTime() + REFUSED_NANOS;
      made.decrementAndGet();
      return null;
    }
  }

  /** Threads are spread over the slots, so that they seldom meet. */
  private static int slot() {
    return (int) Thread.currentThread().getId() & (MOST - 1);
  }
}
