package dev.sluice.netty;

import dev.sluice.Sluice;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicLong;

/** One of the two channels of a relay, and the way from it to the other. */
final class RelayedChannel extends KernelReader {
  private final ChannelRelay relay;
  private final AtomicLong moved = new AtomicLong();
  private RelayedChannel target;

  // Used in the channel's event loop alone, as all below.

  private boolean isRelaying;

  /** Bytes in buffers that the target has not taken. */
  private long pending;

  /** Whether the peer has ended its output. */
  private boolean isInputOver;

  /** Whether all was moved and the target's output is shut down. */
  private volatile boolean isOver;

  RelayedChannel(ChannelRelay relay, Channel channel) {
    super(channel);
    this.relay = relay;
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
    isRelaying = true;
    borrow();
    channel.config().setAutoRead(true);
    if (channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
      inputIsOver();
    }
  }

  /** Leaves the channel as it was. */
  void end() {
    inEventLoop(
        () -> {
          if (isRelaying) {
            isRelaying = false;
            giveBack();
            leave();
          }
        });
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
   * Moves what the socket has to the other socket. Where nothing was moved, the stream has ended or
   * the target is full, which the write of what Netty reads then waits for.
   */
  @Override
  boolean move() {
    if (channel.eventLoop() != target.channel.eventLoop()
        || !isRelaying
        || !isReading()
        || !target.isRelaying
        || !target.isIdle()) {
      return false;
    }
    ByteChannel from = socket();
    ByteChannel to = target.socket();
    return from != null && to != null && moveAll(() -> relay(from, to));
  }

  private long relay(ByteChannel from, ByteChannel to) throws IOException {
    long now = Sluice.transfer(from, to, Long.MAX_VALUE);
    if (now > 0) {
      moved.addAndGet(now);
      relay.hasMoved();
    }
    return now;
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
}
