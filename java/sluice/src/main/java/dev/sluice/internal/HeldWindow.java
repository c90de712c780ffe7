package dev.sluice.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.StampedLock;

/**
 * A window onto a mapping over which buffers lie as well, whose late accesses have to fault: the
 * mapping is held for each access, so that none is late.
 */
final class HeldWindow extends Window {
  private final Window window;
  private final Mapping mapping;
  private final StampedLock accesses;

  HeldWindow(Window window, Region region, Mapping mapping, StampedLock accesses, Part part) {
    super(region, mapping, part);
    this.window = window;
    this.mapping = mapping;
    this.accesses = accesses;
  }

  /** An access that is made while the mapping is there. */
  private interface Access {
    long make(Window window);
  }

  /** What it answers, or anything where the mapping is retired: then that is seen afterwards. */
  private long held(Access access) {
    long stamp = accesses.readLock();
    try {
      return mapping.isRetired() ? 0 : access.make(window);
    } finally {
      accesses.unlockRead(stamp);
    }
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
    held(
        there -> {
          there.store(offset, value);
          return 0;
        });
  }

  @Override
  void storeShort(long offset, short value) {
    held(
        there -> {
          there.storeShort(offset, value);
          return 0;
        });
  }

  @Override
  void storeInt(long offset, int value) {
    held(
        there -> {
          there.storeInt(offset, value);
          return 0;
        });
  }

  @Override
  void storeLong(long offset, long value) {
    held(
        there -> {
          there.storeLong(offset, value);
          return 0;
        });
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
    held(
        there -> {
          there.load(offset, direct);
          return 0;
        });
  }

  @Override
  void store(long offset, ByteBuffer direct) {
    held(
        there -> {
          there.store(offset, direct);
          return 0;
        });
  }

  @Override
  void load(Values values, long offset, Object array, int at, int count) {
    held(
        there -> {
          there.load(values, offset, array, at, count);
          return 0;
        });
  }

  @Override
  void store(Values values, long offset, Object array, int at, int count) {
    held(
        there -> {
          there.store(values, offset, array, at, count);
          return 0;
        });
  }
}
