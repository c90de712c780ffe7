package dev.sluice.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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

  private final long address;
  private final boolean closed;
  private final ByteBuffer[] parts;

  BufferWindow(long address, long size, boolean writable, boolean bigEndian, boolean closed) {
    super(size, writable, bigEndian, closed);
    this.address = address;
    this.closed = closed;
    parts = new ByteBuffer[(int) (size + MASK >>> SHIFT)];
    for (int i = 0; i < parts.length; i++) {
      long start = (long) i << SHIFT;
      int length = (int) Math.min(size - start, MASK + 1 + OVERLAP);
      parts[i] = Native.buffer0(address + start, length).order(order());
    }
  }

  @Override
  public Window ordered(ByteOrder order) {
    boolean isBig = order == ByteOrder.BIG_ENDIAN;
    return new BufferWindow(address, size, writable > 0, isBig, closed);
  }

  @Override
  long address() {
    return address;
  }

  private ByteBuffer readable(long offset, int bytes) {
    if (offset < 0 || offset > size - bytes) {
      throw refusal(offset, bytes, false);
    }
    return parts[(int) (offset >>> SHIFT)];
  }

  private ByteBuffer writable(long offset, int bytes) {
    if (offset < 0 || offset > writable - bytes) {
      throw refusal(offset, bytes, true);
    }
    return parts[(int) (offset >>> SHIFT)];
  }

  private static int index(long offset) {
    return (int) (offset & MASK);
  }

  @Override
  public byte get(long offset) {
    return readable(offset, Byte.BYTES).get(index(offset));
  }

  @Override
  public short getShort(long offset) {
    return readable(offset, Short.BYTES).getShort(index(offset));
  }

  @Override
  public int getInt(long offset) {
    return readable(offset, Integer.BYTES).getInt(index(offset));
  }

  @Override
  public long getLong(long offset) {
    return readable(offset, Long.BYTES).getLong(index(offset));
  }

  @Override
  public void put(long offset, byte value) {
    writable(offset, Byte.BYTES).put(index(offset), value);
  }

  @Override
  public void putShort(long offset, short value) {
    writable(offset, Short.BYTES).putShort(index(offset), value);
  }

  @Override
  public void putInt(long offset, int value) {
    writable(offset, Integer.BYTES).putInt(index(offset), value);
  }

  @Override
  public void putLong(long offset, long value) {
    writable(offset, Long.BYTES).putLong(index(offset), value);
  }

  @Override
  public boolean compareAndSetInt(long offset, int expected, int value) {
    ByteBuffer part = writable(offset, Integer.BYTES);
    ensureAligned(offset, Integer.BYTES);
    int from = isNative() ? expected : Integer.reverseBytes(expected);
    int to = isNative() ? value : Integer.reverseBytes(value);
    return INTS.compareAndSet(part, index(offset), from, to);
  }

  @Override
  public boolean compareAndSetLong(long offset, long expected, long value) {
    ByteBuffer part = writable(offset, Long.BYTES);
    ensureAligned(offset, Long.BYTES);
    long from = isNative() ? expected : Long.reverseBytes(expected);
    long to = isNative() ? value : Long.reverseBytes(value);
    return LONGS.compareAndSet(part, index(offset), from, to);
  }
}
