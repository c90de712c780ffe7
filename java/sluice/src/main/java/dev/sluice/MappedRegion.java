package dev.sluice;

import dev.sluice.internal.Region;
import dev.sluice.internal.Window;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/**
 * A part of a file in memory, of any size, that can be closed.
 *
 * <p>It does what {@link MappedByteBuffer} does, and what that cannot: offsets are {@code long},
 * and a file of 5 GiB is one region; {@link #close} releases the file, its pages and its locks at
 * once, from any thread, whoever still reads or writes; {@link #read} and {@link #write} answer a
 * truncated file with an {@link IOException}; and the kernel can be advised.
 *
 * <p><b>After {@code close}</b> every method but that one throws {@link IllegalStateException}. A
 * thread that reads or writes a value while another one closes or resizes the region may get an
 * {@link InternalError} instead, as may whoever uses a buffer that was handed out before: the error
 * HotSpot makes of SIGBUS, which can be caught. None ever meets another mapping, for the addresses
 * are given back when neither the region nor any of its buffers is reachable. (What is true of a
 * truncated file under the JDK's own mapping is true of a closed region: intrinsic stubs such as
 * {@code CRC32.update} on a buffer that was handed out end the JVM.)
 *
 * <p><b>A file that is truncated by somebody else</b> while it is mapped: single values that lay
 * behind its new end are an {@link InternalError}, as with {@code MappedByteBuffer}; {@code read},
 * {@code write} and {@link #transferTo} throw an {@link IOException}.
 *
 * <p><b>Threads.</b> A region may be used by several. Plain access has the order of plain fields;
 * {@code Acquire}, {@code Release} and {@code Volatile} access and {@code compareAndSet} have the
 * order of {@link java.lang.invoke.VarHandle}'s modes of these names, also between processes that
 * have mapped the same file. They need offsets at which the value is aligned in memory.
 *
 * <p>Numbers have their highest byte first unless {@link #order(ByteOrder)} says otherwise, as in
 * {@link ByteBuffer}.
 *
 * <p>It needs the native library: see {@link Sluice#isAvailable}. Source: {@code mmap(2)}; {@code
 * sun.nio.ch.FileChannelImpl}; JDK-4724038 (there is no unmap).
 */
public final class MappedRegion implements AutoCloseable {
  private final Region region;

  /** Replaced as a whole, so that its address and its limits belong together. */
  private Window window;

  private MappedRegion(Region region) {
    this.region = region;
    window = region.window(ByteOrder.BIG_ENDIAN);
    region.keepFor(this);
  }

  /**
   * Maps a part of a file, as {@link FileChannel#map channel.map(mode, position, size)} does,
   * without the limit of 2 GiB.
   *
   * <p>A file that is open for writing and ends before the part does is extended. The region stays
   * when the channel is closed; {@link #resize} alone needs it.
   *
   * @param channel one of the JDK's own
   * @param mode {@code READ_ONLY}, {@code READ_WRITE}, or {@code PRIVATE} (copy-on-write)
   * @param position the file offset of the first byte, not negative
   * @param size in bytes, not negative
   * @param options how
   * @return the region
   * @throws IllegalArgumentException if the position or the size is negative, or their sum too
   *     large
   * @throws java.nio.channels.NonReadableChannelException if the channel is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the mode is another than {@code
   *     READ_ONLY} and the channel is not open for writing
   * @throws java.nio.channels.ClosedChannelException if the channel is closed
   * @throws UnsupportedOperationException if the mode is another, or the channel another provider's
   * @throws IOException if the file cannot be mapped: it is too short and not open for writing, its
   *     file system does not map, or a limit is met, which the message names ({@code
   *     vm.max_map_count}, {@code RLIMIT_MEMLOCK}, {@code RLIMIT_AS}, a full disk with {@link
   *     MapOption#ALLOCATE})
   */
  public static MappedRegion map(
      FileChannel channel, FileChannel.MapMode mode, long position, long size, MapOption... options)
      throws IOException {
    Objects.requireNonNull(channel, "channel");
    Sluice.ensureAvailable();
    return new MappedRegion(
        Region.map(channel, false, mode, position, size, flags(options), "the file"));
  }

