package dev.sluice;

import dev.sluice.internal.Transfers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FileChannel} whose {@link #transferTo transferTo}, {@link #transferFrom transferFrom}
 * and {@link #map(FileChannel.MapMode, long, long) map} are those of {@link Sluice}, for code that
 * takes a {@code FileChannel} and calls its methods.
 *
 * <pre>{@code
 * try (FileChannel file = SluiceFileChannel.open(path, StandardOpenOption.READ)) {
 *   server.send(file); // calls file.transferTo, which is Sluice's
 * }
 * }</pre>
 *
 * <p>Every other method is the wrapped channel's own: reads, writes, positions and locks, with the
 * same results, exceptions and effects. Position, locks and the descriptor are shared with the
 * wrapped channel. Closing one closes the other: {@link #close} closes the wrapped channel. Where
 * the wrapped channel was closed, by itself or by an interrupt, the next method that is called on
 * this channel closes it, and throws what the wrapped channel throws.
 *
 * <p>The transfers of {@link Sluice} and {@link Mechanism}, and {@link MappedRegion}, use the
 * wrapped channel in its place. The JDK's own methods do not look through this channel, and copy to
 * and from it by 8 KiB, as with every channel that is not one of their own: call the method of this
 * channel, not the JDK's.
 *
 * <p>On JDK 22 and newer it has {@code map(MapMode, long, long, Arena)} as well.
 *
 * <p>It is as safe for use by several threads as the wrapped channel.
 *
 * @since 0.1.0
 */
public final class SluiceFileChannel extends SegmentFileChannel {
  private final FileChannel file;

  private SluiceFileChannel(FileChannel file) {
    this.file = file;
  }

  /**
   * Opens a file, as {@link FileChannel#open(Path, OpenOption...)}.
   *
   * @param path the file
   * @param options how it is opened: the JDK's, such as {@link java.nio.file.StandardOpenOption}
   * @return a channel of that file
   * @throws IllegalArgumentException if the options contradict each other
   * @throws UnsupportedOperationException if the path's provider has no file channels
   * @throws java.nio.file.NoSuchFileException if the file does not exist and is not to be created
   * @throws java.nio.file.FileAlreadyExistsException if it exists and is to be created anew
   * @throws java.nio.file.AccessDeniedException if the user may not
   * @throws IOException if the file cannot be opened for another reason
   */
  public static SluiceFileChannel open(Path path, OpenOption... options) throws IOException {
    return wrap(FileChannel.open(path, options));
  }

  /**
   * Opens or creates a file, as {@link FileChannel#open(Path, Set, FileAttribute...)}.
   *
   * @param path the file
   * @param options how it is opened
   * @param attributes what a file that is created gets
   * @return a channel of that file
   * @throws IllegalArgumentException if the options contradict each other
   * @throws UnsupportedOperationException if the path's provider has no file channels, or cannot
   *     set an attribute
   * @throws java.nio.file.NoSuchFileException if the file does not exist and is not to be created
   * @throws java.nio.file.FileAlreadyExistsException if it exists and is to be created anew
   * @throws java.nio.file.AccessDeniedException if the user may not
   * @throws IOException if the file cannot be opened for another reason
   */
  public static SluiceFileChannel open(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return wrap(FileChannel.open(path, options, attributes));
  }

  /**
   * Puts Sluice's transfers over a channel. One of another provider than the JDK's own keeps its
   * own transfers, as with {@link Sluice#transferTo}.
   *
   * @param channel the channel; of a closed one a closed one is made
   * @return a channel of the same file; the channel itself where it is a {@code SluiceFileChannel}
   */
  public static SluiceFileChannel wrap(FileChannel channel) {
    if (channel instanceof SluiceFileChannel sluice) {
      return sluice;
    }
    SluiceFileChannel wrapper = new SluiceFileChannel(Objects.requireNonNull(channel));
    try {
      wrapper.follow();
    } catch (IOException e) {
      // Only if another provider's channel fails when it is closed a second time.
      throw new UncheckedIOException(e);
    }
    return wrapper;
  }

  @Override
  FileChannel file() {
    return file;
  }

  @Override
  void follow() throws IOException {
    if (!file.isOpen()) {
      close();
    }
  }

  /**
   * Transfers bytes from this file to a channel: {@link Sluice#transferTo} of this channel.
   *
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @param target where the bytes go
   * @return the bytes transferred, possibly 0
   * @throws IllegalArgumentException if the position or the count is negative
   * @throws java.nio.channels.NonReadableChannelException if this file is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the target is not open for writing
   * @throws java.nio.channels.NotYetConnectedException if the target is a socket that is not
   *     connected
   * @throws java.nio.channels.ClosedChannelException if either channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes either channel
   *     before a byte was transferred
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; both
   *     channels are closed then
   * @throws IOException if the kernel reports another error before a byte was transferred; the
   *     message names the errno
   */
  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return Unwrapped.transferTo(Transfers.AUTO, this, position, count, target, null);
  }

  /**
   * Transfers bytes from a channel into this file: {@link Sluice#transferFrom} of this channel.
   *
   * @param source where the bytes come from
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @return the bytes transferred, possibly 0
   * @throws IllegalArgumentException if the position or the count is negative
   * @throws java.nio.channels.NonReadableChannelException if the source is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if this file is not open for writing
   * @throws java.nio.channels.NotYetConnectedException if the source is a socket that is not
   *     connected
   * @throws java.nio.channels.ClosedChannelException if either channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes either channel
   *     before a byte was transferred
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; both
   *     channels are closed then
   * @throws IOException if the kernel reports another error before a byte was transferred, or bytes
   *     were taken that could not be stored; the message names the errno
   */
  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    return Unwrapped.transferFrom(Transfers.AUTO, this, source, position, count, null);
  }

  /**
   * Maps a part of this file into memory: {@link Sluice#map} of this channel.
   *
   * @param mode how
   * @param position the file offset of the first byte, in bytes, not negative
   * @param size the bytes to map, at most {@link Integer#MAX_VALUE}
   * @return the mapped bytes
   * @throws IllegalArgumentException if the position or the size is negative or too large
   * @throws UnsupportedOperationException if the mode is not supported
   * @throws java.nio.channels.NonReadableChannelException if this file is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if it is to be mapped for writing and is
   *     not open for writing
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws IOException if the file cannot be mapped for another reason
   */
  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return Unwrapped.map(this, mode, position, size);
  }

  /**
   * Acquires a lock on a part of this file: {@link FileChannel#lock(long, long, boolean)} of the
   * wrapped channel, which holds it. The lock says that this channel acquired it.
   *
   * @param position the file offset of the first byte, in bytes, not negative
   * @param size the bytes to lock
   * @param shared whether others may hold a shared lock of them as well
   * @return the lock
   * @throws IllegalArgumentException if the range is not a range
   * @throws java.nio.channels.NonReadableChannelException if a shared lock is asked for and this
   *     file is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if an exclusive lock is asked for and it
   *     is not open for writing
   * @throws java.nio.channels.OverlappingFileLockException if this JVM holds or waits for a lock
   *     that overlaps
   * @throws java.nio.channels.FileLockInterruptionException if the thread is interrupted
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws IOException if the kernel reports another error
   */
  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    try {
      return new Lock(this, file.lock(position, size, shared));
    } finally {
      follow();
    }
  }

  /**
   * Tries to acquire a lock on a part of this file, without waiting: {@link
   * FileChannel#tryLock(long, long, boolean)} of the wrapped channel, which holds it.
   *
   * @param position the file offset of the first byte, in bytes, not negative
   * @param size the bytes to lock
   * @param shared whether others may hold a shared lock of them as well
   * @return the lock, or null where another process holds one that overlaps
   * @throws IllegalArgumentException if the range is not a range
   * @throws java.nio.channels.NonReadableChannelException if a shared lock is asked for and this
   *     file is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if an exclusive lock is asked for and it
   *     is not open for writing
   * @throws java.nio.channels.OverlappingFileLockException if this JVM holds or waits for a lock
   *     that overlaps
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws IOException if the kernel reports another error
   */
  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    try {
      FileLock lock = file.tryLock(position, size, shared);
      return lock == null ? null : new Lock(this, lock);
    } finally {
      follow();
    }
  }

  /**
   * Reads bytes at this channel's position, which advances: {@link FileChannel#read(ByteBuffer)}.
   *
   * @param target where they go
   * @return how many bytes were read, or -1 at the end of the file
   * @throws IllegalArgumentException if the target is read-only
   * @throws java.nio.channels.NonReadableChannelException if this file is not open for reading
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public int read(ByteBuffer target) throws IOException {
    try {
      return file.read(target);
    } finally {
      follow();
    }
  }

  /**
   * Reads bytes at a position: {@link FileChannel#read(ByteBuffer, long)}.
   *
   * @param target where they go
   * @param position the file offset of the first byte, in bytes, not negative
   * @return how many bytes were read, or -1 at or beyond the end of the file
   * @throws IllegalArgumentException if the position is negative or the target read-only
   * @throws java.nio.channels.NonReadableChannelException if this file is not open for reading
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    try {
      return file.read(target, position);
    } finally {
      follow();
    }
  }

  /**
   * Reads bytes at this channel's position into buffers, one after the other: {@link
   * FileChannel#read(ByteBuffer[], int, int)}.
   *
   * @param targets where they go
   * @param offset which of them is the first
   * @param length how many of them are used
   * @return how many bytes were read, or -1 at the end of the file
   * @throws IndexOutOfBoundsException if there are not so many
   * @throws IllegalArgumentException if one of them is read-only
   * @throws java.nio.channels.NonReadableChannelException if this file is not open for reading
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    try {
      return file.read(targets, offset, length);
    } finally {
      follow();
    }
  }

  /**
   * Writes bytes at this channel's position, which advances, or at the end of a file that is open
   * for appending: {@link FileChannel#write(ByteBuffer)}.
   *
   * @param source where they come from
   * @return how many bytes were written
   * @throws java.nio.channels.NonWritableChannelException if this file is not open for writing
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    try {
      return file.write(source);
    } finally {
      follow();
    }
  }

  /**
   * Writes bytes at a position: {@link FileChannel#write(ByteBuffer, long)}.
   *
   * @param source where they come from
   * @param position the file offset of the first byte, in bytes, not negative
   * @return how many bytes were written
   * @throws IllegalArgumentException if the position is negative
   * @throws java.nio.channels.NonWritableChannelException if this file is not open for writing
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    try {
      return file.write(source, position);
    } finally {
      follow();
    }
  }

  /**
   * Writes bytes at this channel's position out of buffers, one after the other: {@link
   * FileChannel#write(ByteBuffer[], int, int)}.
   *
   * @param sources where they come from
   * @param offset which of them is the first
   * @param length how many of them are used
   * @return how many bytes were written
   * @throws IndexOutOfBoundsException if there are not so many
   * @throws java.nio.channels.NonWritableChannelException if this file is not open for writing
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    try {
      return file.write(sources, offset, length);
    } finally {
      follow();
    }
  }

  /**
   * This channel's position: {@link FileChannel#position()}.
   *
   * @return the file offset in bytes at which the next byte is read or written
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public long position() throws IOException {
    try {
      return file.position();
    } finally {
      follow();
    }
  }

  /**
   * Sets this channel's position, and the wrapped channel's: {@link FileChannel#position(long)}.
   *
   * @param position the file offset in bytes, not negative; it may lie beyond the end
   * @return this channel
   * @throws IllegalArgumentException if the position is negative
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public SluiceFileChannel position(long position) throws IOException {
    try {
      file.position(position);
      return this;
    } finally {
      follow();
    }
  }

  /**
   * The size of the file: {@link FileChannel#size()}.
   *
   * @return how many bytes it has
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public long size() throws IOException {
    try {
      return file.size();
    } finally {
      follow();
    }
  }

  /**
   * Cuts the file off where it is longer: {@link FileChannel#truncate(long)}.
   *
   * @param size the most bytes it has afterwards, not negative
   * @return this channel
   * @throws IllegalArgumentException if the size is negative
   * @throws java.nio.channels.NonWritableChannelException if this file is not open for writing
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public SluiceFileChannel truncate(long size) throws IOException {
    try {
      file.truncate(size);
      return this;
    } finally {
      follow();
    }
  }

  /**
   * Waits until what was written is on the device: {@link FileChannel#force(boolean)}.
   *
   * @param metaData whether what the file system knows of the file is to be there too
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes this channel
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; this channel
   *     is closed then
   * @throws IOException if the kernel reports another error
   */
  @Override
  public void force(boolean metaData) throws IOException {
    try {
      file.force(metaData);
    } finally {
      follow();
    }
  }

  @Override
  protected void implCloseChannel() throws IOException {
    file.close();
  }

  /**
   * The wrapped channel's lock, acquired by this channel.
   *
   * <p>That the JVM's locks do not overlap, and that they end with the channel, is seen to by the
   * wrapped channel.
   */
  private static final class Lock extends FileLock {
    private final FileLock lock;

    Lock(SluiceFileChannel channel, FileLock lock) {
      super(channel, lock.position(), lock.size(), lock.isShared());
      this.lock = lock;
    }

    @Override
    public boolean isValid() {
      return lock.isValid();
    }

    @Override
    public void release() throws IOException {
      lock.release();
    }
  }
}
