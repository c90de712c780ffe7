package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.StreamGuards;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A socket or a pipe that bytes are written to, held by its write lock. A close wakes the thread
 * that is recorded as the channel's writer, and leaves the descriptor open until that thread has
 * left.
 */
public final class GuardedWriter extends Endpoint {
  private @Nullable SelectableChannel channel;
  private boolean blocking;
  private boolean begun;

  GuardedWriter(SelectableChannel channel) {
    super(kindOf(channel), NativeTransfer.OWN_OFFSET, channel, StreamGuards.writeLock(channel));
    this.channel = channel;
  }

  private GuardedWriter() {
    super(SOCKET, NativeTransfer.OWN_OFFSET, null, null);
  }

  /** An endpoint that {@link #turnTo} has to be called on first. */
  public static GuardedWriter ofNothing() {
    return new GuardedWriter();
  }

  /** Turns to the channel of the next transfer, once the last transfer is over. */
  public void turnTo(SelectableChannel next) {
    turnTo(kindOf(next), next, StreamGuards.writeLock(next));
    channel = next;
  }

  /** Forgets the channel of the last transfer. */
  public void turnToNothing() {
    turnTo(SOCKET, null, null);
    channel = null;
  }

  private static int kindOf(SelectableChannel channel) {
    return channel instanceof SocketChannel ? SOCKET : PIPE;
  }

  @Override
  public void begin(boolean hook) throws IOException {
    ensureConnected(channel);
    if (isOutputClosed(channel)) {
      throw new ClosedChannelException();
    }
    blocking = channel.isBlocking();
    begun = true;
    StreamGuards.beginWrite(channel, blocking);
    StreamGuards.unblockForVirtualThread(channel);
  }

  @Override
  public int enter() {
    return channel.isOpen() ? StreamGuards.descriptor(channel) : -1;
  }

  @Override
  public void leave() {}

  @Override
  public boolean isBlocking() {
    return channel.isBlocking();
  }

  @Override
  public boolean isUsable() {
    return isWritable(channel);
  }

  @Override
  Usability usability() {
    return GuardedWriter::isWritable;
  }

  private static boolean isWritable(Channel channel) {
    return channel.isOpen() && !isOutputClosed(channel);
  }

  private static boolean isOutputClosed(Channel channel) {
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
      // The JDK's endWrite does not throw for a close if the channel is in non-blocking mode.
      if (!completed && !isUsable()) {
        throw new AsynchronousCloseException();
      }
    }
  }
}
