package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.StreamGuards;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A socket or a pipe that bytes are read from, held by its read lock. A close wakes the thread that
 * is recorded as the channel's reader, and leaves the descriptor open until that thread has left.
 */
public final class GuardedReader extends Endpoint {
  private @Nullable SelectableChannel channel;
  private boolean blocking;
  private boolean begun;

  GuardedReader(SelectableChannel channel) {
    super(kindOf(channel), NativeTransfer.OWN_OFFSET, channel, StreamGuards.readLock(channel));
    this.channel = channel;
  }

  private GuardedReader() {
    super(SOCKET, NativeTransfer.OWN_OFFSET, null, null);
  }

  /** An endpoint that {@link #turnTo} has to be called on first. */
  public static GuardedReader ofNothing() {
    return new GuardedReader();
  }

  /** Turns to the channel of the next transfer, once the last transfer is over. */
  public void turnTo(SelectableChannel next) {
    turnTo(kindOf(next), next, StreamGuards.readLock(next));
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
    blocking = channel.isBlocking();
    begun = true;
    StreamGuards.beginRead(channel, blocking);
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
  public void await(int millis) throws IOException {
    StreamGuards.park(
        channel, NativeWait.POLLIN, Math.max(0, TimeUnit.MILLISECONDS.toNanos(millis)));
  }

  @Override
  public void park() throws IOException {
    StreamGuards.park(channel, NativeWait.POLLIN, 0);
  }

  @Override
  public void end(boolean completed) throws IOException {
    if (begun) {
      begun = false;
      StreamGuards.endRead(channel, blocking, completed);
      // The JDK's endRead does not throw for a close if the channel is in non-blocking mode.
      if (!completed && !channel.isOpen()) {
        throw new AsynchronousCloseException();
      }
    }
  }

  /**
   * Whether {@code shutdownInput} was called. The JDK's reads then answer the end of the stream.
   */
  public boolean isShutDown() {
    return channel instanceof SocketChannel socket && StreamGuards.isInputClosed(socket);
  }
}
