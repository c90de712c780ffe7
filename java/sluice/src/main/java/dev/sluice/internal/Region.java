package dev.sluice.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a mapped region does beside reading and writing single values, which its window does. */
public final class Region {
  /** See {@code MapOption}. */
  public static final int POPULATE = MappedFile.POPULATE;

  /** See {@code MapOption}. */
  public static final int NO_RESERVE = MappedFile.NO_RESERVE;

  /** See {@code MapOption}. */
  public static final int SYNC = MappedFile.SYNC;

  /** See {@code MapOption}. */
  public static final int LOCKED = MappedFile.LOCKED;

  /** See {@code MapOption}. */
  public static final int HUGE_PAGES = MappedFile.HUGE_PAGES;

  /** See {@code MapOption}. */
  public static final int ALLOCATE = MappedFile.ALLOCATE;

  /** Numbers of {@code Advice} in the Rust crate. */
  private static final int WILL_NEED = 3;

  private static final int POPULATE_READ = 9;

  private final MappedFile file;
  private final boolean ownsFile;
  private final ThreadSet transfers = ThreadSet.make();
  private @Nullable Mapping mapping;
  private boolean isClosed;

  private Region(MappedFile file, boolean ownsFile, @Nullable Mapping mapping) {
    this.file = file;
    this.ownsFile = ownsFile;
    this.mapping = mapping;
  }

  /**
   * Maps a part of a file, under the rules of {@code FileChannel.map} but for the limit of its
   * size.
   *
   * @param ownsFile whether the file is closed with the region
   * @param name of the file, for messages
   */
  public static Region map(
      FileChannel channel,
      boolean ownsFile,
      MapMode mode,
      long position,
      long size,
      int flags,
      String name)
      throws IOException {
    MappedFile file = new MappedFile(channel, mode, position, flags, name);
    file.check(size);
    file.extend(size);
    return new Region(file, ownsFile, size == 0 ? null : file.map(size));
  }

  /** A window onto all of it. */
  public synchronized Window window(ByteOrder order) {
    ensureOpen();
    return Window.of(mapping, !file.isReadOnly(), order);
  }

  /** Its size in bytes. */
  public synchronized long size() {
    ensureOpen();
    return mapping == null ? 0 : mapping.size;
  }

  synchronized boolean isOpen() {
    return !isClosed;
  }

  synchronized void ensureOpen() {
    if (isClosed) {
      throw new IllegalStateException("the region is closed");
    }
  }

  /** The threads that transfer from it, which a close wakes. */
  ThreadSet transfers() {
    return transfers;
  }

  /** The mapping, if there are bytes in this part of it. */
  synchronized @Nullable Mapping part(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    return length == 0 ? null : mapping;
  }

  /** Copies bytes into a buffer, as many as it has room for. */
  public void read(long offset, ByteBuffer target) throws IOException {
    copy(offset, target, true);
  }

  /** Copies bytes out of a buffer, all that it has left. */
  public void write(long offset, ByteBuffer source) throws IOException {
    if (file.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    copy(offset, source, false);
  }

  private void copy(long offset, ByteBuffer buffer, boolean isRead) throws IOException {
    if (isRead && buffer.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    Mapping now = part(offset, buffer.remaining());
    if (now == null) {
      return;
    }
    if (buffer.isDirect()) {
      DirectCopy.run(now, offset, buffer, isRead, this::unavailable);
    } else {
      DirectCopy.runOnHeap(now, offset, buffer, isRead, this::unavailable);
    }
  }

  /** Why bytes are not there, by the error that was answered for those at an offset. */
  IOException unavailable(long answer, long offset) throws IOException {
    ensureOpen();
    FileChannel channel = file.file();
    return MapFailure.unavailable(
        answer, file.name(), file.position() + offset, channel.isOpen() ? channel.size() : -1);
  }

  /** A buffer over a part, which keeps the addresses but not the file. */
  public MappedByteBuffer buffer(long offset, int length) {
    Mapping now = part(offset, length);
    return now == null
        ? MappedBuffers.empty(file.isReadOnly())
        : MappedBuffers.of(now, offset, length, file.isReadOnly());
  }

  /** Writes what was changed in a part to the device. */
  public void force(long offset, long length) throws IOException {
    Mapping now = part(offset, length);
    if (now != null && file.mode() == MapMode.READ_WRITE) {
      checked(now.sync(offset, length));
    }
  }

  /** Advises on a part, by the number of the advice. */
  public void advise(int advice, long offset, long length) throws IOException {
    Mapping now = part(offset, length);
    if (now != null) {
      checked(now.advise(advice, offset, length));
    }
  }

  /** Reads all pages in, or has the kernel begin to where it is too old for that. */
  public void load() throws IOException {
    Mapping now = part(0, size());
    if (now != null && now.advise(POPULATE_READ, 0, now.size) < 0) {
      checked(now.advise(WILL_NEED, 0, now.size));
    }
  }

  /** Whether all pages are in memory. */
  public boolean isLoaded() throws IOException {
    Mapping now = part(0, size());
    return now == null || checked(now.isResident()) != 0;
  }

  /** The bytes in memory, in whole pages. */
  public long residentBytes() throws IOException {
    Mapping now = part(0, size());
    return now == null ? 0 : checked(now.resident());
  }

  /** Keeps all pages in memory, or lets them go. */
  public void lock(boolean on) throws IOException {
    Mapping now = part(0, size());
    if (now != null) {
      checked(now.lockPages(on));
    }
  }

  private long checked(long answer) throws IOException {
    if (answer < 0) {
      ensureOpen();
    }
    return MapFailure.checked(answer, file.name());
  }

  /** Another size, at other addresses; the file grows with it. */
  public synchronized void resize(long size) throws IOException {
    ensureOpen();
    file.checkSize(size);
    file.extend(size);
    Mapping before = mapping;
    Mapping after = size == 0 ? null : file.map(size);
    if (before != null && after != null) {
      long answer = after.takePages(before);
      // What was written privately is in these pages alone; those of a file come back from there.
      if (answer < 0 && file.mode() == MapMode.PRIVATE) {
        after.retire();
        throw MapFailure.of(answer, file.name());
      }
    }
    mapping = after;
    if (before != null) {
      before.retire();
    }
  }

  /** Writes a part to a channel. */
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    return MappedTransfer.run(this, offset, count, target);
  }

  /** Releases file, pages and locks. */
  public void close() throws IOException {
    Mapping last;
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      last = mapping;
      mapping = null;
    }
    if (last != null) {
      last.announceRetirement();
      transfers.wake();
      last.retire();
    }
    if (ownsFile) {
      file.file().close();
    }
  }
}
