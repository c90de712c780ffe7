package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.jdk.PipeGuards;
import dev.sluice.internal.jdk.StreamGuards;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a socket or a pipe, held by the lock of that direction. A close wakes the thread
 * that is recorded there, and leaves the descriptor open until that thread has left.
 */
abstract class GuardedStream extends Endpoint {
  /** The channel of the transfer; null between two transfers. */
  @Nullable SelectableChannel stream;

  boolean blocking;
  boolean begun;

  /** An endpoint that {@link #turnTo(SelectableChannel)} has to be called on first. */
  GuardedStream() {
    super(SOCKET, NativeTransfer.OWN_OFFSET, null, null);
  }

  /** Turns to the channel of the next transfer, once the last transfer is over. */
  public final void turnTo(SelectableChannel next) {
    turnTo(next instanceof SocketChannel ? SOCKET : PIPE, next, lockOf(next));
    stream = next;
  }

  /** Forgets the channel of the last transfer. */
  public final void turnToNothing() {
    turnTo(SOCKET, null, null);
    stream = null;
  }

  /** What a transfer waits for: {@code POLLIN} or {@code POLLOUT}. */
  abstract int events();

  /** The lock of this direction. */
  abstract ReentrantLock lockOf(SelectableChannel channel);

  @Override
  public final int enter() {
    return stream.isOpen() ? StreamGuards.descriptor(stream) : -1;
  }

  @Override
  public final void leave() {}

  @Override
  public final boolean isBlocking() {
    return stream.isBlocking();
  }

  @Override
  public final boolean mayWaitUnseen() {
    return kind == PIPE && !PipeGuards.ARE_PRECLOSED;
  }

  @Override
  public final void await(int millis) throws IOException {
    StreamGuards.park(stream, events(), Math.max(0, TimeUnit.MILLISECONDS.toNanos(millis)));
  }

  @Override
  public final void park() throws IOException {
    StreamGuards.park(stream, events(), 0);
  }
}
