package dev.sluice.internal;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a mapped region does beside reading and writing single values, which its window does. */
public final class Region {
  /** Pages are read in when it is made. */
  public static final int POPULATE = 1;

  /** No swap space is set aside for private pages. */
  public static final int NO_RESERVE = 2;

  /** Pages are locked in memory when it is made. */
  public static final int LOCKED = 4;

  /** Large pages are wanted. */
  public static final int HUGE_PAGES = 8;

  /** Blocks of the file are set aside before it is mapped. */
  public static final int ALLOCATE = 16;

  private static final int NATIVE_FLAGS = POPULATE | NO_RESERVE;

  /** Numbers of {@code Advice} in the Rust crate. */
  private static final int WILL_NEED = 3;

  private static final int HUGE_PAGE = 5;
  private static final int POPULATE_READ = 9;

  private static final long GC_MILLIS = 100;

  private final FileChannel file;
  private final boolean ownsFile;
  private final MapMode mode;
  private final long position;
  private final int flags;
  private final String name;
  private final Held held = new Held();
  private @Nullable Mapping mapping;
  private boolean isClosed;

  private Region(
      FileChannel file, boolean ownsFile, MapMode mode, long position, int flags, String name) {
    this.file = file;
    this.ownsFile = ownsFile;
    this.mode = mode;
    this.position = position;
    this.flags = flags;
    this.name = name;
  }

  /** The mappings of one region, released when it is unreachable. */
  private static final class Held implements Runnable {
    private final List<Mapping> mappings = new ArrayList<>();

    synchronized void add(Mapping mapping) {
      mappings.add(mapping);
    }

    @Override
    public synchronized void run() {
      mappings.forEach(Mapping::release);
    }
  }

  /**
   * Maps a part of a file, under the rules of {@code FileChannel.map} but for the limit of its
   * size.
   *
   * @param ownsFile whether the file is closed with the region
   * @param name of the file, for messages
   */
  public static Region map(
      FileChannel file,
      boolean ownsFile,
      MapMode mode,
      long position,
      long size,
      int flags,
      String name)
      throws IOException {
    Objects.requireNonNull(mode, "mode");
    if (!file.isOpen()) {
      throw new ClosedChannelException();
    }
    if (position < 0 || size < 0 || position + size < 0) {
      throw new IllegalArgumentException(
          position < 0
              ? "negative position: " + position
              : size < 0 ? "negative size: " + size : "position + size overflow");
    }
    if (!JdkChannels.isFile(file)) {
      throw new UnsupportedOperationException(file.getClass() + " has no descriptor");
    }
    protection(mode);
    if (mode != MapMode.READ_ONLY && !Arguments.isWritable(file)) {
      throw new NonWritableChannelException();
    }
    if (!Arguments.isReadable(file)) {
      throw new NonReadableChannelException();
    }
    Region region = new Region(file, ownsFile, mode, position, flags, name);
    region.mapping = region.mapped(size);
    return region;
  }

  /** Lets the addresses go when {@code owner} is unreachable, and all buffers with it. */
  public void keepFor(Object owner) {
    Mapping.CLEANER.register(owner, held);
  }

  private static int protection(MapMode mode) {
    if (mode == MapMode.READ_ONLY) {
      return 0;
    }
    if (mode == MapMode.READ_WRITE) {
      return 1;
    }
    if (mode == MapMode.PRIVATE) {
      return 2;
    }
    throw new UnsupportedOperationException("a mapping cannot be " + mode);
  }

  /** Null for no bytes, of which there is no mapping. */
  private @Nullable Mapping mapped(long size) throws IOException {
    extend(size);
    if (size == 0) {
      return null;
    }
    if ((flags & ALLOCATE) != 0 && mode == MapMode.READ_WRITE) {
      MapFailure.checked(byDescriptor(fd -> Native.allocate(fd, position, size)), name);
    }
    Mapping made = new Mapping(MapFailure.checked(handle(size), name), size);
    try {
      prepare(made);
    } catch (IOException e) {
      made.release();
      throw e;
    }
    held.add(made);
    return made;
  }

