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
 * How a part of a file is mapped: {@code FileChannel.map} with its checks in its order, without its
 * limit of 2 GiB.
 *
 * @param file the file
 * @param mode what may be done with the bytes
 * @param position the file offset of the first byte
 * @param flags {@link #POPULATE} and the others
 * @param name of the file, for messages
 */
record MapRequest(MappableFile file, MapMode mode, long position, int flags, String name) {
  /** Pages are read in when it is mapped. */
  static final int POPULATE = NativeMapping.POPULATE;

  /** No swap space is set aside for private pages. */
  static final int NO_RESERVE = NativeMapping.NO_RESERVE;

  /** Writes are durable by flushing the processor's caches. */
  static final int SYNC = NativeMapping.SYNC;

  /** Pages are locked in memory. */
  static final int LOCKED = 8;

  /** Large pages are wanted. */
  static final int HUGE_PAGES = 16;

  /** Blocks of the file are set aside before it is mapped. */
  static final int ALLOCATE = 32;

  private static final int NATIVE_FLAGS = POPULATE | NO_RESERVE | SYNC;

  /** Its number in the Rust crate. */
  private static final int HUGE_PAGE = 5;

  /** A mode of another kind. */
  private static final int UNKNOWN = -1;

  private static final long GC_MILLIS = 100;

  /** Whether a mode is one of the three of {@code FileChannel.MapMode} itself. */
  static boolean isKnown(MapMode mode) {
    return protection(mode) != UNKNOWN;
  }

  private static int protection(MapMode mode) {
    if (mode == MapMode.READ_ONLY) {
      return NativeMapping.READ_ONLY;
    }
    if (mode == MapMode.READ_WRITE) {
      return NativeMapping.READ_WRITE;
    }
    return mode == MapMode.PRIVATE ? NativeMapping.PRIVATE : UNKNOWN;
  }

  /** Whether nothing may be written. */
  boolean isReadOnly() {
    return mode == MapMode.READ_ONLY;
  }

  /** Throws what {@code FileChannel.map} throws before it does anything. */
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

  /** Throws unless such a mapping can be made at all. */
  static void checkMode(MapMode mode, int flags) {
    if (!isKnown(mode)) {
      throw new UnsupportedOperationException("a mapping cannot be " + mode);
    }
    if ((flags & SYNC) != 0 && mode == MapMode.PRIVATE) {
      throw new UnsupportedOperationException("SYNC is for a file, not for private pages");
    }
  }

  /** Throws unless a part can have this size. */
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

  /** Makes the file as long as the part needs. */
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

  /** Maps a part of a file that is long enough, {@code size} above 0, for windows. */
  Mapping map(long size) throws IOException {
    Mapping made = made(handle(size), size);
    try {
      if ((flags & HUGE_PAGES) != 0) {
        MapFailure.checked(made.advise(HUGE_PAGE, 0, size), name);
      }
      if ((flags & LOCKED) != 0) {
        MapFailure.checked(made.lockPages(0, size, true), name);
      }
      return made;
    } catch (IOException e) {
      made.retire();
      throw e;
    }
  }

  /** Huge pages are shared by windows and buffers from the beginning. */
  private Mapping made(long handle, long size) throws IOException {
    if (!NativeMapping.hasHugePages(handle)) {
      return Mapping.ofAccessors(handle, size);
    }
    Mapping made = Mapping.ofBoth(handle, size);
    long prepared = NativeMapping.prepareRetirement();
    if (prepared < 0) {
      throw MapFailure.of(prepared, name);
    }
    return made;
  }

  /** Maps a part of a file that is long enough: what {@link NativeMapping#map} answers. */
  long handle(long size) throws IOException {
    if ((flags & ALLOCATE) != 0 && mode == MapMode.READ_WRITE) {
      MapFailure.checked(file.call(fd -> NativeDescriptor.allocate(fd, position, size)), name);
    }
    return MapFailure.checked(tried(size), name);
  }

  /** As the JDK: regions that are unreachable may be in the way. */
  private long tried(long size) throws IOException {
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
