package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.StreamGuards;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A socket or a pipe that bytes are read from, held by its read lock. A close wakes the thread that
 * is recorded as the channel's reader, and leaves the descriptor open until that thread has left.
 */
public final class GuardedReader extends GuardedStream {
  /** An endpoint that {@link #turnTo} has to be called on first. */
  public GuardedReader() {}

  /**
   * An endpoint of a channel. The type of the result spares the caller's verifier this class, where
   * a start does not need it.
   */
  static Endpoint of(SelectableChannel channel) {
    GuardedReader endpoint = new GuardedReader();
    endpoint.turnTo(channel);
    return endpoint;
  }

  @Override
  int events() {
    return NativeWait.POLLIN;
  }

  @Override
  ReentrantLock lockOf(SelectableChannel channel) {
    return StreamGuards.readLock(channel);
  }

  @Override
  public void begin(boolean hook) throws IOException {
    ensureConnected(stream);
    blocking = stream.isBlocking();
    begun = true;
    StreamGuards.beginRead(stream, blocking);
    StreamGuards.unblockForVirtualThread(stream);
  }

  @Override
  public void end(boolean completed) throws IOException {
    if (begun) {
      begun = false;
      StreamGuards.endRead(stream, blocking, completed);
      // The JDK's endRead does not throw for a close if the channel is in non-blocking mode.
      if (!completed && !stream.isOpen()) {
        throw new AsynchronousCloseException();
      }
    }
  }

  /**
   * Whether {@code shutdownInput} was called. The JDK's reads then answer the end of the stream.
   */
  @Override
  public boolean isInputShutDown() {
    return stream instanceof SocketChannel socket && StreamGuards.isInputClosed(socket);
  }
}
