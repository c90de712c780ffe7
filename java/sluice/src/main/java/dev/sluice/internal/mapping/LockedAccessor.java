package dev.sluice.internal.mapping;

import dev.sluice.internal.jdk.ValueKind;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;

/**
 * Reads and writes a mapping that buffers lie over as well. After a close, an access through such a
 * buffer has to fault. This accessor holds the mapping's lock for each access, so that no access of
 * its own comes after a close.
 */
final class LockedAccessor extends Accessor {
  private final Accessor accessor;
  private final Mapping mapping;
  private final StampedLock accesses;

  LockedAccessor(
      Accessor accessor, Source region, Mapping mapping, StampedLock accesses, Part part) {
    super(region, mapping, part);
    this.accessor = accessor;
    this.mapping = mapping;
    this.accesses = accesses;
  }

  /** An access that is made while the mapping is not retired. */
  private interface Access {
    long make(Accessor accessor);
  }

  /**
   * Makes an access under the lock, and answers what it answers. If the mapping is retired, no
   * access is made and the answer has no meaning; {@link Accessor} checks for that afterwards.
   */
  private long underLock(Access access) {
    long stamp = accesses.readLock();
    try {
      return mapping.isRetired() ? 0 : access.make(accessor);
    } finally {
      accesses.unlockRead(stamp);
    }
  }

  /** Makes an access without an answer under the lock. */
  private void runUnderLock(Consumer<Accessor> access) {
    underLock(
        there -> {
          access.accept(there);
          return 0;
        });
  }

  @Override
  byte load(long offset) {
    return (byte) underLock(there -> there.load(offset));
  }

  @Override
  short loadShort(long offset) {
    return (short) underLock(there -> there.loadShort(offset));
  }

  @Override
  int loadInt(long offset) {
    return (int) underLock(there -> there.loadInt(offset));
  }

  @Override
  long loadLong(long offset) {
    return underLock(there -> there.loadLong(offset));
  }

  @Override
  void store(long offset, byte value) {
    runUnderLock(there -> there.store(offset, value));
  }

  @Override
  void storeShort(long offset, short value) {
    runUnderLock(there -> there.storeShort(offset, value));
  }

  @Override
  void storeInt(long offset, int value) {
    runUnderLock(there -> there.storeInt(offset, value));
  }

  @Override
  void storeLong(long offset, long value) {
    runUnderLock(there -> there.storeLong(offset, value));
  }

  @Override
  boolean exchangeInt(long offset, int expected, int value) {
    return underLock(there -> there.exchangeInt(offset, expected, value) ? 1 : 0) != 0;
  }

  @Override
  boolean exchangeLong(long offset, long expected, long value) {
    return underLock(there -> there.exchangeLong(offset, expected, value) ? 1 : 0) != 0;
  }

  @Override
  void load(long offset, ByteBuffer direct) {
    runUnderLock(there -> there.load(offset, direct));
  }

  @Override
  void store(long offset, ByteBuffer direct) {
    runUnderLock(there -> there.store(offset, direct));
  }

  @Override
  void load(ValueKind values, long offset, Object array, int at, int count) {
    runUnderLock(there -> there.load(values, offset, array, at, count));
  }

  @Override
  void store(ValueKind values, long offset, Object array, int at, int count) {
    runUnderLock(there -> there.store(values, offset, array, at, count));
  }
}
