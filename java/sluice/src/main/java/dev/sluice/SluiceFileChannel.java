package dev.sluice;

import dev.sluice.internal.boundary.Mechanisms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Objects;
import java.util.Set;

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
 * <p><strong>Never hand this channel to a library that reads fields of the JDK's own
 * channels.</strong> The native code of Netty's {@code DefaultFileRegion} does, on the epoll and
 * io_uring transports: it takes every {@code FileChannel} for the JDK's class. On JDK 17 the JVM
 * ends, on newer ones the peer gets no bytes. Give it {@link #unwrap}, or use the {@code
 * SluiceFileRegion} of the artifact {@code sluice-netty}; docs/netty.md tells how to find others.
 *
 * <p>On JDK 22 and newer it has {@code map(MapMode, long, long, Arena)} as well.
 *
 * <p>It is as safe for use by several threads as the wrapped channel.
 *
 * @since 0.1.0
 */
public final class SluiceFileChannel extends SegmentFileChannel {
  private SluiceFileChannel(FileChannel file) {
    super(file);
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
   * @throws java.nio.file.FileAlreadyExistsException if the file exists and {@code CREATE_NEW} is
   *     given
   * @throws java.nio.file.AccessDeniedException if the user may not open the file
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
   * @param attributes the attributes that a created file gets
   * @return a channel of that file
   * @throws IllegalArgumentException if the options contradict each other
   * @throws UnsupportedOperationException if the path's provider has no file channels, or cannot
   *     set an attribute
   * @throws java.nio.file.NoSuchFileException if the file does not exist and is not to be created
   * @throws java.nio.file.FileAlreadyExistsException if the file exists and {@code CREATE_NEW} is
   *     given
   * @throws java.nio.file.AccessDeniedException if the user may not open the file
   * @throws IOException if the file cannot be opened for another reason
   */
  public static SluiceFileChannel open(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return wrap(FileChannel.open(path, options, attributes));
  }

  /**
   * Wraps a channel, so that its transfers are those of {@link Sluice}. The transfers of another
   * provider's channel stay that channel's own, as with {@link Sluice#transferTo}.
   *
   * @param channel the channel; the wrapper of a closed channel is closed
   * @return the wrapper; the channel itself if it is a {@code SluiceFileChannel}
   * @throws UncheckedIOException if the channel is closed, is another provider's, and fails when it
   *     is closed a second time
   */
  public static SluiceFileChannel wrap(FileChannel channel) {
    if (channel instanceof SluiceFileChannel sluice) {
      return sluice;
    }
    SluiceFileChannel wrapper = new SluiceFileChannel(Objects.requireNonNull(channel));
    try {
      wrapper.follow();
    } catch (IOException e) {
      // Another provider's channel may fail when it is closed a second time.
      throw new UncheckedIOException(e);
    }
    return wrapper;
  }

  /**
   * Returns the wrapped channel: one of the JDK's own, for code that asks for that.
   *
   * @return the channel, which shares the file, the position and the locks with this one
   */
  public FileChannel unwrap() {
    return file();
  }

  /**
   * Transfers bytes from this file to a channel: {@link Sluice#transferTo} of this channel.
   *
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @param target the channel that gets the bytes
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
    return Unwrapping.transferTo(Mechanisms.AUTO, this, position, count, target, null);
  }

  /**
   * Transfers bytes from a channel into this file: {@link Sluice#transferFrom} of this channel.
   *
   * @param source the channel that gives the bytes
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
   * @throws IOException if the kernel reports another error before a byte was transferred, or if
   *     bytes were taken from the source that could not be stored; the message names the errno
   */
  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    return Unwrapping.transferFrom(Mechanisms.AUTO, this, source, position, count, null);
  }

  /**
   * Maps a part of this file into memory: {@link Sluice#map} of this channel.
   *
   * @param mode {@code READ_ONLY}, {@code READ_WRITE}, or {@code PRIVATE} (copy-on-write)
   * @param position the file offset of the first byte, in bytes, not negative
   * @param size the bytes to map, at most {@link Integer#MAX_VALUE}
   * @return the mapped bytes
   * @throws IllegalArgumentException if the position or the size is negative or too large
   * @throws UnsupportedOperationException if the mode is not supported
   * @throws java.nio.channels.NonReadableChannelException if this file is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the mode is another than {@code
   *     READ_ONLY} and this file is not open for writing
   * @throws java.nio.channels.ClosedChannelException if this channel is closed
   * @throws IOException if the file cannot be mapped for another reason
   */
  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return Unwrapping.map(this, mode, position, size);
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
      file().position(position);
      return this;
    } finally {
      follow();
    }
  }

  /**
   * Shortens the file to a size, if the file is longer: {@link FileChannel#truncate(long)}.
   *
   * @param size the most bytes that the file has afterwards, not negative
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
      file().truncate(size);
      return this;
    } finally {
      follow();
    }
  }
}
