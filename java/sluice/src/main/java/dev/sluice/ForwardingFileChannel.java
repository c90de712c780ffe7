package dev.sluice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.jspecify.annotations.Nullable;

/**
 * A file channel over another one, which does what is asked of it. It follows that channel: a
 * wrapped channel that was closed, by an interrupt for example, closes its wrapper at the end of
 * each method.
 */
abstract class ForwardingFileChannel extends FileChannel {
  private final FileChannel file;

  ForwardingFileChannel(FileChannel file) {
    this.file = file;
  }

  /** The wrapped channel. */
  final FileChannel file() {
    return file;
  }

  final void follow() throws IOException {
    if (!file.isOpen()) {
      close();
    }
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

    Lock(FileChannel channel, FileLock lock) {
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
