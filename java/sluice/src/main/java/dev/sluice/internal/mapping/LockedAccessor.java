package dev.sluice.internal.mapping;

import dev.sluice.internal.jdk.ValueKind;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;

/**
 * A window onto a mapping over which buffers lie as well, whose late accesses have to fault: the
 * mapping is held for each access, so that none is late.
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

  /** An access that is made while the mapping is there. */
  private interface Access {
    long make(Accessor accessor);
  }

  /** What it answers, or anything where the mapping is retired: then that is seen afterwards. */
  private long held(Access access) {
    long stamp = accesses.readLock();
    try {
      return mapping.isRetired() ? 0 : access.make(accessor);
    } finally {
      accesses.unlockRead(stamp);
    }
  }

  /** The same of an access that answers nothing. */
  private void make(Consumer<Accessor> access) {
    held(
        there -> {
          access.accept(there);
          return 0;
        });
  }

  @Override
  byte load(long offset) {
    return (byte) held(there -> there.load(offset));
  }

  @Override
  short loadShort(long offset) {
    return (short) held(there -> there.loadShort(offset));
  }

  @Override
  int loadInt(long offset) {
    return (int) held(there -> there.loadInt(offset));
  }

  @Override
  long loadLong(long offset) {
    return held(there -> there.loadLong(offset));
  }

  @Override
  void store(long offset, byte value) {
    make(there -> there.store(offset, value));
  }

  @Override
  void storeShort(long offset, short value) {
    make(there -> there.storeShort(offset, value));
  }

  @Override
  void storeInt(long offset, int value) {
    make(there -> there.storeInt(offset, value));
  }

  @Override
  void storeLong(long offset, long value) {
    make(there -> there.storeLong(offset, value));
  }

  @Override
  boolean exchangeInt(long offset, int expected, int value) {
    return held(there -> there.exchangeInt(offset, expected, value) ? 1 : 0) != 0;
  }

  @Override
  boolean exchangeLong(long offset, long expected, long value) {
    return held(there -> there.exchangeLong(offset, expected, value) ? 1 : 0) != 0;
  }

  @Override
  void load(long offset, ByteBuffer direct) {
    make(there -> there.load(offset, direct));
  }

  @Override
  void store(long offset, ByteBuffer direct) {
    make(there -> there.store(offset, direct));
  }

  @Override
  void load(ValueKind values, long offset, Object array, int at, int count) {
    make(there -> there.load(values, offset, array, at, count));
  }

  @Override
  void store(ValueKind values, long offset, Object array, int at, int count) {
    make(there -> there.store(values, offset, array, at, count));
  }
}
