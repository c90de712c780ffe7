package dev.sluice.internal;

import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** A window that reads and writes addresses. */
final class AddressWindow extends Window {
  private final long address;

  AddressWindow(@Nullable Mapping mapping, boolean isWritable, ByteOrder order, boolean isClosed) {
    super(mapping, isWritable, order, isClosed);
    address = mapping == null ? 0 : mapping.address;
  }

  @Override
  byte load(long offset) {
    return JdkMemory.getByte(address + offset);
  }

  @Override
  short loadShort(long offset) {
    return JdkMemory.getShort(address + offset, bigEndian);
  }

  @Override
  int loadInt(long offset) {
    return JdkMemory.getInt(address + offset, bigEndian);
  }

  @Override
  long loadLong(long offset) {
    return JdkMemory.getLong(address + offset, bigEndian);
  }

  @Override
  void store(long offset, byte value) {
    JdkMemory.putByte(address + offset, value);
  }

  @Override
  void storeShort(long offset, short value) {
    JdkMemory.putShort(address + offset, value, bigEndian);
  }

  @Override
  void storeInt(long offset, int value) {
    JdkMemory.putInt(address + offset, value, bigEndian);
  }

  @Override
  void storeLong(long offset, long value) {
    JdkMemory.putLong(address + offset, value, bigEndian);
  }

  @Override
  boolean exchangeInt(long offset, int expected, int value) {
    return JdkMemory.compareAndSetInt(address + offset, expected, value);
  }

  @Override
  boolean exchangeLong(long offset, long expected, long value) {
    return JdkMemory.compareAndSetLong(address + offset, expected, value);
  }
}
