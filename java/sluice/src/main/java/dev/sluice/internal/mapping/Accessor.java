package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.Machine;
import dev.sluice.internal.jdk.MemorySessions;
import dev.sluice.internal.jdk.ValueKind;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a part of a mapping, within limits that never change. A region that is closed or
 * resized gets a new accessor. So a reader always sees an address together with the limits that
 * belong to it, whatever other threads do.
 *
 * <p>Where the JDK has sessions (see {@link MemorySessions}), no access meets a retired mapping.
 * Elsewhere the accessor checks after each access whether the mapping is retired. If the mapping is
 * not retired, the access met the bytes of the file. If it is, the access met private zeros, and is
 * repeated by the region's next accessor. A closed region has no next accessor, and the repetition
 * throws.
 *
 * <p>The check costs a fence. On x86-64 no load or store becomes visible before an earlier load, so
 * the fence only keeps the compiler from changing the order. But the compiler does not unroll a
 * loop around the access then. Reading many values in one call costs one fence.
 *
 * <p>A store needs a full fence on processors other than x86-64, because the processor may make the
 * check before the store is visible. On x86-64 the fence is not needed. The {@code mmap} that
 * retires a mapping sends an interrupt that makes all processors forget the address, and waits for
 * it. The interrupt finds the store and the check both done, or neither.
 */
public abstract class Accessor {
  /** The number of bytes that can be read. */
  private final long size;

  /** The number of bytes that can be written: {@code size}, or 0. */
  private final long writable;

  /** Whether numbers are read and written with their highest byte first. */
  final boolean bigEndian;

  /** The offset of the first byte in the mapping. */
  final long start;

  /** The mapping, or null if this accessor has no bytes. */
  private final @Nullable Mapping mapping;

  /** The region, which gives the next accessor after a resize; null if the region is closed. */
  private final @Nullable Source region;

  Accessor(@Nullable Source region, @Nullable Mapping mapping, Part part) {
    this.region = region;
    this.mapping = mapping;
    start = part.start;
    size = mapping == null ? 0 : part.size;
    writable = part.isWritable ? size : 0;
    bigEndian = part.order == ByteOrder.BIG_ENDIAN;
  }

  /** Gives the next accessor, after a resize. */
  interface Source {
    Accessor accessor(ByteOrder order);
  }

  /** The part of a mapping that an accessor reads and writes, and how. */
  record Part(long start, long size, boolean isWritable, ByteOrder order) {}

