package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.NativeMemory;
import dev.sluice.internal.jdk.CompareAndExchange;
import dev.sluice.internal.jdk.UnsafeMemory;
import dev.sluice.internal.jdk.ValueKind;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads and writes a mapping by its plain addresses. */
final class AddressAccessor extends Accessor {
  private final long address;

  AddressAccessor(@Nullable Source region, @Nullable Mapping mapping, Part part) {
    super(region, mapping, part);
    address = mapping == null ? 0 : mapping.address + start;
  }

  @Override
  byte load(long offset) {
    return UnsafeMemory.getByte(address + offset);
  }

  @Override
  short loadShort(long offset) {
    return UnsafeMemory.getShort(address + offset, bigEndian);
  }

  @Override
  int loadInt(long offset) {
    return UnsafeMemory.getInt(address + offset, bigEndian);
  }

  @Override
  long loadLong(long offset) {
    return UnsafeMemory.getLong(address + offset, bigEndian);
  }

  @Override
  void store(long offset, byte value) {
    UnsafeMemory.putByte(address + offset, value);
  }

  @Override
  void storeShort(long offset, short value) {
    UnsafeMemory.putShort(address + offset, value, bigEndian);
  }

  @Override
  void storeInt(long offset, int value) {
    UnsafeMemory.putInt(address + offset, value, bigEndian);
  }

  @Override
  void storeLong(long offset, long value) {
    UnsafeMemory.putLong(address + offset, value, bigEndian);
  }

  @Override
  boolean exchangeInt(long offset, int expected, int value) {
    return CompareAndExchange.exchangeInt(address + offset, expected, value);
  }

  @Override
  boolean exchangeLong(long offset, long expected, long value) {
    return CompareAndExchange.exchangeLong(address + offset, expected, value);
  }

  @Override
  void load(long offset, ByteBuffer direct) {
    long to = NativeMemory.address(direct) + direct.position();
    UnsafeMemory.copy(
        null, address + offset, null, to, ValueKind.BYTES.shift, direct.remaining(), bigEndian);
    Reference.reachabilityFence(direct);
  }

  @Override
  void store(long offset, ByteBuffer direct) {
    long from = NativeMemory.address(direct) + direct.position();
    UnsafeMemory.copy(
        null, from, null, address + offset, ValueKind.BYTES.shift, direct.remaining(), bigEndian);
    Reference.reachabilityFence(direct);
  }

  @Override
  void load(ValueKind values, long offset, Object array, int at, int count) {
    UnsafeMemory.copy(
        null, address + offset, array, values.offsetInArray(at), values.shift, count, bigEndian);
  }

  @Override
  void store(ValueKind values, long offset, Object array, int at, int count) {
    UnsafeMemory.copy(
        array, values.offsetInArray(at), null, address + offset, values.shift, count, bigEndian);
  }
}
