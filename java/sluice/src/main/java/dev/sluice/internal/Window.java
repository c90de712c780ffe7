package dev.sluice.internal;

import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import org.jspecify.annotations.Nullable;

/**
 * What a region may read and write at a time: a mapping and its limits, which never change. A
 * region that is closed or resized gets another one, so that whoever reads sees an address and the
 * limits that belong to it, whatever the others do.
 *
 * <p>Nothing is looked at after an access, such as whether the mapping was retired at that very
 * moment: the fence before that look makes an access two to five times as slow, for the loop around
 * it is then compiled as it stands.
 */
public abstract class Window {
  /** How many bytes there are to read. */
  private final long size;

  /** How many there are to write: as many, or none. */
  private final long writable;

  /** Whether numbers are read and written with their highest byte first. */
  final boolean bigEndian;

  /** Null where there are no bytes. */
  private final @Nullable Mapping mapping;

  private final boolean isClosed;

  Window(@Nullable Mapping mapping, boolean isWritable, ByteOrder order, boolean isClosed) {
    this.mapping = mapping;
    this.isClosed = isClosed;
    size = mapping == null ? 0 : mapping.size;
    writable = isWritable ? size : 0;
    bigEndian = order == ByteOrder.BIG_ENDIAN;
  }

  /** A window onto a mapping, or onto no bytes. */
  static Window of(@Nullable Mapping mapping, boolean isWritable, ByteOrder order) {
    return of(mapping, isWritable, order, false);
  }

  /** One that lets nobody through. */
  public static Window closed() {
    return of(null, false, ByteOrder.BIG_ENDIAN, true);
  }

  private static Window of(
      @Nullable Mapping mapping, boolean isWritable, ByteOrder order, boolean isClosed) {
    return JdkMemory.ADDRESSES
        ? new AddressWindow(mapping, isWritable, order, isClosed)
        : new BufferWindow(mapping, isWritable, order, isClosed);
  }

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

  // -- what a region offers --

  /** Reads a byte. */
  public final byte get(long offset) {
    checkRead(offset, Byte.BYTES);
    try {
      return load(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Reads two bytes. */
  public final short getShort(long offset) {
    checkRead(offset, Short.BYTES);
    try {
      return loadShort(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Reads four bytes. */
  public final int getInt(long offset) {
    checkRead(offset, Integer.BYTES);
    try {
      return loadInt(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Reads eight bytes. */
  public final long getLong(long offset) {
    checkRead(offset, Long.BYTES);
    try {
      return loadLong(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Writes a byte. */
  public final void put(long offset, byte value) {
    checkWrite(offset, Byte.BYTES);
    try {
      store(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Writes two bytes. */
  public final void putShort(long offset, short value) {
    checkWrite(offset, Short.BYTES);
    try {
      storeShort(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Writes four bytes. */
  public final void putInt(long offset, int value) {
    checkWrite(offset, Integer.BYTES);
    try {
      storeInt(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Writes eight bytes. */
  public final void putLong(long offset, long value) {
    checkWrite(offset, Long.BYTES);
    try {
      storeLong(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Writes four aligned bytes if they are what is expected, as one step. */
  public final boolean compareAndSetInt(long offset, int expected, int value) {
    checkWrite(offset, Integer.BYTES);
    ensureAligned(offset, Integer.BYTES);
    try {
      return exchangeInt(offset, inMemory(expected), inMemory(value));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Writes eight aligned bytes if they are what is expected, as one step. */
  public final boolean compareAndSetLong(long offset, long expected, long value) {
    checkWrite(offset, Long.BYTES);
    ensureAligned(offset, Long.BYTES);
    try {
      return exchangeLong(offset, inMemory(expected), inMemory(value));
    } finally {
      Reference.reachabilityFence(this);
    }
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

  // -- checks --

  private void checkRead(long offset, int bytes) {
    if (offset < 0 || offset > size - bytes) {
      throw refusal(offset, bytes, false);
    }
  }

  private void checkWrite(long offset, int bytes) {
    if (offset < 0 || offset > writable - bytes) {
      throw refusal(offset, bytes, true);
    }
  }

  private void ensureAligned(long offset, int bytes) {
    Mapping mapped = mapping;
    if (mapped != null && (mapped.address + offset & bytes - 1) != 0) {
      throw new IllegalArgumentException(
          "offset " + offset + " is not at a multiple of " + bytes + " in memory");
    }
  }

  /** What is thrown where {@code bytes} at an offset are not to be had. */
  private RuntimeException refusal(long offset, long bytes, boolean isWrite) {
    if (isClosed) {
      return new IllegalStateException("the region is closed");
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