  private void extend(long size) throws IOException {
    if (file.size() >= position + size) {
      return;
    }
    if (!Arguments.isWritable(file)) {
      throw new IOException(
          name
              + ": Channel not open for writing - cannot extend file to required size: it has "
              + file.size()
              + " bytes, the mapping ends at "
              + (position + size));
    }
    MapFailure.checked(byDescriptor(fd -> Native.setLength(fd, position + size)), name);
  }

  /** As the JDK: regions that are unreachable may be in the way. */
  private long handle(long size) throws IOException {
    int protection = protection(mode);
    Call map = fd -> Native.map(fd, position, size, protection, flags & NATIVE_FLAGS);
    long handle = byDescriptor(map);
    if (MapFailure.isOutOfMemory(handle)) {
      System.gc();
      try {
        Thread.sleep(GC_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      handle = byDescriptor(map);
    }
    return handle;
  }

  private void prepare(Mapping made) throws IOException {
    if ((flags & HUGE_PAGES) != 0) {
      MapFailure.checked(Native.advise(made.handle, HUGE_PAGE, 0, made.size), name);
    }
    if ((flags & LOCKED) != 0) {
      MapFailure.checked(Native.lockPages(made.handle, true), name);
    }
  }

  private interface Call {
    long by(int fd);
  }

  private long byDescriptor(Call call) throws IOException {
    Side side = Sides.file(file, 0);
    boolean completed = false;
    try {
      side.begin(true);
      int fd = side.enter();
      if (fd < 0) {
        throw new AsynchronousCloseException();
      }
      try {
        long answer = call.by(fd);
        completed = true;
        return answer;
      } finally {
        side.leave();
      }
    } finally {
      side.end(completed);
    }
  }

  /** A window onto all of it. */
  public synchronized Window window(ByteOrder order) {
    ensureOpen();
    boolean isWritable = mode != MapMode.READ_ONLY;
    boolean isBig = order == ByteOrder.BIG_ENDIAN;
    Mapping now = mapping;
    return now == null
        ? Window.of(0, 0, isWritable, isBig)
        : Window.of(now.address, now.size, isWritable, isBig);
  }

  /** Its size in bytes. */
  public synchronized long size() {
    ensureOpen();
    return mapping == null ? 0 : mapping.size;
  }

  private void ensureOpen() {
    if (isClosed) {
      throw new IllegalStateException("the region is closed");
    }
  }

  /** The mapping, if there are bytes in this part of it. */
  private synchronized @Nullable Mapping part(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size());
    return length == 0 ? null : mapping;
  }

  /** Copies bytes into a buffer, as many as it has room for. */
  public void read(long offset, ByteBuffer target) throws IOException {
    copy(offset, target, true);
  }

  /** Copies bytes out of a buffer, all that it has left. */
  public void write(long offset, ByteBuffer source) throws IOException {
    if (mode == MapMode.READ_ONLY) {
      throw new ReadOnlyBufferException();
    }
    copy(offset, source, false);
  }

  private void copy(long offset, ByteBuffer buffer, boolean isRead) throws IOException {
    Mapping now = part(offset, buffer.remaining());
    if (now == null) {
      return;
    }
    if (buffer.isDirect()) {
      long address = Native.address0(buffer) + buffer.position();
      copy(now, offset, address, buffer.remaining(), isRead);
      buffer.position(buffer.limit());
    } else {
      copyThroughDirect(now, offset, buffer, isRead);
    }
    Reference.reachabilityFence(this);
  }

  private void copyThroughDirect(Mapping now, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    ByteBuffer between = BufferedTransfer.BUFFERS.take();
    try {
      long address = Native.address0(between);
      for (long at = offset; buffer.hasRemaining(); ) {
        int length = Math.min(buffer.remaining(), between.clear().capacity());
        between.limit(length);
        if (isRead) {
          copy(now, at, address, length, true);
          buffer.put(between);
        } else {
          ByteBuffer piece = buffer.duplicate().limit(buffer.position() + length);
          between.put(piece);
          copy(now, at, address, length, false);
          buffer.position(buffer.position() + length);
        }
        at += length;
      }
    } finally {
      BufferedTransfer.BUFFERS.give(between);
    }
  }

  private void copy(Mapping now, long offset, long address, long length, boolean isRead)
      throws IOException {
    for (long done = 0; done < length; ) {
      long answer =
          isRead
              ? Native.readMapped(now.handle, offset + done, address + done, length - done)
              : Native.writeMapped(now.handle, offset + done, address + done, length - done);
      if (answer <= 0) {
        throw unavailable(answer, offset + done);
      }
      done += answer;
    }
  }

  /** Why bytes of a mapping are not there. */
  private IOException unavailable(long answer, long offset) throws IOException {
    synchronized (this) {
      ensureOpen();
    }
    IOException cause = MapFailure.of(answer, name);
    long at = position + offset;
    String size = file.isOpen() ? "it has " + file.size() + " bytes now" : "or its disk is full";
    return new IOException(
        name + ": the file was truncated under the mapping, before byte " + at + ": " + size,
        cause);
  }

  /** A buffer over a part, which keeps the addresses but not the file. */
  public MappedByteBuffer buffer(long offset, int length) {
    Mapping now = part(offset, length);
    boolean isReadOnly = mode == MapMode.READ_ONLY;
    if (now == null) {
      return MappedBuffers.empty(isReadOnly);
    }
    MappedByteBuffer buffer = MappedBuffers.of(now, offset, length, isReadOnly);
    Reference.reachabilityFence(this);
    return buffer;
  }

  /** Writes what was changed in a part to the device. */
  public void force(long offset, long length) throws IOException {
    Mapping now = part(offset, length);
    if (now != null && mode == MapMode.READ_WRITE) {
      MapFailure.checked(Native.sync(now.handle, offset, length), name);
      Reference.reachabilityFence(this);
    }
  }

  /** Advises on a part, by the number of the advice. */
  public void advise(int advice, long offset, long length) throws IOException {
    Mapping now = part(offset, length);
    if (now != null) {
      MapFailure.checked(Native.advise(now.handle, advice, offset, length), name);
      Reference.reachabilityFence(this);
    }
  }

  /** Reads all pages in, or has the kernel begin to where it is too old for that. */
  public void load() throws IOException {
    Mapping now = part(0, size());
    if (now != null) {
      if (Native.advise(now.handle, POPULATE_READ, 0, now.size) < 0) {
        MapFailure.checked(Native.advise(now.handle, WILL_NEED, 0, now.size), name);
      }
      Reference.reachabilityFence(this);
    }
  }

  /** Whether all pages are in memory. */
  public boolean isLoaded() throws IOException {
    Mapping now = part(0, size());
    boolean isLoaded =
        now == null || MapFailure.checked(Native.isResident(now.handle, 0, now.size), name) != 0;
    Reference.reachabilityFence(this);
    return isLoaded;
  }

  /** The bytes in memory, in whole pages. */
  public long residentBytes() throws IOException {
    Mapping now = part(0, size());
    long bytes =
        now == null ? 0 : MapFailure.checked(Native.resident(now.handle, 0, now.size), name);
    Reference.reachabilityFence(this);
    return bytes;
  }

  /** Keeps all pages in memory, or lets them go. */
  public void lock(boolean on) throws IOException {
    Mapping now = part(0, size());
    if (now != null) {
      MapFailure.checked(Native.lockPages(now.handle, on), name);
      Reference.reachabilityFence(this);
    }
  }

  /** Another size, at other addresses; the file grows with it. */
  public synchronized void resize(long size) throws IOException {
    ensureOpen();
    if (size < 0 || position + size < 0) {
      throw new IllegalArgumentException("size: " + size);
    }
    if (mode == MapMode.PRIVATE) {
      throw new UnsupportedOperationException("what was written privately is in these pages alone");
    }
    Mapping before = mapping;
    mapping = mapped(size);
    if (before != null) {
      before.retire();
    }
  }

  /** Writes a part to a channel, from the mapping as it is. */
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    Objects.requireNonNull(target, "target");
    part(offset, count);
    long moved = 0;
    while (moved < count) {
      int length = (int) Math.min(count - moved, 1 << 30);
      int written;
      try {
        written = target.write(buffer(offset + moved, length));
      } catch (IOException e) {
        if (moved > 0) {
          return moved;
        }
        throw e;
      }
      moved += written;
      if (written < length) {
        break;
      }
    }
    return moved;
  }

  /** Releases file, pages and locks. */
  public void close() throws IOException {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (mapping != null) {
        mapping.retire();
      }
    }
    if (ownsFile) {
      file.close();
    }
  }
}
