package dev.sluice;

import dev.sluice.internal.mapping.Accessor;

/** The ordered and atomic accesses of a {@link MappedRegion}. */
abstract class RegionAtomics extends RegionValues {
  RegionAtomics(Accessor accessor) {
    super(accessor);
  }

  /**
   * Reads four bytes, before what comes later in the program.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public int getIntAcquire(long offset) {
    return accessor.getIntAcquire(offset);
  }

  /**
   * Reads four bytes, as a volatile field is read.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public int getIntVolatile(long offset) {
    return accessor.getIntAcquire(offset);
  }

  /**
   * Writes four bytes, after what comes earlier in the program.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putIntRelease(long offset, int value) {
    accessor.putIntRelease(offset, value);
  }

  /**
   * Writes four bytes, as a volatile field is written.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putIntVolatile(long offset, int value) {
    accessor.putIntVolatile(offset, value);
  }

  /**
   * Writes four bytes if they are what is expected, as one step, with the order of volatile access.
   *
   * @param offset of the first, in bytes
   * @param expected what has to be there
   * @param value what is written then
   * @return whether it was
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public boolean compareAndSetInt(long offset, int expected, int value) {
    return accessor.compareAndSetInt(offset, expected, value);
  }

  /**
   * Adds to four bytes, as one step, with the order of volatile access.
   *
   * @param offset of the first, in bytes
   * @param delta what is added
   * @return what was there before
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public int getAndAddInt(long offset, int delta) {
    return accessor.getAndAddInt(offset, delta);
  }

  /**
   * Reads eight bytes, before what comes later in the program.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public long getLongAcquire(long offset) {
    return accessor.getLongAcquire(offset);
  }

  /**
   * Reads eight bytes, as a volatile field is read.
   *
   * @param offset of the first, in bytes
   * @return the value
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public long getLongVolatile(long offset) {
    return accessor.getLongAcquire(offset);
  }

  /**
   * Writes eight bytes, after what comes earlier in the program.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putLongRelease(long offset, long value) {
    accessor.putLongRelease(offset, value);
  }

  /**
   * Writes eight bytes, as a volatile field is written.
   *
   * @param offset of the first, in bytes
   * @param value the value
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putLongVolatile(long offset, long value) {
    accessor.putLongVolatile(offset, value);
  }

  /**
   * Writes eight bytes if they are what is expected, as one step, with the order of volatile
   * access.
   *
   * @param offset of the first, in bytes
   * @param expected what has to be there
   * @param value what is written then
   * @return whether it was
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public boolean compareAndSetLong(long offset, long expected, long value) {
    return accessor.compareAndSetLong(offset, expected, value);
  }

  /**
   * Adds to eight bytes, as one step, with the order of volatile access.
   *
   * @param offset of the first, in bytes
   * @param delta what is added
   * @return what was there before
   * @throws IllegalArgumentException if they are not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   */
  public long getAndAddLong(long offset, long delta) {
    return accessor.getAndAddLong(offset, delta);
  }
}
