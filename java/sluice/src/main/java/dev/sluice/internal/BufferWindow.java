package dev.sluice.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A window that reads and writes direct buffers, where addresses cannot be: parts of 1 GiB, each of
 * which has the first bytes of the next one as well, so that no number lies across two.
 */
final class BufferWindow extends Window {
  private static final int SHIFT = 30;
  private static final long MASK = (1L << SHIFT) - 1;
  private static final int OVERLAP = Long.BYTES - 1;

  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer[] parts;

  BufferWindow(@Nullable Mapping mapping, boolean isWritable, ByteOrder order, boolean isClosed) {
    super(mapping, isWritable, order, isClosed);
    long size = mapping == null ? 0 : mapping.size;
    parts = new ByteBuffer[(int) (size + MASK >>> SHIFT)];
    for (int i = 0; mapping != null && i < parts.length; i++) {
      long start = (long) i << SHIFT;
      int length = (int) Math.min(size - start, MASK + 1 + OVERLAP);
      parts[i] = Native.buffer0(mapping.address + start, length).order(order);
    }
  }

  private ByteBuffer part(long offset) {
    return parts[(int) (offset >>> SHIFT)];
  }

  private static int index(long offset) {
    return (int) (offset & MASK);
  }

  @Override
  byte load(long offset) {
    return part(offset).get(index(offset));
  }

  @Override
  short loadShort(long offset) {
    return part(offset).getShort(index(offset));
  }

  @Override
  int loadInt(long offset) {
    return part(offset).getInt(index(offset));
  }

  @Override
  long loadLong(long offset) {
    return part(offset).getLong(index(offset));
  }

  @Override
  void store(long offset, byte value) {
    part(offset).put(index(offset), value);
  }

  @Override
  void storeShort(long offset, short value) {
    part(offset).putShort(index(offset), value);
  }

  @Override
  void storeInt(long offset, int value) {
    part(offset).putInt(index(offset), value);
  }

  @Override
  void storeLong(long offset, long value) {
    part(offset).putLong(index(offset), value);
  }

  @Override
  boolean exchangeInt(long offset, int expected, int value) {
    return INTS.compareAndSet(part(offset), index(offset), expected, value);
  }

  @Override
  boolean exchangeLong(long offset, long expected, long value) {
    return LONGS.compareAndSet(part(offset), index(offset), expected, value);
  }
}
