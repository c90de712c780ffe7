package dev.sluice.internal.jdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** The kinds of values that a region copies from and to arrays. */
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
      // The bulk method of JDK 17 swaps bytes by code in which a missing page ends the JVM.
      for (int i = 0; i < count; i++) {
        to.putShort(i << shift, values[at + i]);
      }
    }

    @Override
    int length(Object array) {
      return ((short[]) array).length;
    }
  },

  /** Characters of two bytes. */
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

  /** Floating-point numbers of four bytes. */
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

  /** Floating-point numbers of eight bytes. */
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

  /**
   * Bytes that are copied in one piece. Between two pieces the accessor looks at the mapping again,
   * and the JVM may stop the thread.
   */
  private static final int PIECE = 1 << 20;

  /** The size of a value: {@code 1 << shift} bytes. */
  public final int shift;

  /** The offset of the first value in an array's memory. */
  private final long first;

  ValueKind(Class<?> array, int shift) {
    this.shift = shift;
    first = UnsafeMemory.ADDRESSES ? UnsafeMemory.firstIn(array) : 0;
  }

  /** Copies values from the beginning of a buffer, in the buffer's byte order, to an array. */
  public abstract void get(ByteBuffer from, Object array, int at, int count);

  /** Copies values from an array to the beginning of a buffer, in the buffer's byte order. */
  public abstract void put(ByteBuffer to, Object array, int at, int count);

  /** The number of values in an array of this kind. */
  abstract int length(Object array);

  /** Throws if the array does not have {@code count} values from index {@code at} on. */
  public void check(Object array, int at, int count) {
    Objects.checkFromIndexSize(at, count, length(array));
  }

  /** How many values are copied in one piece. */
  public int valuesPerPiece() {
    return PIECE >> shift;
  }

  /** The offset of a value in an array's memory. */
  public long offsetInArray(int index) {
    return first + ((long) index << shift);
  }
}