  /** The byte order of the values that are read and written. */
  public final ByteOrder order() {
    return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  // -- without checks: the caller has checked the offset --

  abstract byte load(long offset);

  abstract short loadShort(long offset);

  abstract int loadInt(long offset);

  abstract long loadLong(long offset);

  abstract void store(long offset, byte value);

  abstract void storeShort(long offset, short value);

  abstract void storeInt(long offset, int value);

  abstract void storeLong(long offset, long value);

  /**
   * Replaces four bytes if they hold the expected value, and answers whether they did. The offset
   * is aligned, and the values are in the machine's byte order.
   */
  abstract boolean exchangeInt(long offset, int expected, int value);

  /**
   * Replaces eight bytes if they hold the expected value, and answers whether they did. The offset
   * is aligned, and the values are in the machine's byte order.
   */
  abstract boolean exchangeLong(long offset, long expected, long value);

  /** Reads bytes until a direct buffer is full, and leaves its position as it is. */
  abstract void load(long offset, ByteBuffer direct);

  /** Writes the remaining bytes of a direct buffer, and leaves its position as it is. */
  abstract void store(long offset, ByteBuffer direct);

  /** Reads values into an array. The caller has checked the offset and the part of the array. */
  abstract void load(ValueKind values, long offset, Object array, int at, int count);

  /** Writes values of an array. The caller has checked the offset and the part of the array. */
  abstract void store(ValueKind values, long offset, Object array, int at, int count);

  // -- with checks: what a region offers --

  /** Reads a byte. */
  public final byte get(long offset) {
    checkRead(offset, Byte.BYTES);
    try {
      byte value = load(offset);
      if (isThereAfterLoad()) {
        return value;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    return next().get(offset);
  }

  /** Reads two bytes. */
  public final short getShort(long offset) {
    checkRead(offset, Short.BYTES);
    try {
      short value = loadShort(offset);
      if (isThereAfterLoad()) {
        return value;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    return next().getShort(offset);
  }

  /** Reads four bytes. */
  public final int getInt(long offset) {
    checkRead(offset, Integer.BYTES);
    try {
      int value = loadInt(offset);
      if (isThereAfterLoad()) {
        return value;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    return next().getInt(offset);
  }

  /** Reads eight bytes. */
  public final long getLong(long offset) {
    checkRead(offset, Long.BYTES);
    try {
      long value = loadLong(offset);
      if (isThereAfterLoad()) {
        return value;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    return next().getLong(offset);
  }

  /** Writes a byte. */
  public final void put(long offset, byte value) {
    checkWrite(offset, Byte.BYTES);
    try {
      store(offset, value);
      if (isThereAfterStore()) {
        return;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    next().put(offset, value);
  }

  /** Writes two bytes. */
  public final void putShort(long offset, short value) {
    checkWrite(offset, Short.BYTES);
    try {
      storeShort(offset, value);
      if (isThereAfterStore()) {
        return;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    next().putShort(offset, value);
  }

  /** Writes four bytes. */
  public final void putInt(long offset, int value) {
    checkWrite(offset, Integer.BYTES);
    try {
      storeInt(offset, value);
      if (isThereAfterStore()) {
        return;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    next().putInt(offset, value);
  }

  /** Writes eight bytes. */
  public final void putLong(long offset, long value) {
    checkWrite(offset, Long.BYTES);
    try {
      storeLong(offset, value);
      if (isThereAfterStore()) {
        return;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    next().putLong(offset, value);
  }

  /** Writes four aligned bytes if they hold the expected value, as one atomic step. */
  public final boolean compareAndSetInt(long offset, int expected, int value) {
    checkWrite(offset, Integer.BYTES);
    ensureAligned(offset, Integer.BYTES);
    boolean isDone = exchangeInt(offset, inMemory(expected), inMemory(value));
    if (isThereAfterExchange()) {
      return isDone;
    }
    // An exchange that failed has changed nothing, and can be repeated.
    Accessor next = next();
    if (isDone) {
      throw new IllegalStateException(
          "the region was resized meanwhile; whether the value was exchanged is not known");
    }
    return next.compareAndSetInt(offset, expected, value);
  }

  /** Writes eight aligned bytes if they hold the expected value, as one atomic step. */
  public final boolean compareAndSetLong(long offset, long expected, long value) {
    checkWrite(offset, Long.BYTES);
    ensureAligned(offset, Long.BYTES);
    boolean isDone = exchangeLong(offset, inMemory(expected), inMemory(value));
    if (isThereAfterExchange()) {
      return isDone;
    }
    // An exchange that failed has changed nothing, and can be repeated.
    Accessor next = next();
    if (isDone) {
      throw new IllegalStateException(
          "the region was resized meanwhile; whether the value was exchanged is not known");
    }
    return next.compareAndSetLong(offset, expected, value);
  }

  /** Adds to four aligned bytes as one atomic step, and answers the value before. */
  public final int getAndAddInt(long offset, int delta) {
    int value;
    do {
      value = getIntAcquire(offset);
    } while (!compareAndSetInt(offset, value, value + delta));
    return value;
  }

  /** Adds to eight aligned bytes as one atomic step, and answers the value before. */
  public final long getAndAddLong(long offset, long delta) {
    long value;
    do {
      value = getLongAcquire(offset);
    } while (!compareAndSetLong(offset, value, value + delta));
    return value;
  }

  /**
   * Reads four aligned bytes. No later access of the thread is made before this read. It serves as
   * a volatile read as well, because the volatile writes have the full fence that such an order
   * needs.
   */
  public final int getIntAcquire(long offset) {
    checkRead(offset, Integer.BYTES);
    ensureAligned(offset, Integer.BYTES);
    int value = getInt(offset);
    VarHandle.acquireFence();
    return value;
  }

  /** Reads eight aligned bytes in the order of {@link #getIntAcquire}. */
  public final long getLongAcquire(long offset) {
    checkRead(offset, Long.BYTES);
    ensureAligned(offset, Long.BYTES);
    long value = getLong(offset);
    VarHandle.acquireFence();
    return value;
  }

  /** Writes four aligned bytes after all earlier accesses of the thread are made. */
  public final void putIntRelease(long offset, int value) {
    checkWrite(offset, Integer.BYTES);
    ensureAligned(offset, Integer.BYTES);
    VarHandle.releaseFence();
    putInt(offset, value);
  }

  /** Writes eight aligned bytes after all earlier accesses of the thread are made. */
  public final void putLongRelease(long offset, long value) {
    checkWrite(offset, Long.BYTES);
    ensureAligned(offset, Long.BYTES);
    VarHandle.releaseFence();
    putLong(offset, value);
  }

  /** Writes four aligned bytes in the order of a volatile variable. */
  public final void putIntVolatile(long offset, int value) {
    putIntRelease(offset, value);
    VarHandle.fullFence();
  }

  /** Writes eight aligned bytes in the order of a volatile variable. */
  public final void putLongVolatile(long offset, long value) {
    putLongRelease(offset, value);
    VarHandle.fullFence();
  }

  // -- many values --

  /** Reads {@code count} values into an array, from index {@code at} on. */
  public final void get(ValueKind values, long offset, Object array, int at, int count) {
    values.check(array, at, count);
    checkRead(offset, (long) count << values.shift);
    if (count > values.valuesPerPiece() || !tryLoad(values, offset, array, at, count)) {
      getInParts(values, offset, array, at, count);
    }
  }

  /**
   * Reads in parts. It is a method of its own, so that {@code get} stays small enough to be inlined
   * where a few values are read.
   */
  private void getInParts(ValueKind values, long offset, Object array, int at, int count) {
    int done = 0;
    while (done < count) {
      int some = Math.min(count - done, values.valuesPerPiece());
      long from = offset + ((long) done << values.shift);
      if (!tryLoad(values, from, array, at + done, some)) {
        next().get(values, from, array, at + done, count - done);
        return;
      }
      done += some;
    }
  }

  /** Writes {@code count} values of an array, from index {@code at} on. */
  public final void put(ValueKind values, long offset, Object array, int at, int count) {
    values.check(array, at, count);
    checkWrite(offset, (long) count << values.shift);
    if (count > values.valuesPerPiece() || !tryStore(values, offset, array, at, count)) {
      putInParts(values, offset, array, at, count);
    }
  }

  /**
   * Writes in parts. It is a method of its own, so that {@code put} stays small enough to be
   * inlined where a few values are written.
   */
  private void putInParts(ValueKind values, long offset, Object array, int at, int count) {
    int done = 0;
    while (done < count) {
      int some = Math.min(count - done, values.valuesPerPiece());
      long to = offset + ((long) done << values.shift);
      if (!tryStore(values, to, array, at + done, some)) {
        next().put(values, to, array, at + done, count - done);
        return;
      }
      done += some;
    }
  }

  /** Reads values, and answers whether the mapping was not retired meanwhile. */
  private boolean tryLoad(ValueKind values, long offset, Object array, int at, int count) {
    try {
      load(values, offset, array, at, count);
      return isThereAfterLoad();
    } catch (IllegalStateException e) {
      ensureRetired(e);
      return false;
    }
  }

  /** Writes values, and answers whether the mapping was not retired meanwhile. */
  private boolean tryStore(ValueKind values, long offset, Object array, int at, int count) {
    try {
      store(values, offset, array, at, count);
      return isThereAfterStore();
    } catch (IllegalStateException e) {
      ensureRetired(e);
      return false;
    }
  }

  /** Reads bytes until a direct buffer is full, and leaves its position as it is. */
  final void get(long offset, ByteBuffer direct) {
    checkRead(offset, direct.remaining());
    try {
      load(offset, direct);
      if (isThereAfterLoad()) {
        return;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    next().get(offset, direct);
  }

  /** Writes the remaining bytes of a direct buffer, and leaves its position as it is. */
  final void put(long offset, ByteBuffer direct) {
    checkWrite(offset, direct.remaining());
    try {
      store(offset, direct);
      if (isThereAfterStore()) {
        return;
      }
    } catch (IllegalStateException e) {
      ensureRetired(e);
    }
    next().put(offset, direct);
  }

  // -- whether the mapping was retired meanwhile --

  private boolean isThereAfterLoad() {
    if (MemorySessions.FOUND) {
      return true;
    }
    VarHandle.loadLoadFence();
    return isThere();
  }

  private boolean isThereAfterStore() {
    return MemorySessions.FOUND || isThereAfterExchange();
  }

  private boolean isThereAfterExchange() {
    if (Machine.KEEPS_ORDER) {
      VarHandle.storeStoreFence();
    } else {
      VarHandle.fullFence();
    }
    return isThere();
  }

  /**
   * Returns if the exception comes from the closed session of a retired mapping, and throws it
   * otherwise.
   */
  private void ensureRetired(IllegalStateException e) {
    Mapping mapped = mapping;
    if (mapped == null || !mapped.isRetired()) {
      throw e;
    }
    if (MemorySessions.FOUND) {
      // HotSpot interrupts the thread in which it throws the error of a closed session
      // (JavaThread::install_async_exception). The interrupt would close the next channel that the
      // thread uses, so it is cleared. Whether another thread has interrupted this thread as well
      // is not known.
      Thread.interrupted();
    }
  }

  private boolean isThere() {
    Mapping mapped = mapping;
    return mapped == null || !mapped.isRetiredBehindFence();
  }

  /** The region's new accessor. If a resize is under way, this method waits for its end. */
  private Accessor next() {
    if (region == null) {
      throw closedRegion();
    }
    return region.accessor(order());
  }

  private static IllegalStateException closedRegion() {
    return new IllegalStateException("the region is closed");
  }

  // -- checks --

  private void checkRead(long offset, long bytes) {
    if (offset < 0 || offset > size - bytes) {
      throw refusal(offset, bytes, false);
    }
  }

  private void checkWrite(long offset, long bytes) {
    if (offset < 0 || offset > writable - bytes) {
      throw refusal(offset, bytes, true);
    }
  }

  private void ensureAligned(long offset, int bytes) {
    Mapping mapped = mapping;
    if (mapped != null && (mapped.address + start + offset & bytes - 1) != 0) {
      throw new IllegalArgumentException(
          "offset " + offset + " is not at a multiple of " + bytes + " in memory");
    }
  }

  /** The exception for {@code bytes} bytes at an offset that cannot be read or written. */
  private RuntimeException refusal(long offset, long bytes, boolean isWrite) {
    if (region == null) {
      return closedRegion();
    }
    if (isWrite && offset >= 0 && offset <= size - bytes) {
      return new ReadOnlyBufferException();
    }
    return new IndexOutOfBoundsException(
        bytes + " bytes at offset " + offset + " of " + size + " bytes");
  }

  /** The value with its bytes in the machine's order. */
  private int inMemory(int value) {
    return isNative() ? value : Integer.reverseBytes(value);
  }

  private long inMemory(long value) {
    return isNative() ? value : Long.reverseBytes(value);
  }

  private boolean isNative() {
    return bigEndian == (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN);
  }
}
