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
 * What a mapped region does beside reading and writing single values, which its window does: all of
 * what is mapped, or a slice.
 *
 * <p>A native on a mapping that is retired meanwhile has answered nothing: it is made again on the
 * mapping that came after a resize, and after a close the answer is that.
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

  /** Of a region that is no slice. */
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
   * Maps a part of a channel's file, under the rules of {@code FileChannel.map} but for the limit
   * of its size.
   */
  public static RegionPart map(
      FileChannel channel, MapMode mode, long position, long size, int flags) throws IOException {
    MapRequest.check(channel, mode, position, size, flags);
    MappableFile file = new MappableFile.OfChannel(channel, false);
    MapRequest mapped = new MapRequest(file, mode, position, flags, "the file");
    return new RegionPart(RegionState.map(mapped, size), 0, ALL);
  }

  /** Maps a whole file, which is closed with the region. */
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

  /** A part of it, which ends with it, or earlier by itself. */
  public RegionPart slice(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    return new RegionPart(state, start + offset, length);
  }

  /** A window onto all of it. */
  @Override
  public Accessor accessor(ByteOrder order) {
    synchronized (state) {
      Mapping now = mapping();
      long size = sizeIn(now);
      return Accessors.of(
          this, size == 0 ? null : now, new Accessor.Part(start, size, !state.isReadOnly(), order));
    }
  }

  /** Its size in bytes. */
  public long size() {
    return sizeIn(mapping());
  }

  /** What is mapped now, or null where that is nothing. */
  @Nullable Mapping mapping() {
    if (isClosed) {
      throw new IllegalStateException("the region is closed");
    }
    return state.mapping();
  }

  /** How many bytes this part has of a mapping. */
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

  /** What is mapped, and how. */
  MapRequest request() {
    return state.file();
  }

  void ensureOpen() {
    mapping();
  }

  /** The threads that transfer from it, which a close wakes. */
  NativeThreadSet transfers() {
    return state.transfers();
  }

  /** Where an offset lies in the mapping. */
  long place(long offset) {
    return start + offset;
  }

  /** The mapping, if there are bytes in this part of it. */
  @Nullable Mapping part(long offset, long length) {
    Mapping now = mapping();
    Objects.checkFromIndexSize(offset, length, sizeIn(now));
    return length == 0 ? null : now;
  }

  /** Throws unless bytes may be written. */
  void ensureWritable() {
    if (state.isReadOnly()) {
      ensureOpen();
      throw new ReadOnlyBufferException();
    }
  }

  /** Why bytes are not there, by the error that was answered for those at a place. */
  IOException unavailable(long answer, long place) throws IOException {
    ensureOpen();
    MapRequest file = state.file();
    return MapFailure.unavailable(
        answer, file.name(), file.position() + place, file.file().sizeIfOpen());
  }

  /** A buffer over a part, which keeps the addresses but not the file. */
  public MappedByteBuffer buffer(long offset, int length) throws IOException {
    synchronized (state) {
      Mapping now = part(offset, length);
      return now == null
          ? MappedBuffers.empty(state.isReadOnly())
          : MappedBuffers.of(state.forBuffers(now), place(offset), length, state.isReadOnly());
    }
  }

  /** A memory segment over all of it. */
  public Object segment(SegmentMaker maker) throws IOException {
    synchronized (state) {
      long size = size();
      return state.segment(maker, part(0, size), start, size);
    }
  }

  /** Another size, at other addresses; the file grows with it. */
  public void resize(long size) throws IOException {
    if (length != ALL) {
      ensureOpen();
      throw new UnsupportedOperationException("a slice keeps its size; resize its region");
    }
    state.resize(size);
  }

  /** Releases file, pages and locks; of a slice, nothing but itself. */
  public void close() throws IOException {
    isClosed = true;
    if (length == ALL) {
      state.close();
    }
  }
}