  /**
   * Maps a whole file.
   *
   * @param path the file
   * @param mode {@code READ_ONLY}, {@code READ_WRITE}, or {@code PRIVATE} (copy-on-write)
   * @param options how
   * @return the region
   * @throws UnsupportedOperationException if the mode is another, or the path another provider's
   * @throws IOException if the file cannot be opened or, as above, mapped
   */
  public static MappedRegion map(Path path, FileChannel.MapMode mode, MapOption... options)
      throws IOException {
    Objects.requireNonNull(mode, "mode");
    Sluice.ensureAvailable();
    int flags = flags(options);
    Set<StandardOpenOption> how =
        mode == FileChannel.MapMode.READ_ONLY
            ? Set.of(StandardOpenOption.READ)
            : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileChannel channel = FileChannel.open(path, how);
    try {
      long size = channel.size();
      return new MappedRegion(Region.map(channel, true, mode, 0, size, flags, path.toString()));
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static int flags(MapOption... options) {
    int flags = 0;
    for (MapOption option : options) {
      flags |=
          switch (option) {
            case POPULATE -> Region.POPULATE;
            case LOCKED -> Region.LOCKED;
            case HUGE_PAGES -> Region.HUGE_PAGES;
            case NO_RESERVE -> Region.NO_RESERVE;
            case ALLOCATE -> Region.ALLOCATE;
          };
    }
    return flags;
  }

  /**
   * Its size.
   *
   * @return in bytes
   */
  public long size() {
    return region.size();
  }

  /**
   * The order of the bytes of numbers.
   *
   * @return {@link ByteOrder#BIG_ENDIAN} at first
   */
  public ByteOrder order() {
    return window.order();
  }

  /**
   * Sets the order of the bytes of numbers. Not for while others read or write.
   *
   * @param order the order
   * @return this region
   */
  public MappedRegion order(ByteOrder order) {
    window = region.window(Objects.requireNonNull(order, "order"));
    return this;
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
    try {
      return window.get(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return window.getShort(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return (char) window.getShort(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return window.getInt(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return window.getLong(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return Float.intBitsToFloat(window.getInt(offset));
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return Double.longBitsToDouble(window.getLong(offset));
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.put(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putShort(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putShort(offset, (short) value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putInt(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putLong(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putInt(offset, Float.floatToRawIntBits(value));
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putLong(offset, Double.doubleToRawLongBits(value));
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return window.getIntAcquire(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return window.getIntVolatile(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putIntRelease(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putIntVolatile(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return window.compareAndSetInt(offset, expected, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    int value;
    do {
      value = getIntVolatile(offset);
    } while (!compareAndSetInt(offset, value, value + delta));
    return value;
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
    try {
      return window.getLongAcquire(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return window.getLongVolatile(offset);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putLongRelease(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      window.putLongVolatile(offset, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    try {
      return window.compareAndSetLong(offset, expected, value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    long value;
    do {
      value = getLongVolatile(offset);
    } while (!compareAndSetLong(offset, value, value + delta));
    return value;
  }

  /**
   * Copies bytes into an array. The kernel copies them, so that a truncated file is an exception.
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
    region.read(offset, ByteBuffer.wrap(target, start, length));
  }

  /**
   * Copies as many bytes into a buffer as it has room for. The kernel copies them, so that a
   * truncated file is an exception.
   *
   * @param offset of the first, in bytes
   * @param target where they go; its position advances
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of them
   */
  public void read(long offset, ByteBuffer target) throws IOException {
    region.read(offset, target);
  }

  /**
   * Copies bytes out of an array. The kernel copies them, so that a truncated file or a full disk
   * is an exception.
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
    region.write(offset, ByteBuffer.wrap(source, start, length));
  }

  /**
   * Copies what a buffer has left. The kernel copies it, so that a truncated file or a full disk is
   * an exception.
   *
   * @param offset of the first, in bytes
   * @param source where they come from; its position advances
   * @throws java.nio.ReadOnlyBufferException if the region is read-only
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the file was truncated before the last of them, or its disk is full
   */
  public void write(long offset, ByteBuffer source) throws IOException {
    region.write(offset, source);
  }

  /**
   * All of it as a buffer, of the kind that {@link FileChannel#map} gives.
   *
   * @return the buffer
   * @throws IllegalStateException if the region is larger than a buffer can be, or closed
   */
  public MappedByteBuffer buffer() {
    long size = size();
    if (size > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "a buffer has at most 2,147,483,647 bytes, the region has " + size);
    }
    return buffer(0, (int) size);
  }

  /**
   * A part of it as a buffer, of the kind that {@link FileChannel#map} gives: its {@code force},
   * {@code load} and {@code isLoaded} work.
   *
   * @param offset of the first byte
   * @param length in bytes
   * @return the buffer
   * @throws IndexOutOfBoundsException if it is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public MappedByteBuffer buffer(long offset, int length) {
    return region.buffer(offset, length);
  }

  /**
   * Writes what was changed to the device ({@code msync(2)}), where the mode is {@code READ_WRITE}.
   *
   * @return this region
   * @throws UncheckedIOException if the device does not take it
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion force() {
    return force(0, size());
  }

  /**
   * Writes what was changed in a part to the device.
   *
   * @param offset of the first byte
   * @param length in bytes
   * @return this region
   * @throws UncheckedIOException if the device does not take it
   * @throws IndexOutOfBoundsException if the part is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion force(long offset, long length) {
    return quietly(() -> region.force(offset, length));
  }

  /**
   * Reads all pages in.
   *
   * @return this region
   * @throws UncheckedIOException if the kernel is out of memory
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion load() {
    return quietly(region::load);
  }

  /**
   * Whether all pages are in memory. They may be others at once.
   *
   * @return whether they are
   * @throws IllegalStateException if the region is closed
   */
  public boolean isLoaded() {
    try {
      return region.isLoaded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How many bytes are in memory, in whole pages ({@code mincore(2)}). They may be others at once.
   *
   * @return the bytes
   * @throws IllegalStateException if the region is closed
   */
  public long residentBytes() {
    try {
      return region.residentBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Advises the kernel.
   *
   * @param advice what to expect or to do
   * @return this region
   * @throws UncheckedIOException if the kernel does not know this advice, or not for such a file
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion advise(Advice advice) {
    return advise(advice, 0, size());
  }

  /**
   * Advises the kernel on the pages of a part.
   *
   * @param advice what to expect or to do
   * @param offset of the first byte
   * @param length in bytes
   * @return this region
   * @throws UncheckedIOException if the kernel does not know this advice, or not for such a file
   * @throws IndexOutOfBoundsException if the part is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion advise(Advice advice, long offset, long length) {
    Objects.requireNonNull(advice, "advice");
    return quietly(() -> region.advise(advice.ordinal(), offset, length));
  }

  /**
   * Reads all pages in and keeps them in memory ({@code mlock(2)}).
   *
   * @return this region
   * @throws UncheckedIOException if they are more than {@code RLIMIT_MEMLOCK} allows
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion lock() {
    return quietly(() -> region.lock(true));
  }

  /**
   * Undoes {@link #lock}.
   *
   * @return this region
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion unlock() {
    return quietly(() -> region.lock(false));
  }

  /**
   * Gives the region another size, and other addresses. A file that is open for writing and ends
   * before is extended; none is shortened. Buffers that were handed out before are dead, as after
   * {@link #close}. Not for while others read or write.
   *
   * @param newSize in bytes, not negative
   * @return this region
   * @throws UnsupportedOperationException if the mode is {@code PRIVATE}
   * @throws IllegalArgumentException if the size is negative
   * @throws UncheckedIOException as {@link #map(FileChannel, FileChannel.MapMode, long, long,
   *     MapOption...)}; the region stays as it was
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion resize(long newSize) {
    ByteOrder order = order();
    quietly(() -> region.resize(newSize));
    window = region.window(order);
    return this;
  }

  /**
   * Writes a part to a channel, out of the mapping: {@code mmap} + {@code write} without mapping
   * anew each time.
   *
   * <p>The channel's own method writes; what it says of blocking, closing and interrupts is true
   * here.
   *
   * @param offset of the first byte
   * @param count how many, not negative
   * @param target where they go
   * @return the bytes that the target took, which in non-blocking mode may be fewer
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed
   * @throws IOException if the target fails, or the file was truncated, before a byte was written
   */
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    return region.transferTo(offset, count, target);
  }

  /**
   * Releases the file, its pages and its locks. It may be called again, from any thread and while
   * others use the region.
   *
   * @throws UncheckedIOException if the file, which was opened by its path, cannot be closed
   */
  @Override
  public void close() {
    quietly(region::close);
    window = Window.closed();
  }

  private interface Action {
    void run() throws IOException;
  }

  private MappedRegion quietly(Action action) {
    try {
      action.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
