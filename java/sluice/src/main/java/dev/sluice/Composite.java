package dev.sluice;

import dev.sluice.internal.mapping.RegionResponsePart;
import dev.sluice.internal.transfer.Arguments;
import dev.sluice.internal.transfer.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/**
 * A response to a peer: a head, files, parts of mapped files, a trailer, in the order in which they
 * are added. It goes out as one: TCP is told with each call but the last that more bytes follow
 * ({@code MSG_MORE}), so that a head and a small file are one packet, and no peer waits for the
 * acknowledgement of a head. With NIO, a head by {@code write} and a file by {@code transferTo} are
 * two packets, and 40 ms a response where {@code TCP_NODELAY} is off.
 *
 * <pre>{@code
 * Composite response = Composite.of(head).add(file, 0, file.size()).add(trailer);
 * response.sendTo(socket);
 * }</pre>
 *
 * <p>Neighbouring buffers, and files of at most 16 KiB beside others, are copied together and sent
 * by one {@code send(2)}. A larger file goes by {@code sendfile(2)}, a larger part of a region by
 * {@code write(2)} out of the mapping. A head and a file are two system calls. Where a part is not
 * copied so, they come after a look at the sizes of the files. The calls that send a larger part
 * cannot say that more follows: around such a part before others the socket is corked ({@code
 * TCP_CORK}, see {@code tcp(7)}). The report counts neither. The cork is gone when {@link #sendTo}
 * ends, however it ends. A cork that was there before stays.
 *
 * <p>A composite is sent once. It belongs to one thread at a time. The bytes of a buffer and of a
 * file are read while they are sent: they must not change before.
 *
 * @since 0.1.0
 */
public final class Composite {
  private final Response response = new Response();

  private Composite() {}

  /**
   * Begins a composite.
   *
   * @param head buffers, of which the bytes from position to limit are sent; their positions do not
   *     change
   * @return the composite
   */
  public static Composite of(ByteBuffer... head) {
    Composite composite = new Composite();
    for (ByteBuffer bytes : head) {
      composite.add(bytes);
    }
    return composite;
  }

  /**
   * Adds the bytes of a buffer.
   *
   * @param bytes a buffer, of which the bytes from position to limit are sent; its position does
   *     not change
   * @return this composite
   * @throws IllegalStateException if bytes of the composite were sent already
   */
  public Composite add(ByteBuffer bytes) {
    response.add(bytes);
    return this;
  }

  /**
   * Adds a part of a file. The file's own position is neither used nor changed.
   *
   * @param file the file, open for reading
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count how many bytes, not negative; {@link #sendTo} refuses a part that goes beyond the
   *     end of the file
   * @return this composite
   * @throws IllegalArgumentException if the position or the count is negative
   * @throws ArithmeticException if all parts together have more than {@link Long#MAX_VALUE} bytes
   * @throws IllegalStateException if bytes of the composite were sent already
   */
  public Composite add(FileChannel file, long position, long count) {
    Arguments.ensureNotNegative(position, count);
    response.add(Unwrapping.file(Objects.requireNonNull(file, "file")), position, count);
    return this;
  }

  /**
   * Adds a part of a mapped region.
   *
   * @param region the region, which stays open until the composite is sent
   * @param offset the offset in the region, in bytes
   * @param count how many bytes
   * @return this composite
   * @throws IndexOutOfBoundsException if the part does not lie within the region
   * @throws IllegalStateException if the region is closed, or bytes of the composite were sent
   *     already
   */
  public Composite add(MappedRegion region, long offset, long count) {
    response.add(new RegionResponsePart(region.region(), offset, count));
    return this;
  }

  /**
   * Returns how many bytes have not been sent. It is exact after every end of {@link #sendTo}, an
   * exception included.
   *
   * @return the bytes, 0 once all parts were sent
   */
  public long remaining() {
    return response.remaining();
  }

  /**
   * Sends what remains.
   *
   * <p>A channel in blocking mode gets all bytes, unless a limit among the options ends the call
   * before; on a virtual thread the thread is parked meanwhile. A channel in non-blocking mode
   * takes what it can at once, possibly nothing. In both cases the next call goes on where this one
   * stopped. Between two parts another thread may write to the same channel.
   *
   * <p>A channel that is not the JDK's own is written by its own method, from new arrays of at most
   * 64 KiB.
   *
   * @param target the socket
   * @param options limits, a cancellation, who is told of the progress
   * @return the bytes that this call sent
   * @throws java.io.EOFException if a file has fewer bytes than its part: before a byte of the
   *     composite was sent, or, if the file was cut meanwhile, in the middle; the message says how
   *     many bytes are missing
   * @throws java.nio.channels.NonReadableChannelException if a file is not open for reading
   * @throws java.nio.channels.NotYetConnectedException if the socket is not connected
   * @throws java.nio.channels.ClosedChannelException if a channel is closed, or the output of the
   *     socket is shut down
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; the socket
   *     is closed then, and the file whose bytes were being sent
   * @throws UnsupportedOperationException if an option is not known, or a limit is given and the
   *     channel is not the JDK's own or the native library is not loaded
   * @throws IllegalStateException if a region of the composite is closed, or was made smaller than
   *     its part
   * @throws IOException if the kernel reports another error
   */
  public long sendTo(SocketChannel target, TransferOption... options) throws IOException {
    return response.send(target, TransferOptions.terms(options));
  }
}
