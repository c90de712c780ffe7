package dev.sluice.netty;

import dev.sluice.Sluice;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * A part of a file that Netty sends, on its NIO, epoll and io_uring transports, from any {@link
 * FileChannel}: the JDK's own, a {@link dev.sluice.SluiceFileChannel}, or another provider's.
 *
 * <pre>{@code
 * channel.writeAndFlush(new SluiceFileRegion(file, 0, file.size()));
 * }</pre>
 *
 * <p>{@link io.netty.channel.DefaultFileRegion} is for the JDK's own channels only. The native code
 * of Netty's epoll and io_uring transports reads the field {@code fd} of whatever channel the
 * region has: with any other class the JVM ends on JDK 17, and on newer ones the peer gets no
 * bytes. Its io_uring transport counts in {@code int}, and sends other bytes than asked from 2 GiB
 * on. This region has neither limit, because Netty calls {@link #transferTo} for every region that
 * is not its own.
 *
 * <p>How the bytes go: by {@code sendfile(2)} on the NIO and epoll transports, out of the JDK's own
 * channels and those of Sluice; another provider's are read into buffers. On the io_uring transport
 * Netty has every foreign region copied into its own buffers. On epoll the descriptor is lent by a
 * field of Netty's that is protected: where Netty is a named module that does not open {@code
 * io.netty.channel.unix}, the bytes are copied as well.
 *
 * <p>A file that ends before the region does fails the write with an {@link IOException} that tells
 * how many bytes are missing, once the bytes that are there have been sent: what was promised to
 * the peer by a head cannot be kept, and the connection is to be closed. A peer that has gone away
 * fails the write with the error of the socket.
 *
 * <p>The region owns its file, which is closed with the last reference, as by Netty's own regions.
 * {@link #shared} makes regions that leave it open.
 *
 * @since 0.1.0
 */
public final class SluiceFileRegion extends AbstractReferenceCounted implements FileRegion {
  private final FileChannel file;
  private final long position;
  private final long count;
  private final boolean isOwner;
  private long transferred;

  /**
   * A part of a file, which is closed with the last reference to the region.
   *
   * @param file the file, open for reading
   * @param position the file offset of the first byte, in bytes
   * @param count how many bytes
   * @throws IllegalArgumentException if the position or the count is negative, or their sum is
   *     above {@link Long#MAX_VALUE}
   */
  public SluiceFileRegion(FileChannel file, long position, long count) {
    this(file, position, count, true);
  }

  private SluiceFileRegion(FileChannel file, long position, long count, boolean isOwner) {
    this.file = Objects.requireNonNull(file, "file");
    if (position < 0 || count < 0) {
      throw new IllegalArgumentException(
          "negative " + (position < 0 ? "position: " + position : "count: " + count));
    }
    if (position > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException(
          position + " + " + count + " is beyond what a file can hold");
    }
    this.position = position;
    this.count = count;
    this.isOwner = isOwner;
  }

  /**
   * A part of a file that is sent by many regions at a time, and that none of them closes.
   *
   * @param file the file, open for reading for as long as there is a region of it
   * @param position the file offset of the first byte, in bytes
   * @param count how many bytes
   * @return the region
   * @throws IllegalArgumentException as the constructor
   */
  public static SluiceFileRegion shared(FileChannel file, long position, long count) {
    return new SluiceFileRegion(file, position, count, false);
  }

  /** The file offset of the first byte, in bytes. */
  @Override
  public long position() {
    return position;
  }

  /** How many bytes the region has. */
  @Override
  public long count() {
    return count;
  }

  /** How many bytes have been sent. */
  @Override
  public long transferred() {
    return transferred;
  }

  /**
   * As {@link #transferred}.
   *
   * @deprecated by Netty
   */
  @Override
  @Deprecated
  public long transfered() {
    return transferred;
  }

  /**
   * Sends bytes. Netty calls this in the event loop of the channel.
   *
   * @param target where the bytes go
   * @param from the first byte of those that are sent, counted from the region's first
   * @return how many bytes the target has taken, 0 if it takes none at present
   * @throws IllegalArgumentException if {@code from} is negative or above {@link #count}
   * @throws IllegalReferenceCountException if the region was released
   * @throws IOException if the file ends here, or as {@link Sluice#transferTo}
   */
  @Override
  public long transferTo(WritableByteChannel target, long from) throws IOException {
    long left = count - from;
    if (from < 0 || left < 0) {
      throw new IllegalArgumentException(from + " is not in a region of " + count + " bytes");
    }
    if (refCnt() == 0) {
      throw new IllegalReferenceCountException(0);
    }
    if (left == 0) {
      return 0;
    }
    long moved = Sluice.transferTo(file, position + from, left, UnixSocket.lending(target));
    if (moved > 0) {
      transferred += moved;
    } else {
      ensureThere(from);
    }
    return moved;
  }

  private void ensureThere(long from) throws IOException {
    long size = file.size();
    if (size <= position + from) {
      throw new IOException(
          "the file ends at byte "
              + size
              + ": "
              + (count - from)
              + " of the region's "
              + count
              + " bytes are missing");
    }
  }

  @Override
  public SluiceFileRegion retain() {
    super.retain();
    return this;
  }

  @Override
  public SluiceFileRegion retain(int increment) {
    super.retain(increment);
    return this;
  }

  @Override
  public SluiceFileRegion touch() {
    return this;
  }

  @Override
  public SluiceFileRegion touch(Object hint) {
    return this;
  }

  @Override
  protected void deallocate() {
    if (!isOwner) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      Closing.LOGGER.warn("a file could not be closed", e);
    }
  }

  /** Made for the first close that fails. */
  private static final class Closing {
    static final io.netty.util.internal.logging.InternalLogger LOGGER =
        io.netty.util.internal.logging.InternalLoggerFactory.getInstance(SluiceFileRegion.class);
  }
}
