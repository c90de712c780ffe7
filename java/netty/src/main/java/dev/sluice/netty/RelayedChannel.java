package dev.sluice.netty;

import dev.sluice.Sluice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicLong;

/** One of the two channels of a relay, and the way from it to the other. */
final class RelayedChannel extends ChannelDuplexHandler {
  /** How often a socket is emptied before other channels of the event loop have their turn. */
  private static final int MOST_MOVES = 16;

  private final ChannelRelay relay;
  private final Channel channel;
  private final AtomicLong moved = new AtomicLong();
  private RelayedChannel target;

  // Used in the channel's event loop alone, as all below.

  private ReadHook hook;
  private ByteBufAllocator allocator;
  private boolean wasAutoRead;
  private boolean wasHalfClosing;
  private boolean isRelaying;
  private boolean isWriting;

  /** Bytes in buffers that the target has not taken. */
  private long pending;

  /** Whether the peer has ended its output. */
  private boolean isInputOver;

  /** What the hook has met, told when Netty has left it. */
  private Throwable failure;

  /** Whether all was moved and the target's output is shut down. */
  private volatile boolean isOver;

  RelayedChannel(ChannelRelay relay, Channel channel) {
    this.relay = relay;
    this.channel = channel;
  }

  void relayTo(RelayedChannel other) {
    target = other;
  }

  long moved() {
    return moved.get();
  }

  boolean isOver() {
    return isOver;
  }

  private void inEventLoop(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
    } else {
      channel.eventLoop().execute(task);
    }
  }

  void begin() {
    inEventLoop(this::beginHere);
  }

  private void beginHere() {
    if (relay.hasBeenEnded()) {
      return;
    }
    if (!channel.isActive()) {
      relay.end(new ClosedChannelException());
      return;
    }
    wasAutoRead = channel.config().isAutoRead();
    wasHalfClosing =
        Boolean.TRUE.equals(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE));
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    allocator = channel.config().getAllocator();
    hook = new ReadHook(allocator, this::move);
    channel.config().setAllocator(hook);
    EpollRegistration.keep(channel);
    isRelaying = true;
    channel.pipeline().addLast(this);
    if (channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
      inputIsOver();
    }
    channel.config().setAutoRead(true);
  }

  /** Leaves the channel as it was. */
  void giveBack() {
    inEventLoop(this::giveBackHere);
  }

  private void giveBackHere() {
    if (!isRelaying) {
      return;
    }
    isRelaying = false;
    if (channel.config().getAllocator() == hook) {
      channel.config().setAllocator(allocator);
    }
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, wasHalfClosing);
    channel.config().setAutoRead(wasAutoRead);
    if (channel.pipeline().context(this) != null) {
      channel.pipeline().remove(this);
    }
  }

  /** Closes the channel so that its peer sees a reset. */
  void reset() {
    inEventLoop(
        () -> {
          if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
          }
        });
  }

  /**
   * Moves what the socket has to the other socket.
   *
   * @return whether Netty is not to read: it is where nothing was moved, because the stream has
   *     ended or the target is full, which its write then waits for
   */
  private boolean move() {
    if (!isRelaying || isWriting || !isIdle(channel) || !isIdle(target.channel)) {
      return false;
    }
    ByteChannel from = socket();
    ByteChannel to = target.socket();
    if (from == null || to == null || channel.eventLoop() != target.channel.eventLoop()) {
      return false;
    }
    long all = 0;
    try {
      long now = 1;
      for (int moves = 0; moves < MOST_MOVES && now > 0; moves++) {
        now = Sluice.transfer(from, to, Long.MAX_VALUE);
        all += now;
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    if (all > 0) {
      moved.addAndGet(all);
      relay.hasMoved();
    }
    return all > 0 || failure != null;
  }

  /** Whether nothing that was written waits for the socket. */
  private static boolean isIdle(Channel channel) {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    return outbound != null && outbound.isEmpty();
  }

  /** The socket, if no other handler sees its bytes. */
  private ByteChannel socket() {
    return isRelaying && KernelSocket.isRaw(channel.pipeline(), this)
        ? KernelSocket.of(channel)
        : null;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause != ReadHook.MOVED) {
      relay.breakOff(cause);
    } else if (failure != null) {
      relay.breakOff(failure);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!isRelaying || !(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    int count = bytes.readableBytes();
    pending += count;
    ChannelFuture written = target.channel.writeAndFlush(bytes);
    if (written.isSuccess()) {
      hasWritten(count);
      return;
    }
    channel.config().setAutoRead(false);
    written.addListener(done -> inEventLoop(() -> wrote(count, done.cause())));
  }

  private void hasWritten(int count) {
    pending -= count;
    moved.addAndGet(count);
    relay.hasMoved();
  }

  private void wrote(int count, Throwable cause) {
    if (cause != null) {
      relay.breakOff(cause);
      return;
    }
    hasWritten(count);
    if (pending > 0 || !isRelaying) {
      return;
    }
    if (isInputOver) {
      endTarget();
    } else {
      channel.config().setAutoRead(true);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent && isRelaying) {
      inputIsOver();
    }
    context.fireUserEventTriggered(event);
  }

  private void inputIsOver() {
    isInputOver = true;
    if (pending == 0) {
      endTarget();
    }
  }

  private void endTarget() {
    if (target.channel instanceof DuplexChannel duplex) {
      duplex
          .shutdownOutput()
          .addListener(
              done -> {
                isOver = true;
                relay.hasEnded();
              });
    } else {
      isOver = true;
      relay.hasEnded();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (isRelaying && !(isOver && target.isOver)) {
      relay.end(new ClosedChannelException());
    }
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (isRelaying) {
      relay.end(new IllegalStateException("the relay was removed from a pipeline"));
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
    isWriting = true;
    try {
      context.write(message, written);
    } finally {
      isWriting = false;
    }
  }
}
