package dev.sluice.internal;

import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;

/**
 * What a region may read and write at a time: an address and its limits, which never change. A
 * region that is closed or resized gets another one, so that whoever reads sees an address and the
 * limits that belong to it, whatever the others do.
 */
public abstract class Window {
  /** How many bytes there are to read. */
  final long size;

  /** How many there are to write: as many, or none. */
  final long writable;

  /** Whether numbers are read and written with their highest byte first. */
  final boolean bigEndian;

  private final boolean isClosed;

  Window(long size, boolean isWritable, boolean bigEndian, boolean isClosed) {
    this.size = size;
    this.writable = isWritable ? size : 0;
    this.bigEndian = bigEndian;
    this.isClosed = isClosed;
  }

  /** A window onto mapped memory. */
  static Window of(long address, long size, boolean isWritable, boolean bigEndian) {
    return JdkMemory.ADDRESSES
        ? new AddressWindow(address, size, isWritable, bigEndian, false)
        : new BufferWindow(address, size, isWritable, bigEndian, false);
  }

  /** One that lets nobody through. */
  public static Window closed() {
    return JdkMemory.ADDRESSES
        ? new AddressWindow(0, 0, false, true, true)
        : new BufferWindow(0, 0, false, true, true);
  }

  /** The byte order of what is read and written. */
  public final ByteOrder order() {
    return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** The same onto the same memory, in another byte order. */
  public abstract Window ordered(ByteOrder order);

  /** Reads a byte. */
  public abstract byte get(long offset);

  /** Reads two bytes. */
  public abstract short getShort(long offset);

  /** Reads four bytes. */
  public abstract int getInt(long offset);

  /** Reads eight bytes. */
  public abstract long getLong(long offset);

  /** Writes a byte. */
  public abstract void put(long offset, byte value);

  /** Writes two bytes. */
  public abstract void putShort(long offset, short value);

  /** Writes four bytes. */
  public abstract void putInt(long offset, int value);

  /** Writes eight bytes. */
  public abstract void putLong(long offset, long value);

  /** Writes four aligned bytes if they are what is expected, as one step. */
  public abstract boolean compareAndSetInt(long offset, int expected, int value);

  /** Writes eight aligned bytes if they are what is expected, as one step. */
  public abstract boolean compareAndSetLong(long offset, long expected, long value);

  /** Where the bytes lie in memory, for their alignment. */
  abstract long address();

  /** Reads four aligned bytes; what comes after in the program is not done before. */
  public final int getIntAcquire(long offset) {
    ensureAligned(offset, Integer.BYTES);
    int value = getInt(offset);
    VarHandle.acquireFence();
    return value;
  }

  /** Reads eight aligned bytes; what comes after in the program is not done before. */
  public final long getLongAcquire(long offset) {
    ensureAligned(offset, Long.BYTES);
    long value = getLong(offset);
    VarHandle.acquireFence();
    return value;
  }

  /** Writes four aligned bytes when what comes before in the program is done. */
  public final void putIntRelease(long offset, int value) {
    ensureAligned(offset, Integer.BYTES);
    VarHandle.releaseFence();
    putInt(offset, value);
  }

  /** Writes eight aligned bytes when what comes before in the program is done. */
  public final void putLongRelease(long offset, long value) {
    ensureAligned(offset, Long.BYTES);
    VarHandle.releaseFence();
    putLong(offset, value);
  }

  /** As a volatile variable is read. The other half of its order is in the writes. */
  public final int getIntVolatile(long offset) {
    return getIntAcquire(offset);
  }

  /** As a volatile variable is read. The other half of its order is in the writes. */
  public final long getLongVolatile(long offset) {
    return getLongAcquire(offset);
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

  /** Whether numbers lie in memory as the machine has them. */
  final boolean isNative() {
    return bigEndian == (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN);
  }

  final void ensureAligned(long offset, int bytes) {
    if ((address() + offset & bytes - 1) != 0) {
      throw new IllegalArgumentException(
          "offset " + offset + " is not at a multiple of " + bytes + " in memory");
    }
  }

  /** What is thrown where {@code bytes} at an offset are not to be had. */
  final RuntimeException refusal(long offset, long bytes, boolean isWrite) {
    if (isClosed) {
      return new IllegalStateException("the region is closed");
    }
    if (isWrite && offset >= 0 && offset <= size - bytes) {
      return new ReadOnlyBufferException();
    }
    return new IndexOutOfBoundsException(
        bytes + " bytes at offset " + offset + " of " + size + " bytes");
  }
}
