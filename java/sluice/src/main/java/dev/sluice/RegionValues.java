package dev.sluice;

import dev.sluice.internal.mapping.Accessor;

/** The single values of a {@link MappedRegion}. */
abstract class RegionValues extends SegmentRegion {
  /**
   * Reads and writes the values. A resize or a close replaces it as a whole, so that its address
   * and its limits always belong together.
   */
  Accessor accessor;

  RegionValues(Accessor accessor) {
    this.accessor = accessor;
  }

  /**
   * Reads a byte.
   *
   * @param offset the offset of the byte in the region
   * @return the value
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public byte get(long offset) {
    return accessor.get(offset);
  }

  /**
   * Reads two bytes as a {@code short}, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public short getShort(long offset) {
    return accessor.getShort(offset);
  }

  /**
   * Reads two bytes as a {@code char}, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public char getChar(long offset) {
    return (char) accessor.getShort(offset);
  }

  /**
   * Reads four bytes as an {@code int}, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public int getInt(long offset) {
    return accessor.getInt(offset);
  }

  /**
   * Reads eight bytes as a {@code long}, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public long getLong(long offset) {
    return accessor.getLong(offset);
  }

  /**
   * Reads four bytes as a {@code float}, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public float getFloat(long offset) {
    return Float.intBitsToFloat(accessor.getInt(offset));
  }

  /**
   * Reads eight bytes as a {@code double}, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public double getDouble(long offset) {
    return Double.longBitsToDouble(accessor.getLong(offset));
  }

  /**
   * Writes a byte.
   *
   * @param offset the offset of the byte in the region
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void put(long offset, byte value) {
    accessor.put(offset, value);
  }

  /**
   * Writes a {@code short} as two bytes, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putShort(long offset, short value) {
    accessor.putShort(offset, value);
  }

  /**
   * Writes a {@code char} as two bytes, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putChar(long offset, char value) {
    accessor.putShort(offset, (short) value);
  }

  /**
   * Writes an {@code int} as four bytes, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putInt(long offset, int value) {
    accessor.putInt(offset, value);
  }

  /**
   * Writes a {@code long} as eight bytes, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putLong(long offset, long value) {
    accessor.putLong(offset, value);
  }

  /**
   * Writes a {@code float} as four bytes, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putFloat(long offset, float value) {
    accessor.putInt(offset, Float.floatToRawIntBits(value));
  }

  /**
   * Writes a {@code double} as eight bytes, in this region's byte order.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putDouble(long offset, double value) {
    accessor.putLong(offset, Double.doubleToRawLongBits(value));
  }
}
