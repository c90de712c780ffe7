package dev.sluice.internal;

import java.nio.ByteOrder;

/** A window that reads and writes addresses. */
final class AddressWindow extends Window {
  private final long address;
  private final boolean closed;

  AddressWindow(long address, long size, boolean writable, boolean bigEndian, boolean closed) {
    super(size, writable, bigEndian, closed);
    this.address = address;
    this.closed = closed;
  }

  @Override
  public Window ordered(ByteOrder order) {
    boolean isBig = order == ByteOrder.BIG_ENDIAN;
    return new AddressWindow(address, size, writable > 0, isBig, closed);
  }

  @Override
  long address() {
    return address;
  }

  private long readable(long offset, int bytes) {
    if (offset < 0 || offset > size - bytes) {
      throw refusal(offset, bytes, false);
    }
    return address + offset;
  }

  private long writable(long offset, int bytes) {
    if (offset < 0 || offset > writable - bytes) {
      throw refusal(offset, bytes, true);
    }
    return address + offset;
  }

  @Override
  public byte get(long offset) {
    return JdkMemory.getByte(readable(offset, Byte.BYTES));
  }

  @Override
  public short getShort(long offset) {
    return JdkMemory.getShort(readable(offset, Short.BYTES), bigEndian);
  }

  @Override
  public int getInt(long offset) {
    return JdkMemory.getInt(readable(offset, Integer.BYTES), bigEndian);
  }

  @Override
  public long getLong(long offset) {
    return JdkMemory.getLong(readable(offset, Long.BYTES), bigEndian);
  }

  @Override
  public void put(long offset, byte value) {
    JdkMemory.putByte(writable(offset, Byte.BYTES), value);
  }

  @Override
  public void putShort(long offset, short value) {
    JdkMemory.putShort(writable(offset, Short.BYTES), value, bigEndian);
  }

  @Override
  public void putInt(long offset, int value) {
    JdkMemory.putInt(writable(offset, Integer.BYTES), value, bigEndian);
  }

  @Override
  public void putLong(long offset, long value) {
    JdkMemory.putLong(writable(offset, Long.BYTES), value, bigEndian);
  }

  @Override
  public boolean compareAndSetInt(long offset, int expected, int value) {
    long at = writable(offset, Integer.BYTES);
    ensureAligned(offset, Integer.BYTES);
    return isNative()
        ? JdkMemory.compareAndSetInt(at, expected, value)
        : JdkMemory.compareAndSetInt(
            at, Integer.reverseBytes(expected), Integer.reverseBytes(value));
  }

  @Override
  public boolean compareAndSetLong(long offset, long expected, long value) {
    long at = writable(offset, Long.BYTES);
    ensureAligned(offset, Long.BYTES);
    return isNative()
        ? JdkMemory.compareAndSetLong(at, expected, value)
        : JdkMemory.compareAndSetLong(at, Long.reverseBytes(expected), Long.reverseBytes(value));
  }
}
