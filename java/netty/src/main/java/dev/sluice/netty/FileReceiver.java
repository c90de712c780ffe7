package dev.sluice.netty;

import dev.sluice.Sluice;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;

/**
 * Moves what a channel of Netty receives into a file: an upload. On the NIO and epoll transports
 * the bytes go from the socket to the file by {@code splice(2)}, and no {@link ByteBuf} has them.
 *
 * <pre>{@code
 * channel.pipeline().remove(decoder); // what it holds is forwarded, and received first
 * FileReceiver.receive(channel, file, 0, contentLength).addListener(stored -> answer(channel));
 * }</pre>
 *
 * <p>The bytes are those of the socket only while the pipeline has no handler but the receiver's
 * own. With others, as a {@code SslHandler}, it takes the {@link ByteBuf}s that come out of them,
 * and writes those; so it does on the io_uring transport, which reads ahead by itself. Both are
 * looked at for each piece, so that a handler may remove itself while bytes arrive.
 *
 * <p>What arrives before the call belongs to the channel's handlers: call it in the event loop, as
 * in a handler, or on a channel that does not read by itself yet. Netty closes a channel whose peer
 * ends its output before the call, unless {@code ALLOW_HALF_CLOSURE} is set.
 *
 * <p>All of it happens in the channel's event loop, which waits for the file's device as it would
 * in any handler that writes a file. The socket is read as fast as the file takes it: that is the
 * back-pressure. Meanwhile the channel reads by itself ({@code AUTO_READ}) and keeps its output
 * after the end of its input ({@code ALLOW_HALF_CLOSURE}), so that the upload can be answered; both
 * options are set back afterwards. Nothing is read beyond {@code count} bytes by the kernel; of
 * buffers, what lies beyond goes to the next handler.
 *
 * @since 0.1.0
 */
public final class FileReceiver extends KernelReader {
  private final FileChannel file;
  private final long from;
  private final long count;
  private final Promise<Long> promise;

  private long received;
  private boolean isEnded;

  private FileReceiver(Channel channel, FileChannel file, long from, long count) {
    super(channel);
    this.file = file;
    this.from = from;
    this.count = count;
    promise = channel.eventLoop().newPromise();
  }

  /**
   * Receives into a file, from the bytes on that the channel's handlers have not yet taken.
   *
   * @param source the channel, registered with an event loop
   * @param target the file, open for writing until the future is complete, not in append mode
   * @param position the file offset of the first byte, in bytes
   * @param count how many bytes; {@link Long#MAX_VALUE} for all until the peer ends its output
   * @return how many bytes were received: fewer than {@code count} only where the peer has ended
   *     its output. It fails with the {@link IOException} of the socket or the file, with {@link
   *     ClosedChannelException} if either was closed, with {@link
   *     java.nio.channels.NonWritableChannelException} if the file is open for reading only, and
   *     with {@link IllegalStateException} if the channel receives already; bytes that had left the
   *     socket and did not reach the file are told by a suppressed {@link
   *     dev.sluice.StrandedBytesException}. A cancel of the future ends it where it stands
   * @throws IllegalArgumentException if the position or the count is negative
   */
  public static Future<Long> receive(
      Channel source, FileChannel target, long position, long count) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
    if (position < 0 || count < 0) {
      throw new IllegalArgumentException(
          "negative " + (position < 0 ? "position: " + position : "count: " + count));
    }
    FileReceiver receiver = new FileReceiver(source, target, position, count);
    if (source.eventLoop().inEventLoop()) {
      receiver.begin();
    } else {
      source.eventLoop().execute(receiver::begin);
    }
    return receiver.promise;
  }

  private void begin() {
    FileReceiver other = channel.pipeline().get(FileReceiver.class);
    if (other != null && !other.isEnded) {
      promise.tryFailure(new IllegalStateException(channel + " receives into a file already"));
      return;
    }
    if (!channel.isActive() || !file.isOpen()) {
      promise.tryFailure(new ClosedChannelException());
      return;
    }
    if (count == 0 || channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
      promise.trySuccess(0L);
      return;
    }
    borrow();
    promise.addListener(done -> cancelled(done));
    channel.config().setAutoRead(true);
  }

  private void cancelled(Future<?> done) {
    if (done.isCancelled()) {
      channel.eventLoop().execute(this::end);
    }
  }

  @Override
  boolean move() {
    if (isEnded || !isReading()) {
      return false;
    }
    ReadableByteChannel socket = socket();
    return socket != null && moveAll(() -> receive(socket));
  }

  private long receive(ReadableByteChannel socket) throws IOException {
    long moved =
        received < count ? Sluice.transferFrom(file, socket, from + received, count - received) : 0;
    received += moved;
    return moved;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause != ReadHook.MOVED) {
      fail(cause);
    } else if (failure != null) {
      fail(failure);
    } else if (received == count) {
      succeed();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes) || isEnded) {
      context.fireChannelRead(message);
      return;
    }
    boolean isPassedOn = false;
    try {
      long end = Math.min(count, received + bytes.readableBytes());
      while (received < end) {
        received += bytes.readBytes(file, from + received, (int) (end - received));
      }
      if (received == count) {
        isPassedOn = bytes.isReadable();
        // Whoever is told may add the handler for what follows.
        isEnded = true;
        giveBack();
        promise.trySuccess(received);
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    } finally {
      if (!isPassedOn) {
        ReferenceCountUtil.release(message);
      }
    }
    if (isPassedOn) {
      context.fireChannelRead(message);
    }
    if (isEnded) {
      leave();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (isEnded || !isAlone()) {
      context.fireChannelReadComplete();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      succeed();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(new ClosedChannelException());
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    fail(new IllegalStateException("the receiver was removed from its pipeline"));
  }

  private void succeed() {
    if (!isEnded) {
      end();
      promise.trySuccess(received);
    }
  }

  private void fail(Throwable cause) {
    if (!isEnded) {
      end();
      promise.tryFailure(cause);
    }
  }

  private void end() {
    if (!isEnded) {
      isEnded = true;
      giveBack();
      leave();
    }
  }
}
