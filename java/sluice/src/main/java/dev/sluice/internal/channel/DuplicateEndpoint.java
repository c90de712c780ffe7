package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeChannel;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.DescriptorNumber;
import dev.sluice.internal.jdk.Threads;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A channel that is held without the JDK's guards: the transfer runs on a duplicate of the
 * channel's descriptor, which {@link SecondDescriptors} makes.
 *
 * <p>The endpoint looks whether the channel is open, duplicates the descriptor, and looks again, so
 * that the duplicate is certainly the channel's own. From then on the channel's number no longer
 * matters. The peer of a closed socket sees the end of the connection when the duplicate is closed
 * too, at most {@link #WAIT_MILLIS} later.
 *
 * <p>A platform thread waits in its system calls, whether the channel is in blocking mode or not.
 * The {@link CloseWatcher} ends the wait when the channel is closed. A virtual thread never waits
 * in a system call: at the first use of a channel on a virtual thread, the JDK's own read or write
 * makes the descriptor non-blocking.
 */
public final class DuplicateEndpoint extends PolledEndpoint {
  private static final PerChannelLocks READS = new PerChannelLocks();
  private static final PerChannelLocks WRITES = new PerChannelLocks();

  private final @Nullable Socket socketView;
  private boolean begun;

  private DuplicateEndpoint(
      Channel channel, int kind, long position, int events, @Nullable ReentrantLock turn) {
    super(kind, position, channel, events, turn);
    socketView = socketView(channel);
  }

  /** A file at an offset in bytes, or at its own position. */
  static Endpoint file(FileChannel file, long position, @Nullable ReentrantLock turn) {
    return new DuplicateEndpoint(file, FILE, position, 0, turn);
  }

  /**
   * A FIFO or a terminal that is read. A transfer waits for it, and bytes that were read are gone
   * from it.
   */
  static Endpoint ofStream(FileChannel file, ReentrantLock turn) {
    return new DuplicateEndpoint(file, PIPE, NativeTransfer.OWN_OFFSET, NativeWait.POLLIN, turn);
  }

  /** A socket or one end of a pipe; {@code events} is what the transfer waits for. */
  static Endpoint selectable(SelectableChannel channel, int events) {
    int kind = channel instanceof SocketChannel ? SOCKET : PIPE;
    ReentrantLock turn = (events == NativeWait.POLLIN ? READS : WRITES).of(channel);
    return new DuplicateEndpoint(channel, kind, NativeTransfer.OWN_OFFSET, events, turn);
  }

  @Override
  public void begin(boolean hook) throws IOException {
    ensureConnected(channel);
    begun = true;
    fd = duplicate();
    if (isOutputClosed()) {
      throw new ClosedChannelException();
    }
    if (isPolled() && isBlocking()) {
      unblock();
    }
    if (hook) {
      hook();
    }
  }

  /**
   * Makes the descriptor non-blocking by an empty read or write of the channel. The JDK's own reads
   * and writes make it so on a virtual thread, once and for good. The JDK has to do it here as
   * well: otherwise the JDK would not know, and a plain write of a platform thread would be cut
   * short.
   */
  private void unblock() throws IOException {
    if (NativeChannel.flag(channel, NativeChannel.FORCED_NON_BLOCKING) == 1) {
      return;
    }
    if (events == NativeWait.POLLOUT) {
      ((WritableByteChannel) channel).write(ByteBuffer.allocate(0));
    } else {
      ((ReadableByteChannel) channel).read(ByteBuffer.allocate(0));
    }
  }

  private int duplicate() throws IOException {
    int duplicate = SecondDescriptors.of(DescriptorNumber.of(channel), kind);
    if (!channel.isOpen()) {
      if (duplicate >= 0) {
        NativeDescriptor.close(duplicate);
      }
      throw new AsynchronousCloseException();
    }
    if (duplicate < 0) {
      throw Errno.exception(-duplicate, kind == FILE ? "unshare" : "fcntl(F_DUPFD_CLOEXEC)");
    }
    return duplicate;
  }

  @Override
  public boolean isBlocking() {
    return channel instanceof SelectableChannel selectable ? selectable.isBlocking() : kind != FILE;
  }

  @Override
  public boolean mayBeCold() {
    return kind == FILE;
  }

  @Override
  public @Nullable Endpoint forReadAhead() {
    return kind == FILE ? file((FileChannel) channel, position, null) : null;
  }

  /**
   * False for a file: the JDK never makes a file's descriptor non-blocking, not even for virtual
   * threads.
   */
  @Override
  public boolean isPolled() {
    return channel instanceof SelectableChannel && super.isPolled();
  }

  @Override
  public boolean isUsable() {
    return channel.isOpen() && !isOutputClosed();
  }

  @Override
  Usability usability() {
    return channel -> isUsable();
  }

  @Override
  public boolean mayWaitUnseen() {
    return true;
  }

  /** Whether {@code shutdownOutput} was called. The answer needs no lock and no system call. */
  private boolean isOutputClosed() {
    if (events != NativeWait.POLLOUT || kind != SOCKET) {
      return false;
    }
    return socketView != null
        ? socketView.isOutputShutdown()
        : NativeChannel.flag(channel, NativeChannel.OUTPUT_CLOSED) == 1;
  }

  /** The socket's view as a {@code java.net.Socket}. A unix-domain socket has none. */
  private static @Nullable Socket socketView(Channel channel) {
    try {
      return channel instanceof SocketChannel socket ? socket.socket() : null;
    } catch (UnsupportedOperationException e) {
      return null;
    }
  }

  @Override
  public void end(boolean completed) throws IOException {
    if (!begun) {
      return;
    }
    begun = false;
    boolean isOver = false;
    try {
      isOver = !completed && !isUsable();
    } finally {
      release(completed);
    }
    if (isOver || !completed && !channel.isOpen()) {
      throw new AsynchronousCloseException();
    }
  }

  private void release(boolean completed) throws AsynchronousCloseException {
    if (fd >= 0) {
      close(fd);
      fd = -1;
    }
    unhook(completed);
  }

  /**
   * Closes the duplicate. The last close of a socket's descriptor waits for the peer where {@code
   * SO_LINGER} is set, so that a thread of its own makes it.
   */
  private void close(int fd) {
    if (kind == SOCKET && !channel.isOpen()) {
      Threads.runAside("sluice-close", () -> NativeDescriptor.close(fd));
    } else {
      NativeDescriptor.close(fd);
    }
  }
}
