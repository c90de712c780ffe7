package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.boundary.NativeMapping;
import dev.sluice.internal.channel.Endpoints;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Objects;

/**
 * How a part of a file is to be mapped. The checks are those of {@code FileChannel.map}, in its
 * order, without its limit of 2 GiB.
 *
 * @param file the file
 * @param mode whether the bytes may be written, and whether the file sees the writes
 * @param position the file offset of the first byte
 * @param flags any of {@link #POPULATE}, {@link #NO_RESERVE} and the other flags
 * @param name the file's name, for messages
 */
record MapRequest(MappableFile file, MapMode mode, long position, int flags, String name) {
  /** The pages are read in when the file is mapped. */
  static final int POPULATE = NativeMapping.POPULATE;

  /** No swap space is set aside for private pages. */
  static final int NO_RESERVE = NativeMapping.NO_RESERVE;

  /** Writes become durable by a flush of the processor's caches. */
  static final int SYNC = NativeMapping.SYNC;

  /** The pages are locked in memory. */
  static final int LOCKED = 8;

  /** The kernel is asked for huge pages. */
  static final int HUGE_PAGES = 16;

  /** The file's blocks are allocated before the file is mapped. */
  static final int ALLOCATE = 32;

  private static final int NATIVE_FLAGS = POPULATE | NO_RESERVE | SYNC;

  /** The number of the advice for huge pages in the Rust crate. */
  private static final int HUGE_PAGE = 5;

  /** Stands for a mode that is not one of the three of {@code FileChannel.MapMode} itself. */
  private static final int UNKNOWN = -1;

  /** How long to wait for the collector before the second attempt, in milliseconds. */
  private static final long GC_MILLIS = 100;

  /** Whether a mode is one of the three of {@code FileChannel.MapMode} itself. */
  static boolean isKnown(MapMode mode) {
    return protection(mode) != UNKNOWN;
  }

  /** The mode's number in the Rust crate, or -1. */
  private static int protection(MapMode mode) {
    if (mode == MapMode.READ_ONLY) {
      return NativeMapping.READ_ONLY;
    }
    if (mode == MapMode.READ_WRITE) {
      return NativeMapping.READ_WRITE;
    }
    return mode == MapMode.PRIVATE ? NativeMapping.PRIVATE : UNKNOWN;
  }

  /** Whether the bytes may only be read. */
  boolean isReadOnly() {
    return mode == MapMode.READ_ONLY;
  }

  /** Makes the checks that {@code FileChannel.map} makes before it does anything else. */
  static void check(FileChannel channel, MapMode mode, long position, long size, int flags)
      throws IOException {
    Objects.requireNonNull(mode, "Mode is null");
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    if (position < 0) {
      throw new IllegalArgumentException("Negative position");
    }
    checkSize(position, size);
    MappableFile file = new MappableFile.OfChannel(channel, false);
    if (Endpoints.isFile(channel)) {
      checkMode(mode, flags);
    }
    file.check(mode != MapMode.READ_ONLY);
  }

  /** Checks that a mapping with this mode and these flags is possible at all. */
  static void checkMode(MapMode mode, int flags) {
    if (!isKnown(mode)) {
      throw new UnsupportedOperationException("a mapping cannot be " + mode);
    }
    if ((flags & SYNC) != 0 && mode == MapMode.PRIVATE) {
      throw new UnsupportedOperationException("SYNC is for a file, not for private pages");
    }
  }

  /** Checks that the part can have this size. */
  void checkSize(long size) {
    checkSize(position, size);
  }

  private static void checkSize(long position, long size) {
    if (size < 0) {
      throw new IllegalArgumentException("Negative size");
    }
    if (position + size < 0) {
      throw new IllegalArgumentException("Position + size overflow");
    }
  }

  /** Extends the file to the end of the part, if the file is shorter. */
  void extend(long size) throws IOException {
    long has = file.size();
    if (has >= position + size) {
      return;
    }
    if (!file.isWritable()) {
      throw new IOException(
          "Channel not open for writing - cannot extend file to required size: "
              + String.format(
                  "%s has %d bytes, the mapping ends at %d; map less, or open it for writing",
                  name, has, position + size));
    }
    MapFailure.checked(file.call(fd -> NativeDescriptor.setLength(fd, position + size)), name);
  }

  /** Maps the part for accessors. The file is long enough, and {@code size} is above 0. */
  Mapping map(long size) throws IOException {
    Mapping mapping = mappingOf(handle(size), size);
    try {
      if ((flags & HUGE_PAGES) != 0) {
        MapFailure.checked(mapping.advise(HUGE_PAGE, 0, size), name);
      }
      if ((flags & LOCKED) != 0) {
        MapFailure.checked(mapping.lockPages(0, size, true), name);
      }
      return mapping;
    } catch (IOException e) {
      mapping.retire();
      throw e;
    }
  }

  /** Wraps a handle. Accessors and buffers share one mapping of huge pages from the beginning. */
  private Mapping mappingOf(long handle, long size) throws IOException {
    if (!NativeMapping.hasHugePages(handle)) {
      return Mapping.forAccessors(handle, size);
    }
    Mapping mapping = Mapping.forBoth(handle, size);
    long prepared = NativeMapping.prepareRetirement();
    if (prepared < 0) {
      throw MapFailure.of(prepared, name);
    }
    return mapping;
  }

  /**
   * Maps the part of a file that is long enough.
   *
   * @return the handle that {@link NativeMapping#map} answers
   */
  long handle(long size) throws IOException {
    if ((flags & ALLOCATE) != 0 && mode == MapMode.READ_WRITE) {
      MapFailure.checked(file.call(fd -> NativeDescriptor.allocate(fd, position, size)), name);
    }
    return MapFailure.checked(mapWithRetry(size), name);
  }

  /**
   * Maps the part. As the JDK does, the second attempt follows a run of the collector, because
   * unreachable regions may take up the room.
   */
  private long mapWithRetry(long size) throws IOException {
    int protection = protection(mode);
    MappableFile.Call map =
        fd -> NativeMapping.map(fd, position, size, protection, flags & NATIVE_FLAGS);
    long handle = file.call(map);
    if (MapFailure.isOutOfMemory(handle)) {
      System.gc();
      try {
        Thread.sleep(GC_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      handle = file.call(map);
    }
    return handle;
  }
}
