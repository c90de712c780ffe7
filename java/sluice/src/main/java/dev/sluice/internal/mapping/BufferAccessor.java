package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.NativeMemory;
import dev.sluice.internal.jdk.CompareAndExchange;
import dev.sluice.internal.jdk.ValueKind;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a mapping through direct buffers, where plain addresses cannot be used. Each
 * buffer covers 1 GiB and the first 7 bytes of the next buffer's part, so that no value lies across
 * two buffers.
 */
final class BufferAccessor extends Accessor {
  private static final int SHIFT = 30;
  private static final long MASK = (1L << SHIFT) - 1;
  private static final int OVERLAP = Long.BYTES - 1;

  private final long address;
  private final ByteBuffer[] parts;

  BufferAccessor(@Nullable Source region, @Nullable Mapping mapping, Part part) {
    super(region, mapping, part);
    address = mapping == null ? 0 : mapping.address + start;
    long size = mapping == null ? 0 : part.size();
    parts = new ByteBuffer[(int) (size + MASK >>> SHIFT)];
    for (int i = 0; mapping != null && i < parts.length; i++) {
      long from = (long) i << SHIFT;
      int length = (int) Math.min(size - from, MASK + 1 + OVERLAP);
      parts[i] = NativeMemory.buffer(address + from, length).order(part.order());
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
    return CompareAndExchange.exchangeInt(address + offset, expected, value);
  }

  @Override
  boolean exchangeLong(long offset, long expected, long value) {
    return CompareAndExchange.exchangeLong(address + offset, expected, value);
  }

  /**
   * A buffer over {@code count} values from an offset on, or over as many whole values as the part
   * at that offset still has.
   */
  private ByteBuffer whole(ValueKind values, long offset, int count) {
    ByteBuffer part = part(offset);
    int bytes = Math.min(part.capacity() - index(offset), count << values.shift);
    return part.slice(index(offset), bytes & -1 << values.shift).order(order());
  }

  @Override
  void load(long offset, ByteBuffer direct) {
    ByteBuffer to = direct.duplicate();
    while (to.hasRemaining()) {
      to.put(whole(ValueKind.BYTES, offset + to.position() - direct.position(), to.remaining()));
    }
  }

  @Override
  void store(long offset, ByteBuffer direct) {
    ByteBuffer from = direct.duplicate();
    while (from.hasRemaining()) {
      int done = from.position() - direct.position();
      ByteBuffer to = whole(ValueKind.BYTES, offset + done, from.remaining());
      to.put(from.duplicate().limit(from.position() + to.remaining()));
      from.position(from.position() + to.capacity());
    }
  }

  @Override
  void load(ValueKind values, long offset, Object array, int at, int count) {
    for (int done = 0; done < count; ) {
      ByteBuffer whole = whole(values, offset + ((long) done << values.shift), count - done);
      int some = whole.remaining() >> values.shift;
      values.get(whole, array, at + done, some);
      done += some;
    }
  }

  @Override
  void store(ValueKind values, long offset, Object array, int at, int count) {
    for (int done = 0; done < count; ) {
      ByteBuffer whole = whole(values, offset + ((long) done << values.shift), count - done);
      int some = whole.remaining() >> values.shift;
      values.put(whole, array, at + done, some);
      done += some;
    }
  }
}
