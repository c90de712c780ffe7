package dev.sluice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.jspecify.annotations.Nullable;

/**
 * A file channel that passes every call on to a wrapped channel. If the wrapped channel was closed,
 * for example by an interrupt, this channel closes itself at the end of the method that meets it.
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

  /** Closes this channel if the wrapped channel is closed. */
  final void follow() throws IOException {
    if (!file.isOpen()) {
      close();
    }
  }

  /**
   * Acquires a lock on a part of this file: {@link FileChannel#lock(long, long, boolean)} of the
   * wrapped channel. The wrapped channel holds the lock; {@link FileLock#acquiredBy} answers this
   * channel.
   *
   * @param position the file offset of the first byte, in bytes, not negative
   * @param size the bytes to lock
   * @param shared whether other processes may hold a shared lock of these bytes as well
   * @return the lock
   * @throws IllegalArgumentException if the position or the size is negative, or their sum too
   *     large
   * @throws java.nio.channels.NonReadableChannelException if a shared lock is asked for and this
   *     file is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if an exclusive lock is asked for and
   *     this file is not open for writing
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
   * FileChannel#tryLock(long, long, boolean)} of the wrapped channel, which holds the lock.
   *
   * @param position the file offset of the first byte, in bytes, not negative
   * @param size the bytes to lock
   * @param shared whether other processes may hold a shared lock of these bytes as well
   * @return the lock, or null if another process holds a lock that overlaps
   * @throws IllegalArgumentException if the position or the size is negative, or their sum too
   *     large
   * @throws java.nio.channels.NonReadableChannelException if a shared lock is asked for and this
   *     file is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if an exclusive lock is asked for and
   *     this file is not open for writing
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
   * @param target the buffer that gets the bytes
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
   * @param target the buffer that gets the bytes
   * @param position the file offset of the first byte, in bytes, not negative
   * @return how many bytes were read, or -1 at or beyond the end of the file
   * @throws IllegalArgumentException if the position is negative, or the target is read-only
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
   * @param targets the buffers that get the bytes
   * @param offset the index of the first buffer that is used
   * @param length the number of buffers that are used
   * @return how many bytes were read, or -1 at the end of the file
   * @throws IndexOutOfBoundsException if the array does not have these buffers
   * @throws IllegalArgumentException if one of the buffers is read-only
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
   * Writes bytes at this channel's position, which advances. Bytes for a file that is open for
   * appending are written at its end: {@link FileChannel#write(ByteBuffer)}.
   *
   * @param source the buffer that has the bytes
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
   * @param source the buffer that has the bytes
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
   * @param sources the buffers that have the bytes
   * @param offset the index of the first buffer that is used
   * @param length the number of buffers that are used
   * @return how many bytes were written
   * @throws IndexOutOfBoundsException if the array does not have these buffers
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
   * Returns this channel's position: {@link FileChannel#position()}.
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
   * Returns the size of the file: {@link FileChannel#size()}.
   *
   * @return the size in bytes
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
   * Waits until all written bytes are on the device: {@link FileChannel#force(boolean)}.
   *
   * @param metaData whether the file's metadata is to be on the device as well
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
   * <p>The wrapped channel makes sure that the JVM's locks do not overlap and that they end with
   * the channel.
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
