package dev.sluice;

import dev.sluice.internal.mapping.Accessor;

/** The ordered and atomic accesses of a {@link MappedRegion}. */
abstract class RegionAtomics extends RegionValues {
  RegionAtomics(Accessor accessor) {
    super(accessor);
  }

  /**
   * Reads four bytes as an {@code int}. No access that comes later in the program is made before
   * this read, as with {@code VarHandle.getAcquire}.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public int getIntAcquire(long offset) {
    return accessor.getIntAcquire(offset);
  }

  /**
   * Reads four bytes as an {@code int}, in the order of a volatile read.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public int getIntVolatile(long offset) {
    return accessor.getIntAcquire(offset);
  }

  /**
   * Writes an {@code int} as four bytes. Every access that comes earlier in the program is made
   * before this write, as with {@code VarHandle.setRelease}.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putIntRelease(long offset, int value) {
    accessor.putIntRelease(offset, value);
  }

  /**
   * Writes an {@code int} as four bytes, in the order of a volatile write.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putIntVolatile(long offset, int value) {
    accessor.putIntVolatile(offset, value);
  }

  /**
   * Writes an {@code int} if the four bytes hold the expected value, as one atomic step in the
   * order of volatile access.
   *
   * @param offset the offset of the first byte in the region
   * @param expected the value that the bytes have to hold
   * @param value the value to write
   * @return whether the value was written
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed; or if it is resized meanwhile, so that
   *     it is unknown whether the value was exchanged
   */
  public boolean compareAndSetInt(long offset, int expected, int value) {
    return accessor.compareAndSetInt(offset, expected, value);
  }

  /**
   * Adds to the {@code int} in four bytes, as one atomic step in the order of volatile access.
   *
   * @param offset the offset of the first byte in the region
   * @param delta the number to add
   * @return the value before the addition
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed; or if it is resized meanwhile, so that
   *     it is unknown whether the value was changed
   */
  public int getAndAddInt(long offset, int delta) {
    return accessor.getAndAddInt(offset, delta);
  }

  /**
   * Reads eight bytes as a {@code long}. No access that comes later in the program is made before
   * this read, as with {@code VarHandle.getAcquire}.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public long getLongAcquire(long offset) {
    return accessor.getLongAcquire(offset);
  }

  /**
   * Reads eight bytes as a {@code long}, in the order of a volatile read.
   *
   * @param offset the offset of the first byte in the region
   * @return the value
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public long getLongVolatile(long offset) {
    return accessor.getLongAcquire(offset);
  }

  /**
   * Writes a {@code long} as eight bytes. Every access that comes earlier in the program is made
   * before this write, as with {@code VarHandle.setRelease}.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putLongRelease(long offset, long value) {
    accessor.putLongRelease(offset, value);
  }

  /**
   * Writes a {@code long} as eight bytes, in the order of a volatile write.
   *
   * @param offset the offset of the first byte in the region
   * @param value the value
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public void putLongVolatile(long offset, long value) {
    accessor.putLongVolatile(offset, value);
  }

  /**
   * Writes a {@code long} if the eight bytes hold the expected value, as one atomic step in the
   * order of volatile access.
   *
   * @param offset the offset of the first byte in the region
   * @param expected the value that the bytes have to hold
   * @param value the value to write
   * @return whether the value was written
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed; or if it is resized meanwhile, so that
   *     it is unknown whether the value was exchanged
   */
  public boolean compareAndSetLong(long offset, long expected, long value) {
    return accessor.compareAndSetLong(offset, expected, value);
  }

  /**
   * Adds to the {@code long} in eight bytes, as one atomic step in the order of volatile access.
   *
   * @param offset the offset of the first byte in the region
   * @param delta the number to add
   * @return the value before the addition
   * @throws IllegalArgumentException if the value is not aligned in memory
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the value is not within the region
   * @throws IllegalStateException if the region is closed; or if it is resized meanwhile, so that
   *     it is unknown whether the value was changed
   */
  public long getAndAddLong(long offset, long delta) {
    return accessor.getAndAddLong(offset, delta);
  }
}
