package dev.sluice;

import dev.sluice.internal.mapping.Accessor;

/** The single values of a {@link MappedRegion}. */
abstract class RegionValues extends SegmentRegion {
  /** What single values are read and written by; another one after a resize. */
  Accessor accessor;

  RegionValues(Accessor accessor) {
    this.accessor = accessor;
  }

  /**
   * Reads a byte.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public byte get(long offset) {
    return accessor.get(offset);
  }

  /**
   * Reads two bytes.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public short getShort(long offset) {
    return accessor.getShort(offset);
  }

  /**
   * Reads two bytes.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public char getChar(long offset) {
    return (char) accessor.getShort(offset);
  }

  /**
   * Reads four bytes.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public int getInt(long offset) {
    return accessor.getInt(offset);
  }

  /**
   * Reads eight bytes.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public long getLong(long offset) {
    return accessor.getLong(offset);
  }

  /**
   * Reads four bytes.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public float getFloat(long offset) {
    return Float.intBitsToFloat(accessor.getInt(offset));
  }

  /**
   * Reads eight bytes.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public double getDouble(long offset) {
    return Double.longBitsToDouble(accessor.getLong(offset));
  }

  /**
   * Writes a byte.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void put(long offset, byte value) {
    accessor.put(offset, value);
  }

  /**
   * Writes two bytes.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putShort(long offset, short value) {
    accessor.putShort(offset, value);
  }

  /**
   * Writes two bytes.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putChar(long offset, char value) {
    accessor.putShort(offset, (short) value);
  }

  /**
   * Writes four bytes.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putInt(long offset, int value) {
    accessor.putInt(offset, value);
  }

  /**
   * Writes eight bytes.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putLong(long offset, long value) {
    accessor.putLong(offset, value);
  }

  /**
   * Writes four bytes.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putFloat(long offset, float value) {
    accessor.putInt(offset, Float.floatToRawIntBits(value));
  }

  /**
   * Writes eight bytes.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putDouble(long offset, double value) {
    accessor.putLong(offset, Double.doubleToRawLongBits(value));
  }
}
