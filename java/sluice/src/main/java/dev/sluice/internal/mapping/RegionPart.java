package dev.sluice.internal.mapping;

import dev.sluice.internal.jdk.NativeThreadSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;
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
public final class RegionPart {
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

  /** Numbers of {@code RefusalAdvice} in the Rust crate. */
  private static final int WILL_NEED = 3;

  private static final int POPULATE_READ = 9;

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
  public Accessor accessor(ByteOrder order) {
    synchronized (state) {
      Mapping now = mapping();
      long size = sizeIn(now);
      return Accessor.of(
          this, size == 0 ? null : now, new Accessor.Part(start, size, !state.isReadOnly(), order));
    }
  }

  /** Its size in bytes. */
  public long size() {
    return sizeIn(mapping());
  }

  private @Nullable Mapping mapping() {
    if (isClosed) {
      throw new IllegalStateException("the region is closed");
    }
    return state.mapping();
  }

  private long sizeIn(@Nullable Mapping now) {
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

  /** Copies bytes into an array, by a window onto this region. */
  public void read(Accessor accessor, long offset, byte[] target, int start, int length)
      throws IOException {
    Objects.checkFromIndexSize(start, length, target.length);
    CheckedCopy.run(this, accessor, offset, target, start, length, true);
  }

  /** Copies bytes into a buffer, as many as it has room for. */
  public void read(Accessor accessor, long offset, ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    CheckedCopy.run(this, accessor, offset, target, true);
  }

  /** Copies bytes out of an array. */
  public void write(Accessor accessor, long offset, byte[] source, int start, int length)
      throws IOException {
    Objects.checkFromIndexSize(start, length, source.length);
    ensureWritable();
    CheckedCopy.run(this, accessor, offset, source, start, length, false);
  }

  /** Copies bytes out of a buffer, all that it has left. */
  public void write(Accessor accessor, long offset, ByteBuffer source) throws IOException {
    ensureWritable();
    CheckedCopy.run(this, accessor, offset, source, false);
  }

  private void ensureWritable() {
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

  /** A system call on a part of a mapping: 0 or more, or an error. */
  private interface Call {
    long on(Mapping mapping, long place, long length);
  }

  private long checked(long offset, long length, Call call) throws IOException {
    while (true) {
      Mapping now = part(offset, length);
      if (now == null) {
        return 0;
      }
      long answer = call.on(now, place(offset), length);
      if (!now.isRetired()) {
        return MapFailure.checked(answer, state.file().name());
      }
    }
  }

  /** A system call on all there is, which may be less or more after a resize. */
  private long checked(Call call) throws IOException {
    while (true) {
      Mapping now = mapping();
      long length = sizeIn(now);
      if (now == null || length == 0) {
        return 0;
      }
      long answer = call.on(now, start, length);
      if (!now.isRetired()) {
        return MapFailure.checked(answer, state.file().name());
      }
    }
  }

  /** Writes what was changed in a part to the device. */
  public void force(long offset, long length) throws IOException {
    checked(offset, length, forced());
  }

  /** Writes all that was changed to the device. */
  public void force() throws IOException {
    checked(forced());
  }

  private Call forced() {
    return state.file().mode() == MapMode.READ_WRITE ? Mapping::sync : (now, at, most) -> 0;
  }

  /** Advises on a part, by the number of the advice. */
  public void advise(int advice, long offset, long length) throws IOException {
    checked(offset, length, (now, at, most) -> now.advise(advice, at, most));
  }

  /** Advises on all of it. */
  public void advise(int advice) throws IOException {
    checked((now, at, most) -> now.advise(advice, at, most));
  }

  /** Reads all pages in, or has the kernel begin to where it is too old for that. */
  public void load() throws IOException {
    checked(
        (now, at, most) -> {
          long answer = now.advise(POPULATE_READ, at, most);
          return answer < 0 ? now.advise(WILL_NEED, at, most) : answer;
        });
  }

  /** Whether all pages are in memory. */
  public boolean isLoaded() throws IOException {
    return size() == 0 || checked(Mapping::isResident) != 0;
  }

  /** The bytes in memory, in whole pages. */
  public long residentBytes() throws IOException {
    return checked(Mapping::resident);
  }

  /** Keeps all pages in memory, or lets them go. */
  public void lock(boolean on) throws IOException {
    checked((now, at, most) -> now.lockPages(at, most, on));
  }

  /** Another size, at other addresses; the file grows with it. */
  public void resize(long size) throws IOException {
    if (length != ALL) {
      ensureOpen();
      throw new UnsupportedOperationException("a slice keeps its size; resize its region");
    }
    state.resize(size);
  }

  /** Writes a part to a channel. */
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    return RegionTransfer.run(this, offset, count, target);
  }

  /** Releases file, pages and locks; of a slice, nothing but itself. */
  public void close() throws IOException {
    isClosed = true;
    if (length == ALL) {
      state.close();
    }
  }
}
