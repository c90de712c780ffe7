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
   * Reads bytes into an array, at the speed of memory. Bytes beyond the end of a truncated file are
   * an {@link InternalError}, as with a mapped buffer; {@link #read} throws an {@link IOException}
   * instead.
   *
   * @param offset the offset of the first byte in the region
   * @param target the array that gets the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been read
   */
  public void get(long offset, byte[] target, int start, int length) {
    accessor.get(ValueKind.BYTES, offset, target, start, length);
  }

  /**
   * Reads {@code short} values into an array, in this region's {@linkplain MappedRegion#order()
   * byte order}, at the speed of memory. Values beyond the end of a truncated file are an {@link
   * InternalError}, as with a mapped buffer; {@link #read} throws an {@link IOException} instead.
   *
   * @param offset the offset of the first byte in the region
   * @param target the array that gets the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been read
   */
  public void get(long offset, short[] target, int start, int length) {
    accessor.get(ValueKind.SHORTS, offset, target, start, length);
  }

  /**
   * Reads {@code char} values into an array, in this region's {@linkplain MappedRegion#order() byte
   * order}, at the speed of memory. Values beyond the end of a truncated file are an {@link
   * InternalError}, as with a mapped buffer; {@link #read} throws an {@link IOException} instead.
   *
   * @param offset the offset of the first byte in the region
   * @param target the array that gets the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been read
   */
  public void get(long offset, char[] target, int start, int length) {
    accessor.get(ValueKind.CHARS, offset, target, start, length);
  }

  /**
   * Reads {@code int} values into an array, in this region's {@linkplain MappedRegion#order() byte
   * order}, at the speed of memory. Values beyond the end of a truncated file are an {@link
   * InternalError}, as with a mapped buffer; {@link #read} throws an {@link IOException} instead.
   *
   * @param offset the offset of the first byte in the region
   * @param target the array that gets the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been read
   */
  public void get(long offset, int[] target, int start, int length) {
    accessor.get(ValueKind.INTS, offset, target, start, length);
  }

  /**
   * Reads {@code long} values into an array, in this region's {@linkplain MappedRegion#order() byte
   * order}, at the speed of memory. Values beyond the end of a truncated file are an {@link
   * InternalError}, as with a mapped buffer; {@link #read} throws an {@link IOException} instead.
   *
   * @param offset the offset of the first byte in the region
   * @param target the array that gets the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been read
   */
  public void get(long offset, long[] target, int start, int length) {
    accessor.get(ValueKind.LONGS, offset, target, start, length);
  }

  /**
   * Reads {@code float} values into an array, in this region's {@linkplain MappedRegion#order()
   * byte order}, at the speed of memory. Values beyond the end of a truncated file are an {@link
   * InternalError}, as with a mapped buffer; {@link #read} throws an {@link IOException} instead.
   *
   * @param offset the offset of the first byte in the region
   * @param target the array that gets the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been read
   */
  public void get(long offset, float[] target, int start, int length) {
    accessor.get(ValueKind.FLOATS, offset, target, start, length);
  }

  /**
   * Reads {@code double} values into an array, in this region's {@linkplain MappedRegion#order()
   * byte order}, at the speed of memory. Values beyond the end of a truncated file are an {@link
   * InternalError}, as with a mapped buffer; {@link #read} throws an {@link IOException} instead.
   *
   * @param offset the offset of the first byte in the region
   * @param target the array that gets the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been read
   */
  public void get(long offset, double[] target, int start, int length) {
    accessor.get(ValueKind.DOUBLES, offset, target, start, length);
  }

  /**
   * Writes bytes out of an array, at the speed of memory. Bytes for which a truncated file has no
   * room are an {@link InternalError}, as with a mapped buffer; {@link #write} throws an {@link
   * IOException} instead.
   *
   * @param offset the offset of the first byte in the region
   * @param source the array that has the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been written
   */
  public void put(long offset, byte[] source, int start, int length) {
    accessor.put(ValueKind.BYTES, offset, source, start, length);
  }

  /**
   * Writes {@code short} values out of an array, in this region's {@linkplain MappedRegion#order()
   * byte order}, at the speed of memory. Values for which a truncated file has no room are an
   * {@link InternalError}, as with a mapped buffer; {@link #write} throws an {@link IOException}
   * instead.
   *
   * @param offset the offset of the first byte in the region
   * @param source the array that has the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been written
   */
  public void put(long offset, short[] source, int start, int length) {
    accessor.put(ValueKind.SHORTS, offset, source, start, length);
  }

  /**
   * Writes {@code char} values out of an array, in this region's {@linkplain MappedRegion#order()
   * byte order}, at the speed of memory. Values for which a truncated file has no room are an
   * {@link InternalError}, as with a mapped buffer; {@link #write} throws an {@link IOException}
   * instead.
   *
   * @param offset the offset of the first byte in the region
   * @param source the array that has the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been written
   */
  public void put(long offset, char[] source, int start, int length) {
    accessor.put(ValueKind.CHARS, offset, source, start, length);
  }

  /**
   * Writes {@code int} values out of an array, in this region's {@linkplain MappedRegion#order()
   * byte order}, at the speed of memory. Values for which a truncated file has no room are an
   * {@link InternalError}, as with a mapped buffer; {@link #write} throws an {@link IOException}
   * instead.
   *
   * @param offset the offset of the first byte in the region
   * @param source the array that has the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been written
   */
  public void put(long offset, int[] source, int start, int length) {
    accessor.put(ValueKind.INTS, offset, source, start, length);
  }

  /**
   * Writes {@code long} values out of an array, in this region's {@linkplain MappedRegion#order()
   * byte order}, at the speed of memory. Values for which a truncated file has no room are an
   * {@link InternalError}, as with a mapped buffer; {@link #write} throws an {@link IOException}
   * instead.
   *
   * @param offset the offset of the first byte in the region
   * @param source the array that has the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been written
   */
  public void put(long offset, long[] source, int start, int length) {
    accessor.put(ValueKind.LONGS, offset, source, start, length);
  }

  /**
   * Writes {@code float} values out of an array, in this region's {@linkplain MappedRegion#order()
   * byte order}, at the speed of memory. Values for which a truncated file has no room are an
   * {@link InternalError}, as with a mapped buffer; {@link #write} throws an {@link IOException}
   * instead.
   *
   * @param offset the offset of the first byte in the region
   * @param source the array that has the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been written
   */
  public void put(long offset, float[] source, int start, int length) {
    accessor.put(ValueKind.FLOATS, offset, source, start, length);
  }

  /**
   * Writes {@code double} values out of an array, in this region's {@linkplain MappedRegion#order()
   * byte order}, at the speed of memory. Values for which a truncated file has no room are an
   * {@link InternalError}, as with a mapped buffer; {@link #write} throws an {@link IOException}
   * instead.
   *
   * @param offset the offset of the first byte in the region
   * @param source the array that has the values
   * @param start the index of the first value in the array
   * @param length the number of values
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the values are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed; some values may have been written
   */
  public void put(long offset, double[] source, int start, int length) {
    accessor.put(ValueKind.DOUBLES, offset, source, start, length);
  }

  /**
   * Copies bytes of this region into an array. A truncated file is an {@link IOException}, not an
   * {@link InternalError}.
   *
   * <p>The bytes are copied at the speed of memory. Each call takes a few nanoseconds more than
   * {@link #get(long, byte[], int, int)}, and some hundred nanoseconds more in JDK 17, because it
   * takes so long there to make sure that no error is still to come.
   *
   * @param offset the offset of the first byte in the region
   * @param target the array that gets the bytes
   * @param start the index of the first byte in the array
   * @param length the number of bytes
   * @throws IndexOutOfBoundsException if the bytes are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of the bytes; the bytes before
   *     may have been copied
   */
  public void read(long offset, byte[] target, int start, int length) throws IOException {
    CheckedCopy.read(region(), accessor, offset, target, start, length);
  }

  /**
   * Copies bytes of this region into a buffer until the buffer is full. A truncated file is an
   * {@link IOException}, as with {@link #read(long, byte[], int, int)}.
   *
   * @param offset the offset of the first byte in the region
   * @param target the buffer that gets the bytes; its position advances
   * @throws IndexOutOfBoundsException if the bytes are not within the region
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of the bytes
   */
  public void read(long offset, ByteBuffer target) throws IOException {
    CheckedCopy.read(region(), accessor, offset, target);
  }

  /**
   * Copies bytes of an array into this region. A truncated file or a full disk is an {@link
   * IOException}, not an {@link InternalError}. A call takes as long as {@link #read(long, byte[],
   * int, int)}.
   *
   * @param offset the offset of the first byte in the region
   * @param source the array that has the bytes
   * @param start the index of the first byte in the array
   * @param length the number of bytes
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the bytes are not within the region, or not within the
   *     array
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of the bytes, or its disk is
   *     full; the bytes before may have been copied
   */
  public void write(long offset, byte[] source, int start, int length) throws IOException {
    CheckedCopy.write(region(), accessor, offset, source, start, length);
  }

  /**
   * Copies the remaining bytes of a buffer into this region. A truncated file or a full disk is an
   * {@link IOException}, as with {@link #write(long, byte[], int, int)}.
   *
   * @param offset the offset of the first byte in the region
   * @param source the buffer that has the bytes; its position advances
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if the bytes are not within the region
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of the bytes, or its disk is full
   */
  public void write(long offset, ByteBuffer source) throws IOException {
    CheckedCopy.write(region(), accessor, offset, source);
  }
}
