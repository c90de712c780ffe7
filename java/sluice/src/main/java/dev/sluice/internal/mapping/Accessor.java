package dev.sluice.internal.mapping;

import dev.sluice.internal.jdk.MemorySessions;
import dev.sluice.internal.jdk.ValueKind;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import org.jspecify.annotations.Nullable;

/**
 * What a region may read and write at a time: a part of a mapping and its limits, which never
 * change. A region that is closed or resized gets another one, so that whoever reads sees an
 * address and the limits that belong to it, whatever the others do.
 *
 * <p>Where the JDK has sessions (see {@link MemorySessions}), nobody meets a mapping that is
 * retired. Elsewhere it is looked after each access whether it is. Where it is not, the access met
 * the bytes of the file; where it is, it met zeros that nobody else sees, and is made again by the
 * region's next window, which throws if there is none. The look costs a fence: on x86-64, where no
 * load or store is seen before an earlier load, the compiler alone has to keep the order, but a
 * loop around the access is then compiled as it stands. Who reads many values at a time pays it
 * once.
 *
 * <p>Stores need a full fence elsewhere: another processor may look before its store is made. On
 * x86-64 the interrupt that makes all processors forget an address (the {@code mmap} of a retiring
 * mapping waits for it) finds store and look both done, or neither.
 */
public abstract class Accessor {
  private static final boolean KEEPS_STORES_IN_ORDER =
      System.getProperty("os.arch").equals("amd64");

  /** How many bytes there are to read. */
  private final long size;

  /** How many there are to write: as many, or none. */
  private final long writable;

  /** Whether numbers are read and written with their highest byte first. */
  final boolean bigEndian;

  /** Where the first byte lies in the mapping. */
  final long start;

  /** Null where there are no bytes. */
  private final @Nullable Mapping mapping;

  /** Where the next window comes from; null where there is none. */
  private final @Nullable Source region;

  Accessor(@Nullable Source region, @Nullable Mapping mapping, Part part) {
    this.region = region;
    this.mapping = mapping;
    start = part.start;
    size = mapping == null ? 0 : part.size;
    writable = part.isWritable ? size : 0;
    bigEndian = part.order == ByteOrder.BIG_ENDIAN;
  }

  /** Where the next accessor comes from, after a resize. */
  interface Source {
    Accessor accessor(ByteOrder order);
  }

  /** What of a mapping is seen, and how. */
  record Part(long start, long size, boolean isWritable, ByteOrder order) {}

