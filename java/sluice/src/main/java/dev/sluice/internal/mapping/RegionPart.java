package dev.sluice.internal.mapping;

import dev.sluice.internal.jdk.NativeThreadSet;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A mapped region as a whole, or a slice of it. It does everything but read and write values, which
 * its accessor does.
 *
 * <p>A native may run while its mapping is retired. Its answer then means nothing. After a resize,
 * the call is repeated on the new mapping; after a close, the repetition throws.
 */
public final class RegionPart implements Accessor.Source {
  /** See {@code MapOption}. */
  public static final int POPULATE = MapRequest.POPULATE;

  /** See {@code MapOption}. */
  public static final int NO_RESERVE = MapRequest.NO_RESERVE;

  /** See {@code MapOption}. */
  public static final int SYNC = MapRequest.SYNC;

  /** See {@code MapOption}. */
  public static final int LOCKED = MapRequest.LOCKED;

  /** See {@code MapOption}. */
  public static final int HUGE_PAGES = MapRequest.HUGE_PAGES;

  /** See {@code MapOption}. */
  public static final int ALLOCATE = MapRequest.ALLOCATE;

  /** The length of a region that is not a slice. */
  private static final long ALL = -1;

  private final RegionState state;
  private final long start;

  /** The length of a slice, which never changes. */
  private final long length;

  private volatile boolean isClosed;

  private RegionPart(RegionState state, long start, long length) {
    this.state = state;
    this.start = start;
    this.length = length;
  }

  /**
   * Maps a part of a channel's file, by the rules of {@code FileChannel.map} but without its limit
   * of 2 GiB.
   */
  public static RegionPart map(
      FileChannel channel, MapMode mode, long position, long size, int flags) throws IOException {
    MapRequest.check(channel, mode, position, size, flags);
    MappableFile file = new MappableFile.OfChannel(channel, false);
    MapRequest mapped = new MapRequest(file, mode, position, flags, "the file");
    return new RegionPart(RegionState.map(mapped, size), 0, ALL);
  }

  /** Maps a whole file. The file is closed with the region. */
  public static RegionPart map(Path path, MapMode mode, int flags) throws IOException {
    MapRequest.checkMode(mode, flags);
    MappableFile file = MappableFile.open(path, mode != MapMode.READ_ONLY);
    boolean isKept = false;
    try {
      MapRequest mapped = new MapRequest(file, mode, 0, flags, path.toString());
      RegionPart region = new RegionPart(RegionState.map(mapped, file.size()), 0, ALL);
      isKept = true;
      return region;
    } finally {
      if (!isKept) {
        file.close();
      }
    }
  }

  /** Makes a slice. The slice ends with its region, or earlier if it is closed itself. */
  public RegionPart slice(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    return new RegionPart(state, start + offset, length);
  }

  /** Makes an accessor of the whole region or slice. */
  @Override
  public Accessor accessor(ByteOrder order) {
    synchronized (state) {
      Mapping now = mapping();
      long size = sizeIn(now);
      return Accessors.of(
          this, size == 0 ? null : now, new Accessor.Part(start, size, !state.isReadOnly(), order));
    }
  }

  /** The size in bytes. */
  public long size() {
    return sizeIn(mapping());
  }

  /** The present mapping, or null if the region has no bytes. */
  @Nullable Mapping mapping() {
    if (isClosed) {
      throw new IllegalStateException("the region is closed");
    }
    return state.mapping();
  }

  /** How many bytes of a mapping belong to this region or slice. */
  long sizeIn(@Nullable Mapping now) {
    long mapped = now == null ? 0 : now.size;
    if (length == ALL) {
      return mapped;
    }
    if (start + length > mapped) {
      throw new IllegalStateException(
          String.format(
              "the region was resized to %d bytes, and its slice of %d from %d on is not there",
              mapped, length, start));
    }
    return length;
  }

  /** The request that the region was mapped by. */
  MapRequest request() {
    return state.file();
  }

  /** Checks that the region is open. */
  void ensureOpen() {
    mapping();
  }

  /** The threads that transfer from the region. A close wakes them. */
  NativeThreadSet transfers() {
    return state.transfers();
  }

  /** The offset in the mapping of an offset in this region or slice. */
  long mappingOffset(long offset) {
    return start + offset;
  }

  /**
   * Checks that a part lies within the region or slice.
   *
   * @return the mapping, or null if {@code length} is 0
   */
  @Nullable Mapping checkedMapping(long offset, long length) {
    Mapping now = mapping();
    Objects.checkFromIndexSize(offset, length, sizeIn(now));
    return length == 0 ? null : now;
  }

  /** Checks that bytes may be written. */
  void ensureWritable() {
    if (state.isReadOnly()) {
      ensureOpen();
      throw new ReadOnlyBufferException();
    }
  }

  /**
   * The exception for bytes that are not there.
   *
   * @param answer the error that a native answered
   * @param place the offset of the bytes in the mapping
   */
  IOException unavailable(long answer, long place) throws IOException {
    ensureOpen();
    MapRequest file = state.file();
    return MapFailure.unavailable(
        answer, file.name(), file.position() + place, file.file().sizeIfOpen());
  }

  /** Makes a buffer over a part. The buffer keeps the addresses but not the file. */
  public MappedByteBuffer buffer(long offset, int length) throws IOException {
    synchronized (state) {
      Mapping now = checkedMapping(offset, length);
      return now == null
          ? MappedBuffers.empty(state.isReadOnly())
          : MappedBuffers.of(
              state.forBuffers(now), mappingOffset(offset), length, state.isReadOnly());
    }
  }

  /** Makes a memory segment over the whole region or slice. */
  public Object segment(SegmentMaker maker) throws IOException {
    synchronized (state) {
      long size = size();
      return state.segment(maker, checkedMapping(0, size), start, size);
    }
  }

  /**
   * Changes the size, which moves the region to other addresses. The file grows if it is shorter.
   */
  public void resize(long size) throws IOException {
    if (length != ALL) {
      ensureOpen();
      throw new UnsupportedOperationException("a slice keeps its size; resize its region");
    }
    state.resize(size);
  }

  /** Releases the file, its pages and its locks. The close of a slice closes only the slice. */
  public void close() throws IOException {
    isClosed = true;
    if (length == ALL) {
      state.close();
    }
  }
}
