package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.StreamGuards;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A socket or a pipe that bytes are written to, held by its write lock. A close wakes the thread
 * that is recorded as the channel's writer, and leaves the descriptor open until that thread has
 * left.
 */
public final class GuardedWriter extends GuardedStream {
  /** An endpoint that {@link #turnTo} has to be called on first. */
  public GuardedWriter() {}

  /**
   * An endpoint of a channel. The type of the result spares the caller's verifier this class, where
   * a start does not need it.
   */
  static Endpoint of(SelectableChannel channel) {
    GuardedWriter endpoint = new GuardedWriter();
    endpoint.turnTo(channel);
    return endpoint;
  }

  @Override
  int events() {
    return NativeWait.POLLOUT;
  }

  @Override
  ReentrantLock lockOf(SelectableChannel channel) {
    return StreamGuards.writeLock(channel);
  }

  @Override
  public void begin(boolean hook) throws IOException {
    ensureConnected(stream);
    if (isOutputClosed(stream)) {
      throw new ClosedChannelException();
    }
    blocking = stream.isBlocking();
    begun = true;
    StreamGuards.beginWrite(stream, blocking);
    StreamGuards.unblockForVirtualThread(stream);
  }

  @Override
  public boolean isUsable() {
    return isWritable(stream);
  }

  @Override
  Usability usability() {
    return GuardedWriter::isWritable;
  }

  /** Whether a channel is open and, if it is a socket, its output as well. */
  public static boolean isWritable(Channel channel) {
    return channel.isOpen() && !isOutputClosed(channel);
  }

  private static boolean isOutputClosed(Channel channel) {
    return channel instanceof SocketChannel socket && StreamGuards.isOutputClosed(socket);
  }

  @Override
  public void end(boolean completed) throws IOException {
    if (begun) {
      begun = false;
      StreamGuards.endWrite(stream, blocking, completed);
      // The JDK's endWrite does not throw for a close if the channel is in non-blocking mode.
      if (!completed && !isUsable()) {
        throw new AsynchronousCloseException();
      }
    }
  }
}
