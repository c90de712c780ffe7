package dev.sluice.internal.jdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** The kinds of values that go between a region and an array many at a time. */
public enum ValueKind {
  /** Bytes. */
  BYTES(byte[].class, 0) {
    @Override
    public void get(ByteBuffer from, Object array, int at, int count) {
      from.get((byte[]) array, at, count);
    }

    @Override
    public void put(ByteBuffer to, Object array, int at, int count) {
      to.put((byte[]) array, at, count);
    }

    @Override
    int length(Object array) {
      return ((byte[]) array).length;
    }
  },

  /** Numbers of two bytes. */
  SHORTS(short[].class, 1) {
    @Override
    public void get(ByteBuffer from, Object array, int at, int count) {
      from.asShortBuffer().get((short[]) array, at, count);
    }

    @Override
    public void put(ByteBuffer to, Object array, int at, int count) {
      short[] values = (short[]) array;
      if (to.order() == ByteOrder.nativeOrder()) {
        to.asShortBuffer().put(values, at, count);
        return;
      }
      // JDK 17 swaps many by code in which a page that is not there ends the JVM.
      for (int i = 0; i < count; i++) {
        to.putShort(i << shift, values[at + i]);
      }
    }

    @Override
    int length(Object array) {
      return ((short[]) array).length;
    }
  },

  /** Characters, of two bytes. */
  CHARS(char[].class, 1) {
    @Override
    public void get(ByteBuffer from, Object array, int at, int count) {
      from.asCharBuffer().get((char[]) array, at, count);
    }

    @Override
    public void put(ByteBuffer to, Object array, int at, int count) {
      char[] values = (char[]) array;
      if (to.order() == ByteOrder.nativeOrder()) {
        to.asCharBuffer().put(values, at, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        to.putChar(i << shift, values[at + i]);
      }
    }

    @Override
    int length(Object array) {
      return ((char[]) array).length;
    }
  },

  /** Numbers of four bytes. */
  INTS(int[].class, 2) {
    @Override
    public void get(ByteBuffer from, Object array, int at, int count) {
      from.asIntBuffer().get((int[]) array, at, count);
    }

    @Override
    public void put(ByteBuffer to, Object array, int at, int count) {
      to.asIntBuffer().put((int[]) array, at, count);
    }

    @Override
    int length(Object array) {
      return ((int[]) array).length;
    }
  },

  /** Numbers of eight bytes. */
  LONGS(long[].class, 3) {
    @Override
    public void get(ByteBuffer from, Object array, int at, int count) {
      from.asLongBuffer().get((long[]) array, at, count);
    }

    @Override
    public void put(ByteBuffer to, Object array, int at, int count) {
      to.asLongBuffer().put((long[]) array, at, count);
    }

    @Override
    int length(Object array) {
      return ((long[]) array).length;
    }
  },

  /** Numbers of four bytes with a point. */
  FLOATS(float[].class, 2) {
    @Override
    public void get(ByteBuffer from, Object array, int at, int count) {
      from.asFloatBuffer().get((float[]) array, at, count);
    }

    @Override
    public void put(ByteBuffer to, Object array, int at, int count) {
      to.asFloatBuffer().put((float[]) array, at, count);
    }

    @Override
    int length(Object array) {
      return ((float[]) array).length;
    }
  },

  /** Numbers of eight bytes with a point. */
  DOUBLES(double[].class, 3) {
    @Override
    public void get(ByteBuffer from, Object array, int at, int count) {
      from.asDoubleBuffer().get((double[]) array, at, count);
    }

    @Override
    public void put(ByteBuffer to, Object array, int at, int count) {
      to.asDoubleBuffer().put((double[]) array, at, count);
    }

    @Override
    int length(Object array) {
      return ((double[]) array).length;
    }
  };

  /** Bytes that are copied between two looks, and two moments at which the JVM may stop. */
  private static final int AT_A_TIME = 1 << 20;

  public final int shift;

  /** Where the first value lies in an array's memory. */
  private final long first;

  ValueKind(Class<?> array, int shift) {
    this.shift = shift;
    first = UnsafeMemory.ADDRESSES ? UnsafeMemory.firstIn(array) : 0;
  }

  /** Copies the first values of a buffer, which is in its order. */
  public abstract void get(ByteBuffer from, Object array, int at, int count);

  /** Copies values to the beginning of a buffer. */
  public abstract void put(ByteBuffer to, Object array, int at, int count);

  abstract int length(Object array);

  public void check(Object array, int at, int count) {
    Objects.checkFromIndexSize(at, count, length(array));
  }

  public int atATime() {
    return AT_A_TIME >> shift;
  }

  /** Where a value lies in an array's memory. */
  public long place(int index) {
    return first + ((long) index << shift);
  }
}