  /** The byte order of what is read and written. */
  public final ByteOrder order() {
    return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  // -- at an offset that was checked --

  abstract byte load(long offset);

  abstract short loadShort(long offset);

  abstract int loadInt(long offset);

  abstract long loadLong(long offset);

  abstract void store(long offset, byte value);

  abstract void storeShort(long offset, short value);

  abstract void storeInt(long offset, int value);

  abstract void storeLong(long offset, long value);

  /** In the machine's own byte order, at an offset that is aligned. */
  abstract boolean exchangeInt(long offset, int expected, int value);

  /** In the machine's own byte order, at an offset that is aligned. */
  abstract boolean exchangeLong(long offset, long expected, long value);

  /** Bytes into a direct buffer, as many as it has room for; its position stays. */
  abstract void load(long offset, ByteBuffer direct);

  /** Bytes out of a direct buffer, as many as it has left; its position stays. */
  abstract void store(long offset, ByteBuffer direct);

  /** Values at an offset that was checked into an array, whose part was. */
  abstract void load(ValueKind values, long offset, Object array, int at, int count);

  /** Values of an array, likewise. */
  abstract void store(ValueKind values, long offset, Object array, int at, int count);

  // -- what a region offers --

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

  /** Writes four aligned bytes if they are what is expected, as one step. */
  public final boolean compareAndSetInt(long offset, int expected, int value) {
    checkWrite(offset, Integer.BYTES);
    ensureAligned(offset, Integer.BYTES);
    boolean isDone = exchangeInt(offset, inMemory(expected), inMemory(value));
    if (isThereAfterExchange()) {
      return isDone;
    }
    // What was not exchanged was changed nowhere.
    Accessor next = next();
    if (isDone) {
      throw new IllegalStateException(
          "the region was resized meanwhile; whether the value was exchanged is not known");
    }
    return next.compareAndSetInt(offset, expected, value);
  }

  /** Writes eight aligned bytes if they are what is expected, as one step. */
  public final boolean compareAndSetLong(long offset, long expected, long value) {
    checkWrite(offset, Long.BYTES);
    ensureAligned(offset, Long.BYTES);
    boolean isDone = exchangeLong(offset, inMemory(expected), inMemory(value));
    if (isThereAfterExchange()) {
      return isDone;
    }
    // What was not exchanged was changed nowhere.
    Accessor next = next();
    if (isDone) {
      throw new IllegalStateException(
          "the region was resized meanwhile; whether the value was exchanged is not known");
    }
    return next.compareAndSetLong(offset, expected, value);
  }

  /** Adds to four aligned bytes, as one step: what was there before. */
  public final int getAndAddInt(long offset, int delta) {
    int value;
    do {
      value = getIntAcquire(offset);
    } while (!compareAndSetInt(offset, value, value + delta));
    return value;
  }

  /** Adds to eight aligned bytes, as one step: what was there before. */
  public final long getAndAddLong(long offset, long delta) {
    long value;
    do {
      value = getLongAcquire(offset);
    } while (!compareAndSetLong(offset, value, value + delta));
    return value;
  }

  /**
   * Reads four aligned bytes; what comes after in the program is not done before. It is a volatile
   * read as well: the other half of that order is in the writes.
   */
  public final int getIntAcquire(long offset) {
    checkRead(offset, Integer.BYTES);
    ensureAligned(offset, Integer.BYTES);
    int value = getInt(offset);
    VarHandle.acquireFence();
    return value;
  }

  /** As {@link #getIntAcquire}, of eight. */
  public final long getLongAcquire(long offset) {
    checkRead(offset, Long.BYTES);
    ensureAligned(offset, Long.BYTES);
    long value = getLong(offset);
    VarHandle.acquireFence();
    return value;
  }

  /** Writes four aligned bytes when what comes before in the program is done. */
  public final void putIntRelease(long offset, int value) {
    checkWrite(offset, Integer.BYTES);
    ensureAligned(offset, Integer.BYTES);
    VarHandle.releaseFence();
    putInt(offset, value);
  }

  /** Writes eight aligned bytes when what comes before in the program is done. */
  public final void putLongRelease(long offset, long value) {
    checkWrite(offset, Long.BYTES);
    ensureAligned(offset, Long.BYTES);
    VarHandle.releaseFence();
    putLong(offset, value);
  }

  /** As a volatile variable is written. */
  public final void putIntVolatile(long offset, int value) {
    putIntRelease(offset, value);
    VarHandle.fullFence();
  }

  /** As a volatile variable is written. */
  public final void putLongVolatile(long offset, long value) {
    putLongRelease(offset, value);
    VarHandle.fullFence();
  }

  // -- many values --

  /** Reads values into an array, {@code count} from index {@code at} on; all are there. */
  public final void get(ValueKind values, long offset, Object array, int at, int count) {
    values.check(array, at, count);
    checkRead(offset, (long) count << values.shift);
    if (count > values.atATime() || !loads(values, offset, array, at, count)) {
      getInParts(values, offset, array, at, count);
    }
  }

  /** On its own, so that the compiler puts the rest into whoever reads a few values. */
  private void getInParts(ValueKind values, long offset, Object array, int at, int count) {
    int done = 0;
    while (done < count) {
      int some = Math.min(count - done, values.atATime());
      long from = offset + ((long) done << values.shift);
      if (!loads(values, from, array, at + done, some)) {
        next().get(values, from, array, at + done, count - done);
        return;
      }
      done += some;
    }
  }

  /** Writes values out of an array, likewise. */
  public final void put(ValueKind values, long offset, Object array, int at, int count) {
    values.check(array, at, count);
    checkWrite(offset, (long) count << values.shift);
    if (count > values.atATime() || !stores(values, offset, array, at, count)) {
      putInParts(values, offset, array, at, count);
    }
  }

  /** On its own, so that the compiler puts the rest into whoever writes a few values. */
  private void putInParts(ValueKind values, long offset, Object array, int at, int count) {
    int done = 0;
    while (done < count) {
      int some = Math.min(count - done, values.atATime());
      long to = offset + ((long) done << values.shift);
      if (!stores(values, to, array, at + done, some)) {
        next().put(values, to, array, at + done, count - done);
        return;
      }
      done += some;
    }
  }

  private boolean loads(ValueKind values, long offset, Object array, int at, int count) {
    try {
      load(values, offset, array, at, count);
      return isThereAfterLoad();
    } catch (IllegalStateException e) {
      ensureRetired(e);
      return false;
    }
  }

  private boolean stores(ValueKind values, long offset, Object array, int at, int count) {
    try {
      store(values, offset, array, at, count);
      return isThereAfterStore();
    } catch (IllegalStateException e) {
      ensureRetired(e);
      return false;
    }
  }

  /** Reads bytes into a direct buffer, as many as it has room for; its position stays. */
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

  /** Writes bytes out of a direct buffer, as many as it has left; its position stays. */
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

  // -- looks --

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
    if (KEEPS_STORES_IN_ORDER) {
      VarHandle.storeStoreFence();
    } else {
      VarHandle.fullFence();
    }
    return isThere();
  }

  /** What a session that is closed throws; anything else is none of its doing. */
  private void ensureRetired(IllegalStateException e) {
    Mapping mapped = mapping;
    if (mapped == null || !mapped.isRetired()) {
      throw e;
    }
    if (MemorySessions.FOUND) {
      // HotSpot interrupts a thread that it throws the error of a closed session in
      // (JavaThread::install_async_exception): the next use of a channel would close that. Whether
      // somebody else has interrupted it as well is not known.
      Thread.interrupted();
    }
  }

  private boolean isThere() {
    Mapping mapped = mapping;
    return mapped == null || !mapped.isRetiredBehindFence();
  }

  /** The window that the region has now, once a resize is over. */
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

  /** What is thrown where {@code bytes} at an offset are not to be had. */
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

  /** A number as the machine has to see it. */
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
