package dev.sluice.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.nio.channels.ByteChannel;

/**
 * The handler of a channel whose bytes go by the kernel where they can, and out of buffers
 * elsewhere. It borrows the channel's allocator and options, and gives them back. All of it happens
 * in the channel's event loop.
 */
abstract class KernelReader extends ChannelDuplexHandler {
  /** How often a socket is emptied before other channels of the event loop have their turn. */
  private static final int MOST_MOVES = 16;

  final Channel channel;

  /** What the hook has met, told when Netty has left it. */
  Throwable failure;

  private ReadHook hook;
  private ByteBufAllocator allocator;
  private boolean wasAutoRead;
  private boolean wasHalfClosing;
  private boolean isWriting;

  KernelReader(Channel channel) {
    this.channel = channel;
  }

  /**
   * Moves what the socket has, by the kernel.
   *
   * @return whether Netty is not to read
   */
  abstract boolean move();

  /** One transfer of {@link #moveAll}. */
  interface Transfer {
    /** Moves bytes that are there, and answers how many. */
    long run() throws IOException;
  }

  /**
   * Repeats a transfer until it moves nothing, or others have their turn.
   *
   * @return whether Netty is not to read: something was moved, or has failed
   */
  final boolean moveAll(Transfer transfer) {
    boolean hasMoved = false;
    try {
      for (int moves = 0; moves < MOST_MOVES && transfer.run() > 0; moves++) {
        hasMoved = true;
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    return hasMoved || failure != null;
  }

  /** Has the channel read by this handler, and keep its output after the end of its input. */
  final void borrow() {
    wasAutoRead = channel.config().isAutoRead();
    wasHalfClosing =
        Boolean.TRUE.equals(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE));
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    allocator = channel.config().getAllocator();
    hook = new ReadHook(allocator, this::move);
    channel.config().setAllocator(hook);
    EpollRegistration.keep(channel);
    channel.pipeline().addLast(this);
  }

  /** Gives the channel's allocator and options back. */
  final void giveBack() {
    if (channel.config().getAllocator() == hook) {
      channel.config().setAllocator(allocator);
    }
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, wasHalfClosing);
    channel.config().setAutoRead(wasAutoRead);
  }

  final void leave() {
    if (channel.pipeline().context(this) != null) {
      channel.pipeline().remove(this);
    }
  }

  /** Whether a buffer that is asked for can be one to read into: what is written allocates too. */
  final boolean isReading() {
    return !isWriting && isIdle();
  }

  /** Whether nothing that was written waits for the socket. */
  final boolean isIdle() {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    return outbound != null && outbound.isEmpty();
  }

  /** Whether no other handler sees the socket's bytes. */
  final boolean isAlone() {
    return channel.pipeline().first() == this && channel.pipeline().last() == this;
  }

  /** The socket, or null if its bytes do not go by the kernel. */
  final ByteChannel socket() {
    return isAlone() ? KernelSocket.of(channel) : null;
  }

  @Override
  public final void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
    isWriting = true;
    try {
      context.write(message, written);
    } finally {
      isWriting = false;
    }
  }
}
