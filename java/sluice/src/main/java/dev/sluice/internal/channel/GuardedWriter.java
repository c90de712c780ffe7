package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.StreamGuards;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * The writing side of a socket or pipe, under its write lock: a closer wakes the thread that is
 * recorded as its writer, and leaves the descriptor open until that thread has gone.
 */
public final class GuardedWriter extends Endpoint {
  private final SelectableChannel channel;
  private boolean blocking;
  private boolean begun;

  GuardedWriter(SelectableChannel channel) {
    super(
        channel instanceof SocketChannel ? SOCKET : PIPE,
        NativeTransfer.OWN_OFFSET,
        channel,
        StreamGuards.writeLock(channel));
    this.channel = channel;
  }

  @Override
  public void begin(boolean hook) throws IOException {
    ensureConnected(channel);
    if (isOutputClosed()) {
      throw new ClosedChannelException();
    }
    blocking = channel.isBlocking();
    begun = true;
    StreamGuards.beginWrite(channel, blocking);
    StreamGuards.unblockForVirtualThread(channel);
  }

  @Override
  public int enter() {
    return channel.isOpen() ? StreamGuards.number(channel) : -1;
  }

  @Override
  public void leave() {}

  @Override
  public boolean isBlocking() {
    return channel.isBlocking();
  }

  @Override
  public boolean isUsable() {
    return channel.isOpen() && !isOutputClosed();
  }

  private boolean isOutputClosed() {
    return channel instanceof SocketChannel socket && StreamGuards.isOutputClosed(socket);
  }

  @Override
  public void await(int millis) throws IOException {
    StreamGuards.park(
        channel, NativeWait.POLLOUT, Math.max(0, TimeUnit.MILLISECONDS.toNanos(millis)));
  }

  @Override
  public void park() throws IOException {
    StreamGuards.park(channel, NativeWait.POLLOUT, 0);
  }

  @Override
  public void end(boolean completed) throws IOException {
    if (begun) {
      begun = false;
      StreamGuards.endWrite(channel, blocking, completed);
      // The JDK's own says nothing of a close where the channel is not blocking.
      if (!completed && !isUsable()) {
        throw new AsynchronousCloseException();
      }
    }
  }
}
