package dev.sluice;

import dev.sluice.internal.jdk.ValueKind;
import dev.sluice.internal.mapping.Accessor;
import dev.sluice.internal.mapping.CheckedCopy;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The accesses of a {@link MappedRegion} to many values at a time. */
abstract class RegionBytes extends RegionAtomics {
  RegionBytes(Accessor accessor) {
    super(accessor);
  }

  /**
   * Reads bytes into an array, in this region's {@link #order}, at the speed of memory. What a
   * truncated file no longer has is an {@link InternalError}, as of a buffer; {@link #read} makes
   * an exception of it.
   *
   * @param offset of the first byte
   * @param target where they go
   * @param start the index of the first there
   * @param length how many values
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been read
   */
  public void get(long offset, byte[] target, int start, int length) {
    accessor.get(ValueKind.BYTES, offset, target, start, length);
  }

  /**
   * Reads numbers of two bytes into an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file no longer has is an {@link InternalError}, as of a buffer; {@link
   * #read} makes an exception of it.
   *
   * @param offset of the first byte
   * @param target where they go
   * @param start the index of the first there
   * @param length how many values
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been read
   */
  public void get(long offset, short[] target, int start, int length) {
    accessor.get(ValueKind.SHORTS, offset, target, start, length);
  }

  /**
   * Reads characters into an array, in this region's {@link #order}, at the speed of memory. What a
   * truncated file no longer has is an {@link InternalError}, as of a buffer; {@link #read} makes
   * an exception of it.
   *
   * @param offset of the first byte
   * @param target where they go
   * @param start the index of the first there
   * @param length how many values
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been read
   */
  public void get(long offset, char[] target, int start, int length) {
    accessor.get(ValueKind.CHARS, offset, target, start, length);
  }

  /**
   * Reads numbers of four bytes into an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file no longer has is an {@link InternalError}, as of a buffer; {@link
   * #read} makes an exception of it.
   *
   * @param offset of the first byte
   * @param target where they go
   * @param start the index of the first there
   * @param length how many values
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been read
   */
  public void get(long offset, int[] target, int start, int length) {
    accessor.get(ValueKind.INTS, offset, target, start, length);
  }

  /**
   * Reads numbers of eight bytes into an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file no longer has is an {@link InternalError}, as of a buffer; {@link
   * #read} makes an exception of it.
   *
   * @param offset of the first byte
   * @param target where they go
   * @param start the index of the first there
   * @param length how many values
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been read
   */
  public void get(long offset, long[] target, int start, int length) {
    accessor.get(ValueKind.LONGS, offset, target, start, length);
  }

  /**
   * Reads numbers of four bytes into an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file no longer has is an {@link InternalError}, as of a buffer; {@link
   * #read} makes an exception of it.
   *
   * @param offset of the first byte
   * @param target where they go
   * @param start the index of the first there
   * @param length how many values
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been read
   */
  public void get(long offset, float[] target, int start, int length) {
    accessor.get(ValueKind.FLOATS, offset, target, start, length);
  }

  /**
   * Reads numbers of eight bytes into an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file no longer has is an {@link InternalError}, as of a buffer; {@link
   * #read} makes an exception of it.
   *
   * @param offset of the first byte
   * @param target where they go
   * @param start the index of the first there
   * @param length how many values
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been read
   */
  public void get(long offset, double[] target, int start, int length) {
    accessor.get(ValueKind.DOUBLES, offset, target, start, length);
  }

  /**
   * Writes bytes out of an array, in this region's {@link #order}, at the speed of memory. What a
   * truncated file has no room for is an {@link InternalError}, as of a buffer; {@link #write}
   * makes an exception of it.
   *
   * @param offset of the first byte
   * @param source where they come from
   * @param start the index of the first there
   * @param length how many values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been written
   */
  public void put(long offset, byte[] source, int start, int length) {
    accessor.put(ValueKind.BYTES, offset, source, start, length);
  }

  /**
   * Writes numbers of two bytes out of an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file has no room for is an {@link InternalError}, as of a buffer;
   * {@link #write} makes an exception of it.
   *
   * @param offset of the first byte
   * @param source where they come from
   * @param start the index of the first there
   * @param length how many values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been written
   */
  public void put(long offset, short[] source, int start, int length) {
    accessor.put(ValueKind.SHORTS, offset, source, start, length);
  }

