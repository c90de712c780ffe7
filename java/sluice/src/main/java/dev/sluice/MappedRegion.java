package dev.sluice;

import dev.sluice.internal.mapping.Accessors;
import dev.sluice.internal.mapping.RegionPages;
import dev.sluice.internal.mapping.RegionPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A part of a file in memory, of any size, that can be closed.
 *
 * <pre>{@code
 * try (MappedRegion region = MappedRegion.map(path, FileChannel.MapMode.READ_WRITE)) {
 *   region.order(ByteOrder.LITTLE_ENDIAN);
 *   long entries = region.getAndAddLong(0, 1); // shared with other processes
 *   region.read(8 + entries * 16, bytes, 0, 16); // a truncated file: IOException
 * } // unmapped now, even while another thread reads
 * }</pre>
 *
 * <p>A region does what {@link MappedByteBuffer} does, and more. Offsets are {@code long}, and a
 * file of 5 GiB is one region. {@link #close} releases the file, its pages and its locks at once,
 * from any thread, even while other threads read or write. {@link #read} and {@link #write} answer
 * a truncated file with an {@link IOException}. The kernel can be advised.
 *
 * <p><b>After {@code close}</b> every method but {@code close} throws {@link
 * IllegalStateException}. A read or write of values that meets a close answers with a value that
 * was in the file, or with that exception. It never answers with an {@link Error}, in interpreted
 * and in compiled code, on every JDK. The addresses are given back when neither the region nor any
 * buffer of it is reachable, so that no access ever meets another mapping. Where {@link
 * #compareAndSetInt} and its kin meet a {@link #resize}, they cannot tell whether the value was
 * exchanged, and throw as well.
 *
 * <p>From JDK 22 on, HotSpot interrupts a thread whose access meets a close or a resize, as it does
 * where a shared arena is closed under a reader of memory segments. The region takes the interrupt
 * back, because it would close the next channel that the thread uses. An interrupt that another
 * thread sent at that very moment is taken with it.
 *
 * <p><b>What that costs.</b> From JDK 22 on nothing: values are read at the speed of {@link
 * MappedByteBuffer}. Before JDK 22, each access is followed by a check whether the region is
 * closed. The check costs a nanosecond or two and keeps the compiler from unrolling the loop. Read
 * many values at a time there: {@link #get(long, long[], int, int)} and its kin check once.
 *
 * <p><b>Buffers</b> that were handed out by {@link #buffer()} are the JDK's own kind, and do after
 * {@code close} what a {@link MappedByteBuffer} over a truncated file does in the same JDK: the
 * access is an {@link InternalError}, which can be caught. HotSpot throws it not at the access but
 * where the thread next lets it in. In JDK 25 that is the next safepoint poll, at the latest when a
 * compiled method returns. In JDK 17 it is when the thread next enters the VM, which may be later,
 * and never comes if the thread ends before. Until then a value that was read is arbitrary (but no
 * byte of another mapping), a write is lost, and a {@code try} block that holds nothing but the
 * access may have been left. A walk of the stack ({@link StackWalker}) after the accesses, in the
 * same {@code try}, made the error come there whenever that was tried, on both JDKs.
 *
 * <p>A page of a buffer that is gone ends the JVM in two cases, after {@code close} as after a
 * truncation: intrinsic code of the JDK reads the buffer, such as {@code CRC32.update}, or the
 * interpreter exchanges a value of the buffer by a {@link java.lang.invoke.VarHandle}. {@link
 * #read} such bytes first, and exchange by this class.
 *
 * <p><b>A file that is truncated</b> while it is mapped, or a disk that is full when a page is
 * first written: {@code read}, {@code write} and {@link #transferTo} throw an {@link IOException}
 * which names the file, the offset and the reason. Values that lay behind the new end of the file
 * are an {@link InternalError}, as of a buffer. {@code compareAndSet} and {@code getAndAdd} do not
 * end the JVM there, unless the JVM was told to watch the handlers of signals ({@code -Xcheck:jni}
 * without {@code libjsig}).
 *
 * <p><b>Threads.</b> Several threads may use a region. Plain access has the order of plain fields;
 * {@code Acquire}, {@code Release} and {@code Volatile} access and {@code compareAndSet} have the
 * order of {@link java.lang.invoke.VarHandle}'s modes of these names, also between processes that
 * have mapped the same file. They need offsets at which the value is aligned in memory.
 *
 * <p>Numbers have their highest byte first unless {@link #order(ByteOrder)} says otherwise, as in
 * {@link ByteBuffer}.
 *
 * <p>A region needs the native library: see {@link Sluice#isAvailable}. Source: {@code mmap(2)};
 * {@code sun.nio.ch.FileChannelImpl}; JDK-4724038 (there is no unmap).
 *
 * @since 0.1.0
 */
public final class MappedRegion extends RegionBytes implements AutoCloseable {
  private final RegionPart region;
  private final RegionPages pages;

  private MappedRegion(RegionPart region) {
    super(region.accessor(ByteOrder.BIG_ENDIAN));
    this.region = region;
    pages = new RegionPages(region);
  }

  @Override
  RegionPart region() {
    return region;
  }

  /**
   * Maps a part of a file, as {@link FileChannel#map channel.map(mode, position, size)} does,
   * without the limit of 2 GiB.
   *
   * <p>If the file is open for writing and ends before the part, it is extended. The region stays
   * usable when the channel is closed; only {@link #resize} needs the open channel.
   *
   * @param channel a file channel of the JDK's own, or a {@link SluiceFileChannel} over one
   * @param mode {@code READ_ONLY}, {@code READ_WRITE}, or {@code PRIVATE} (copy-on-write)
   * @param position the file offset of the first byte, not negative
   * @param size the size of the part in bytes, not negative
   * @param options how the region is made
   * @return the region
   * @throws IllegalArgumentException if the position or the size is negative, or their sum too
   *     large
   * @throws java.nio.channels.NonReadableChannelException if the channel is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the mode is another than {@code
   *     READ_ONLY} and the channel is not open for writing
   * @throws java.nio.channels.ClosedChannelException if the channel is closed
   * @throws UnsupportedOperationException if the mode is none of these, the channel is another
   *     provider's, or {@link MapOption#SYNC} is given for {@code PRIVATE}
   * @throws IOException if the file cannot be mapped: it is too short and not open for writing, its
   *     file system does not map, or a limit is met, which the message names ({@code
   *     vm.max_map_count}, {@code RLIMIT_MEMLOCK}, {@code RLIMIT_AS}, a full disk with {@link
   *     MapOption#ALLOCATE})
   * @throws UnsatisfiedLinkError if the native library is not loaded
   */
  public static MappedRegion map(
      FileChannel channel, FileChannel.MapMode mode, long position, long size, MapOption... options)
      throws IOException {
    Objects.requireNonNull(channel, "channel");
    Sluice.ensureAvailable();
    try {
      FileChannel file = Unwrapping.file(channel);
      return new MappedRegion(RegionPart.map(file, mode, position, size, flags(options)));
    } finally {
      Unwrapping.follow(channel);
    }
  }

  /**
   * Maps a whole file.
   *
   * @param path the file
   * @param mode {@code READ_ONLY}, {@code READ_WRITE}, or {@code PRIVATE} (copy-on-write)
   * @param options how the region is made
   * @return the region
   * @throws UnsupportedOperationException if the mode is none of these, the path is another
   *     provider's, or {@link MapOption#SYNC} is given for {@code PRIVATE}
   * @throws IOException if the file cannot be opened; or if it cannot be mapped, as with {@link
   *     #map(FileChannel, FileChannel.MapMode, long, long, MapOption...)}
   * @throws UnsatisfiedLinkError if the native library is not loaded
   */
  public static MappedRegion map(Path path, FileChannel.MapMode mode, MapOption... options)
      throws IOException {
    Objects.requireNonNull(mode, "mode");
    Sluice.ensureAvailable();
    return new MappedRegion(RegionPart.map(path, mode, flags(options)));
  }

  private static int flags(MapOption... options) {
    int flags = 0;
    for (MapOption option : options) {
      flags |=
          switch (option) {
            case POPULATE -> RegionPart.POPULATE;
            case LOCKED -> RegionPart.LOCKED;
            case HUGE_PAGES -> RegionPart.HUGE_PAGES;
            case NO_RESERVE -> RegionPart.NO_RESERVE;
            case SYNC -> RegionPart.SYNC;
            case ALLOCATE -> RegionPart.ALLOCATE;
          };
    }
    return flags;
  }

  /**
   * Returns the size of this region.
   *
   * @return the size in bytes
   * @throws IllegalStateException if the region is closed
   */
  public long size() {
    return region.size();
  }

  /**
   * Returns the byte order in which numbers are read and written.
   *
   * @return the order, {@link ByteOrder#BIG_ENDIAN} at first
   */
  public ByteOrder order() {
    return accessor.order();
  }

  /**
   * Sets the byte order in which numbers are read and written. No other thread may read or write
   * meanwhile.
   *
   * @param order the order
   * @return this region
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion order(ByteOrder order) {
    accessor = region.accessor(Objects.requireNonNull(order, "order"));
    return this;
  }

  /**
   * Returns a part of this region as a region. The slice has a byte order of its own, {@link
   * ByteOrder#BIG_ENDIAN} at first.
   *
   * <p>A slice is closed with its region, or earlier by its own {@code close}, which releases
   * nothing. A slice of a slice is closed with the region of both. A slice keeps its size, and its
   * {@link #resize} throws {@link UnsupportedOperationException}. If a resize of the region leaves
   * less than the whole slice, the slice's methods throw {@link IllegalStateException}.
   *
   * @param offset the offset of the first byte in the region
   * @param size the size of the slice in bytes
   * @return the slice
   * @throws IndexOutOfBoundsException if the part is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion slice(long offset, long size) {
    return new MappedRegion(region.slice(offset, size));
  }

  /**
   * Returns a buffer over the whole region, of the kind that {@link FileChannel#map} returns.
   *
   * @return the buffer
   * @throws IllegalStateException if the region is larger than a buffer can be, or closed
   * @throws UncheckedIOException as with {@link #buffer(long, int)}
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
   * Returns a buffer over a part of this region, of the kind that {@link FileChannel#map} returns:
   * its {@code force}, {@code load} and {@code isLoaded} work.
   *
   * @param offset the offset of the first byte in the region
   * @param length the length of the part in bytes
   * @return the buffer
   * @throws IndexOutOfBoundsException if the part is not within the region
   * @throws IllegalStateException if the region is closed
   * @throws UncheckedIOException if this is the region's first buffer, and the process has no
   *     descriptor left for the file that a close will put in place of the pages, or no room for a
   *     second mapping ({@code vm.max_map_count}, {@code RLIMIT_MEMLOCK}); also if the mode is
   *     {@code PRIVATE} and the kernel is older than Linux 5.13
   */
  public MappedByteBuffer buffer(long offset, int length) {
    try {
      return region.buffer(offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes all changed pages to the device ({@code msync(2)}), if the mode is {@code READ_WRITE}.
   * In the other modes there is nothing to write.
   *
   * @return this region
   * @throws UncheckedIOException if the device does not take the bytes
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion force() {
    return quietly(pages::force);
  }

  /**
   * Writes the changed pages of a part to the device, as {@link #force()} does for the whole
   * region.
   *
   * @param offset the offset of the first byte in the region
   * @param length the length of the part in bytes
   * @return this region
   * @throws UncheckedIOException if the device does not take the bytes
   * @throws IndexOutOfBoundsException if the part is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion force(long offset, long length) {
    return quietly(() -> pages.force(offset, length));
  }

  /**
   * Reads all pages in. Before Linux 5.14 the kernel only begins to read them.
   *
   * @return this region
   * @throws UncheckedIOException if the kernel is out of memory
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion load() {
    return quietly(pages::load);
  }

  /**
   * Returns whether all pages are in memory. The answer may be outdated at once.
   *
   * @return true if all pages are in memory
   * @throws UncheckedIOException if the kernel reports an error
   * @throws IllegalStateException if the region is closed
   */
  public boolean isLoaded() {
    try {
      return pages.isLoaded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns how many bytes are in memory, in whole pages ({@code mincore(2)}). The answer may be
   * outdated at once.
   *
   * @return the number of bytes
   * @throws UncheckedIOException if the kernel reports an error
   * @throws IllegalStateException if the region is closed
   */
  public long residentBytes() {
    try {
      return pages.residentBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Advises the kernel on all pages of this region ({@code madvise(2)}).
   *
   * @param advice what the kernel is to expect or to do
   * @return this region
   * @throws UncheckedIOException if the kernel does not know this advice, or does not take it for
   *     this file
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion advise(Advice advice) {
    Objects.requireNonNull(advice, "advice");
    return quietly(() -> pages.advise(advice.ordinal()));
  }

  /**
   * Advises the kernel on the pages of a part.
   *
   * @param advice what the kernel is to expect or to do
   * @param offset the offset of the first byte in the region
   * @param length the length of the part in bytes
   * @return this region
   * @throws UncheckedIOException if the kernel does not know this advice, or does not take it for
   *     this file
   * @throws IndexOutOfBoundsException if the part is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion advise(Advice advice, long offset, long length) {
    Objects.requireNonNull(advice, "advice");
    return quietly(() -> pages.advise(advice.ordinal(), offset, length));
  }

  /**
   * Reads all pages in and keeps them in memory ({@code mlock(2)}).
   *
   * @return this region
   * @throws UncheckedIOException if the pages are more than {@code RLIMIT_MEMLOCK} allows
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion lock() {
    return quietly(() -> pages.lock(true));
  }

  /**
   * Undoes {@link #lock}: the kernel may remove the pages from memory again.
   *
   * @return this region
   * @throws UncheckedIOException if the kernel reports an error
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion unlock() {
    return quietly(() -> pages.lock(false));
  }

  /**
   * Gives the region another size, which moves it to other addresses ({@code mremap(2)}).
   *
   * <p>If the file is open for writing and ends before the new end of the region, it is extended.
   * No file is shortened. Writes to a {@code PRIVATE} region are kept, except those behind its new
   * end. Buffers that were handed out before are dead, as after {@link #close}.
   *
   * <p>Other threads may read and write meanwhile. They wait, and go on with the new mapping, in
   * which their offset may lie beyond the end.
   *
   * @param newSize the new size in bytes, not negative
   * @return this region
   * @throws IllegalArgumentException if the size is negative or too large
   * @throws UnsupportedOperationException if this region is a slice
   * @throws UncheckedIOException as with {@link #map(FileChannel, FileChannel.MapMode, long, long,
   *     MapOption...)}; also if the mode is {@code PRIVATE} and the kernel is older than Linux
   *     5.13. The region is then unchanged
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion resize(long newSize) {
    ByteOrder order = order();
    quietly(() -> region.resize(newSize));
    accessor = region.accessor(order);
    return this;
  }

  /**
   * Writes a part of this region to a channel, out of the mapping. It is {@code mmap} + {@code
   * write} without a new mapping for each call. A target file is written at its own position. If
   * the target is the mapped file and the ranges overlap, the bytes are copied first and arrive as
   * by {@code memmove}, under the rules of {@link Sluice#transferTo}.
   *
   * <p>As with {@link Sluice#transferTo}, a target in blocking mode gets all bytes. A waiting
   * transfer ends within 100 ms when the target or the region is closed, or the thread is
   * interrupted. A virtual thread that waits is parked. A target that is not one of the JDK's own
   * files, stream sockets or pipes is written to by its own method, from new arrays of 8 to 64 KiB,
   * or from a direct buffer if its class is one of {@code java.base}. Source: {@code write(2)}.
   *
   * @param offset the offset of the first byte in the region
   * @param count the number of bytes, not negative
   * @param target the channel that gets the bytes
   * @return the bytes that the target took; fewer than {@code count} if the target is in
   *     non-blocking mode and full, or if one of the failures below ended the transfer after the
   *     first byte
   * @throws IndexOutOfBoundsException if the bytes are not within the region
   * @throws IllegalStateException if the region is closed, or is closed or resized by another
   *     thread before a byte was written
   * @throws java.nio.channels.NonWritableChannelException if the target is a file that is not open
   *     for writing
   * @throws java.nio.channels.NotYetConnectedException if the target is a socket that is not
   *     connected
   * @throws java.nio.channels.ClosedChannelException if the target is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes the target before
   *     a byte was written
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; the target
   *     is closed then, the region is not
   * @throws IOException if the target fails, or the file was truncated, before a byte was written
   */
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    return Unwrapping.transferTo(region, offset, count, target);
  }

  /**
   * Releases the file, its pages and its locks. The close of a slice closes the slice alone.
   *
   * <p>The method may be called again, from any thread, and while other threads use the region. It
   * ends their transfers and waits until they have ended. From JDK 22 on it waits for their
   * accesses as well.
   *
   * @throws UncheckedIOException if the file was opened by its path and cannot be closed; or if the
   *     kernel has no room for the mapping that replaces the pages. The file then stays mapped
   *     until another call of this method, or the next map or close of any region, succeeds
   */
  @Override
  public void close() {
    try {
      quietly(region::close);
    } finally {
      accessor = Accessors.closed();
    }
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
    }
  }
}
