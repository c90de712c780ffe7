package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.NativeMemory;
import dev.sluice.internal.jdk.CompareAndExchange;
import dev.sluice.internal.jdk.MemorySessions;
import dev.sluice.internal.jdk.ValueKind;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/** Reads and writes a mapping by its addresses, while the mapping's session is open. */
final class SessionAccessor extends Accessor {
  private final @Nullable Object session;
  private final long address;
  private final @Nullable Mapping mapping;

  SessionAccessor(@Nullable Source region, @Nullable Mapping mapping, Part part) {
    super(region, mapping, part);
    this.mapping = mapping;
    session = mapping == null ? null : mapping.session();
    address = mapping == null ? 0 : mapping.address + start;
  }

  @Override
  byte load(long offset) {
    return MemorySessions.getByte(session, address + offset);
  }

  @Override
  short loadShort(long offset) {
    return MemorySessions.getShort(session, address + offset, bigEndian);
  }

  @Override
  int loadInt(long offset) {
    return MemorySessions.getInt(session, address + offset, bigEndian);
  }

  @Override
  long loadLong(long offset) {
    return MemorySessions.getLong(session, address + offset, bigEndian);
  }

  @Override
  void store(long offset, byte value) {
    MemorySessions.putByte(session, address + offset, value);
  }

  @Override
  void storeShort(long offset, short value) {
    MemorySessions.putShort(session, address + offset, value, bigEndian);
  }

  @Override
  void storeInt(long offset, int value) {
    MemorySessions.putInt(session, address + offset, value, bigEndian);
  }

  @Override
  void storeLong(long offset, long value) {
    MemorySessions.putLong(session, address + offset, value, bigEndian);
  }

  @Override
  boolean exchangeInt(long offset, int expected, int value) {
    return exchangeUnderLock(
        () -> CompareAndExchange.exchangeInt(address + offset, expected, value));
  }

  @Override
  boolean exchangeLong(long offset, long expected, long value) {
    return exchangeUnderLock(
        () -> CompareAndExchange.exchangeLong(address + offset, expected, value));
  }

  private interface Exchange {
    boolean make();
  }

  /**
   * Makes an exchange under the mapping's lock, if it has one. An exchange may be native code,
   * which a session does not stop.
   */
  private boolean exchangeUnderLock(Exchange exchange) {
    Mapping mapped = mapping;
    StampedLock accesses = mapped == null ? null : mapped.accessLock();
    if (accesses == null) {
      return exchange.make();
    }
    long stamp = accesses.readLock();
    try {
      return !mapped.isRetired() && exchange.make();
    } finally {
      accesses.unlockRead(stamp);
    }
  }

  @Override
  void load(long offset, ByteBuffer direct) {
    long to = NativeMemory.address(direct) + direct.position();
    int length = direct.remaining();
    MemorySessions.copy(
        session, null, address + offset, null, to, ValueKind.BYTES, length, bigEndian);
    Reference.reachabilityFence(direct);
  }

  @Override
  void store(long offset, ByteBuffer direct) {
    long from = NativeMemory.address(direct) + direct.position();
    int length = direct.remaining();
    MemorySessions.copy(
        session, null, from, null, address + offset, ValueKind.BYTES, length, bigEndian);
    Reference.reachabilityFence(direct);
  }

  @Override
  void load(ValueKind values, long offset, Object array, int at, int count) {
    MemorySessions.copy(
        session, null, address + offset, array, values.offsetInArray(at), values, count, bigEndian);
  }

  @Override
  void store(ValueKind values, long offset, Object array, int at, int count) {
    MemorySessions.copy(
        session, array, values.offsetInArray(at), null, address + offset, values, count, bigEndian);
  }
}