  /**
   * Writes characters out of an array, in this region's {@link #order}, at the speed of memory.
   * What a truncated file has no room for is an {@link InternalError}, as of a buffer; {@link
   * #write} makes an exception of it.
   *
   * @param offset of the first byte
   * @param source where they come from
   * @param start the index of the first there
   * @param length how many values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been written
   */
  public void put(long offset, char[] source, int start, int length) {
    accessor.put(ValueKind.CHARS, offset, source, start, length);
  }

  /**
   * Writes numbers of four bytes out of an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file has no room for is an {@link InternalError}, as of a buffer;
   * {@link #write} makes an exception of it.
   *
   * @param offset of the first byte
   * @param source where they come from
   * @param start the index of the first there
   * @param length how many values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been written
   */
  public void put(long offset, int[] source, int start, int length) {
    accessor.put(ValueKind.INTS, offset, source, start, length);
  }

  /**
   * Writes numbers of eight bytes out of an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file has no room for is an {@link InternalError}, as of a buffer;
   * {@link #write} makes an exception of it.
   *
   * @param offset of the first byte
   * @param source where they come from
   * @param start the index of the first there
   * @param length how many values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been written
   */
  public void put(long offset, long[] source, int start, int length) {
    accessor.put(ValueKind.LONGS, offset, source, start, length);
  }

  /**
   * Writes numbers of four bytes out of an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file has no room for is an {@link InternalError}, as of a buffer;
   * {@link #write} makes an exception of it.
   *
   * @param offset of the first byte
   * @param source where they come from
   * @param start the index of the first there
   * @param length how many values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been written
   */
  public void put(long offset, float[] source, int start, int length) {
    accessor.put(ValueKind.FLOATS, offset, source, start, length);
  }

  /**
   * Writes numbers of eight bytes out of an array, in this region's {@link #order}, at the speed of
   * memory. What a truncated file has no room for is an {@link InternalError}, as of a buffer;
   * {@link #write} makes an exception of it.
   *
   * @param offset of the first byte
   * @param source where they come from
   * @param start the index of the first there
   * @param length how many values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed; some may have been written
   */
  public void put(long offset, double[] source, int start, int length) {
    accessor.put(ValueKind.DOUBLES, offset, source, start, length);
  }

  /**
   * Copies bytes into an array, of which a truncated file is an exception. At the speed of memory,
   * but for a few nanoseconds a call; in JDK 17 for some hundred, which is how long it takes there
   * to be sure.
   *
   * @param offset of the first, in bytes
   * @param target where they go
   * @param start the index of the first there
   * @param length how many
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of them; those before may have
   *     been copied
   */
  public void read(long offset, byte[] target, int start, int length) throws IOException {
    CheckedCopy.read(region(), accessor, offset, target, start, length);
  }

  /**
   * Copies as many bytes into a buffer as it has room for; a truncated file is an exception, as
   * above.
   *
   * @param offset of the first, in bytes
   * @param target where they go; its position advances
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of them
   */
  public void read(long offset, ByteBuffer target) throws IOException {
    CheckedCopy.read(region(), accessor, offset, target);
  }

  /**
   * Copies bytes out of an array; a truncated file or a full disk is an exception, at the price of
   * {@link #read(long, byte[], int, int)}.
   *
   * @param offset of the first, in bytes
   * @param source where they come from
   * @param start the index of the first there
   * @param length how many
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region, or not within the array
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of them, or its disk is full;
   *     those before may have been copied
   */
  public void write(long offset, byte[] source, int start, int length) throws IOException {
    CheckedCopy.write(region(), accessor, offset, source, start, length);
  }

  /**
   * Copies what a buffer has left; a truncated file or a full disk is an exception, as above.
   *
   * @param offset of the first, in bytes
   * @param source where they come from; its position advances
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of them, or its disk is full
   */
  public void write(long offset, ByteBuffer source) throws IOException {
    CheckedCopy.write(region(), accessor, offset, source);
  }
}
