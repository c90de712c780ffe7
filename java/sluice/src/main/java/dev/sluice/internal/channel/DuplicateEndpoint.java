package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeChannel;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
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
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A channel without the JDK's guards: the transfer runs on a duplicate of its descriptor, which
 * {@link SecondDescriptors} makes.
 *
 * <p>The duplicate is made between two looks at whether the channel is open, so that it is the
 * channel's own; from then on nothing that happens to the channel's number matters. A platform
 * thread waits in its system calls, in whatever mode the channel is, and the {@link CloseWatcher}
 * ends the wait when the channel is closed. A virtual thread never waits there: its first use of a
 * channel makes the descriptor non-blocking, by the JDK's own hand. The peer of a closed socket
 * sees the end when the duplicate is closed too, at most {@link #WAIT_MILLIS} later.
 */
public final class DuplicateEndpoint extends Endpoint {
  private static final PerChannelLocks READS = new PerChannelLocks();
  private static final PerChannelLocks WRITES = new PerChannelLocks();

  private final int events;
  private final @Nullable Socket view;
  private int fd = -1;
  private boolean begun;
  private @Nullable InterruptHook hook;

  private DuplicateEndpoint(
      Channel channel, int kind, long position, int events, @Nullable ReentrantLock turn) {
    super(kind, position, channel, turn);
    this.events = events;
    view = view(channel);
  }

  static DuplicateEndpoint file(FileChannel file, long position, @Nullable ReentrantLock turn) {
    return new DuplicateEndpoint(file, FILE, position, 0, turn);
  }

  /** A FIFO or a terminal that is read: it is waited for, and what was read is gone from it. */
  static DuplicateEndpoint ofStream(FileChannel file, ReentrantLock turn) {
    return new DuplicateEndpoint(file, PIPE, NativeTransfer.OWN_OFFSET, NativeWait.POLLIN, turn);
  }

  static DuplicateEndpoint selectable(SelectableChannel channel, int events) {
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
      this.hook = new InterruptHook(channel);
      this.hook.start();
    }
  }

  /**
   * The JDK's own reads and writes do this on a virtual thread, once and for good. They have to be
   * made: without it a plain write of a platform thread would not know, and be cut short.
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
    int duplicate = SecondDescriptors.of(NativeChannel.descriptor(channel), kind);
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
  public int enter() {
    return channel.isOpen() ? fd : -1;
  }

  @Override
  public void leave() {}

  @Override
  public boolean isBlocking() {
    return channel instanceof SelectableChannel selectable ? selectable.isBlocking() : kind != FILE;
  }

  @Override
  public boolean isSharedWithReaders() {
    return kind != FILE;
  }

  /** The JDK leaves the descriptor of a file as it is, also for virtual threads. */
  @Override
  public boolean isPolled() {
    return channel instanceof SelectableChannel && super.isPolled();
  }

  @Override
  public boolean isUsable() {
    return channel.isOpen() && !isOutputClosed();
  }

  @Override
  public boolean mayWaitUnseen() {
    return true;
  }

  /** Whether {@code shutdownOutput} was called. Waits for nobody, and asks the kernel nothing. */
  private boolean isOutputClosed() {
    if (events != NativeWait.POLLOUT || kind != SOCKET) {
      return false;
    }
    return view != null
        ? view.isOutputShutdown()
        : NativeChannel.flag(channel, NativeChannel.OUTPUT_CLOSED) == 1;
  }

  /** A unix-domain socket has no such view. */
  private static @Nullable Socket view(Channel channel) {
    try {
      return channel instanceof SocketChannel socket ? socket.socket() : null;
    } catch (UnsupportedOperationException e) {
      return null;
    }
  }

  @Override
  public void await(int millis) {
    if (Threads.isVirtual()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    } else {
      NativeWait.poll(fd, events, millis);
    }
  }

  @Override
  public void park() {
    if (!ReadinessPoller.park(fd, events)) {
      await(WAIT_MILLIS);
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
    InterruptHook started = hook;
    if (started != null) {
      hook = null;
      started.stop(completed);
    }
  }

  /** The last close of a socket waits for its peer where {@code SO_LINGER} is set. */
  private void close(int fd) {
    if (kind == SOCKET && !channel.isOpen()) {
      Threads.runAside("sluice-close", () -> NativeDescriptor.close(fd));
    } else {
      NativeDescriptor.close(fd);
    }
  }

  /** Closes a channel when the thread that has set the hook is interrupted. */
  private static final class InterruptHook extends AbstractInterruptibleChannel {
    private final Channel channel;

    InterruptHook(Channel channel) {
      this.channel = channel;
    }

    void start() {
      begin();
    }

    void stop(boolean completed) throws AsynchronousCloseException {
      end(completed);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      channel.close();
    }
  }
}
