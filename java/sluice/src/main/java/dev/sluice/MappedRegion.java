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
 * MappedByteBuffer}. Before JDK 22, each access is followed by a look whether the region is closed.
 * The look costs a nanosecond or two and keeps the compiler from unrolling the loop. Read many
 * values at a time there: {@link #get(long, long[], int, int)} and its kin look once.
 *
 * <p><b>Buffers</b> that were handed out by {@link #buffer()} are the JDK's own kind, and do after
 * {@code close} what a {@link MappedByteBuffer} over a truncated file does in the same JDK: the
 * access is an {@link InternalError}, which can be caught. HotSpot throws it not at the access but
 * where the thread next lets it in. In JDK 25 that is the next safepoint poll, at the latest when a
 * compiled method returns. In JDK 17 it is when the thread next enters the VM, which may be later,
 * and never comes where the thread ends before. Until then a value that was read is arbitrary (but
 * no byte of another mapping), a write is lost, and a {@code try} block that holds nothing but the
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

  /** Replaced as a whole, so that its address and its limits belong together. */
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
   * @param options how
   * @return the region
   * @throws UnsupportedOperationException if the mode is another, or the path another provider's
   * @throws IOException if the file cannot be opened or, as by the method above, mapped
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
    return accessor.order();
  }

  /**
   * Sets the order of the bytes of numbers. Not for while others read or write.
   *
   * @param order the order
   * @return this region
   */
  public MappedRegion order(ByteOrder order) {
    accessor = region.accessor(Objects.requireNonNull(order, "order"));
    return this;
  }

  /**
   * A part of it, with an order of its own, {@link ByteOrder#BIG_ENDIAN} at first. It is closed
   * with this region, or earlier by itself, which releases nothing; a slice of a slice is closed
   * with the region of both. It keeps its size: {@link #resize} is for the region alone, and where
   * that no longer holds all of a slice, the slice's methods throw {@link IllegalStateException}.
   *
   * @param offset of the first byte
   * @param size in bytes
   * @return the slice
   * @throws IndexOutOfBoundsException if it is not within the region
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion slice(long offset, long size) {
    return new MappedRegion(region.slice(offset, size));
  }

  /**
   * All of it as a buffer, of the kind that {@link FileChannel#map} gives.
   *
   * @return the buffer
   * @throws IllegalStateException if the region is larger than a buffer can be, or closed
   * @throws UncheckedIOException as by the method below
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
   * @throws UncheckedIOException if the first buffer of the region finds no descriptor left for
   *     what it is closed by, or no room for a second mapping ({@code vm.max_map_count}, {@code
   *     RLIMIT_MEMLOCK}); and for {@code PRIVATE} before Linux 5.13
   */
  public MappedByteBuffer buffer(long offset, int length) {
    try {
      return region.buffer(offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes what was changed to the device ({@code msync(2)}), where the mode is {@code READ_WRITE}.
   *
   * @return this region
   * @throws UncheckedIOException if the device does not take it
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion force() {
    return quietly(pages::force);
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
    return quietly(() -> pages.force(offset, length));
  }

  /**
   * Reads all pages in.
   *
   * @return this region
   * @throws UncheckedIOException if the kernel is out of memory
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion load() {
    return quietly(pages::load);
  }

  /**
   * Whether all pages are in memory. They may be others at once.
   *
   * @return whether they are
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
   * How many bytes are in memory, in whole pages ({@code mincore(2)}). They may be others at once.
   *
   * @return the bytes
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
   * Advises the kernel.
   *
   * @param advice what to expect or to do
   * @return this region
   * @throws UncheckedIOException if the kernel does not know this advice, or not for such a file
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion advise(Advice advice) {
    Objects.requireNonNull(advice, "advice");
    return quietly(() -> pages.advise(advice.ordinal()));
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
    return quietly(() -> pages.advise(advice.ordinal(), offset, length));
  }

  /**
   * Reads all pages in and keeps them in memory ({@code mlock(2)}).
   *
   * @return this region
   * @throws UncheckedIOException if they are more than {@code RLIMIT_MEMLOCK} allows
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion lock() {
    return quietly(() -> pages.lock(true));
  }

  /**
   * Undoes {@link #lock}.
   *
   * @return this region
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion unlock() {
    return quietly(() -> pages.lock(false));
  }

  /**
   * Gives the region another size, and other addresses ({@code mremap(2)}). A file that is open for
   * writing and ends before is extended; none is shortened. What was written to a {@code PRIVATE}
   * region stays, but for what lies behind its new end. Buffers that were handed out before are
   * dead, as after {@link #close}. Others may read and write meanwhile: they wait, and go on with
   * the new mapping, where an offset may be too large for them.
   *
   * @param newSize in bytes, not negative
   * @return this region
   * @throws IllegalArgumentException if the size is negative, or too large
   * @throws UncheckedIOException as {@link #map(FileChannel, FileChannel.MapMode, long, long,
   *     MapOption...)}, and for {@code PRIVATE} before Linux 5.13; the region stays as it was
   * @throws IllegalStateException if the region is closed
   */
  public MappedRegion resize(long newSize) {
    ByteOrder order = order();
    quietly(() -> region.resize(newSize));
    accessor = region.accessor(order);
    return this;
  }

  /**
   * Writes a part to a channel, out of the mapping: {@code mmap} + {@code write} without mapping
   * anew each time. A file is written at its own position. Where it is the mapped file and the
   * ranges overlap, the bytes are copied first and arrive as by {@code memmove}, under the rules of
   * {@link Sluice#transferTo}.
   *
   * <p>As {@link Sluice#transferTo}: a target in blocking mode gets all of it; a close of the
   * target or of the region, or an interrupt, ends a transfer that waits within 100 ms; a virtual
   * thread that waits is parked. A target that is not one of the JDK's own files, stream sockets or
   * pipes is written to by its own method, from new arrays of 8 to 64 KiB, or from a direct buffer
   * if its class is one of {@code java.base}. Source: {@code write(2)}.
   *
   * @param offset of the first byte
   * @param count how many, not negative
   * @param target where they go
   * @return the bytes that the target took; fewer than {@code count} where it is in non-blocking
   *     mode and full, or where something below ended the transfer after the first byte
   * @throws IndexOutOfBoundsException if they are not within the region
   * @throws IllegalStateException if the region is closed, or is closed before a byte was written
   * @throws java.nio.channels.NonWritableChannelException if the target is a file that is not open
   *     for writing
   * @throws java.nio.channels.NotYetConnectedException if the target is a socket that is not
   *     connected
   * @throws java.nio.channels.ClosedChannelException if the target is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes it before a byte
   *     was written
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; the target
   *     is closed then, the region is not
   * @throws IOException if the target fails, or the file was truncated, before a byte was written
   */
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    return Unwrapping.transferTo(region, offset, count, target);
  }

  /**
   * Releases the file, its pages and its locks. It may be called again, from any thread and while
   * others use the region; it waits for transfers that it ends, and from JDK 22 on for accesses.
   *
   * @throws UncheckedIOException if the file, which was opened by its path, cannot be closed; or if
   *     the kernel has no room for what is left at the addresses, so that the file stays mapped
   *     until that can be had: it is tried again by another call, and by whoever maps or closes
   *     next
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
