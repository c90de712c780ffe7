package dev.sluice.internal.channel;

import dev.sluice.DescriptorChannel;
import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A channel of another library, held by what it lends. The descriptor is the channel's own from
 * {@link #begin} to {@link #end}, so that there is no need of a duplicate.
 */
final class LentEndpoint extends PolledEndpoint {
  private static final PerChannelLocks READS = new PerChannelLocks();
  private static final PerChannelLocks WRITES = new PerChannelLocks();

  /** No process has so many descriptors: {@code fs.nr_open} is always below. */
  private static final int NO_DESCRIPTOR = 1 << 30;

  private final DescriptorChannel lender;

  /** Whether a system call answers {@code EAGAIN} instead of waiting. */
  private boolean isNonBlocking;

  private LentEndpoint(DescriptorChannel lender, int kind, int events) {
    super(
        kind,
        NativeTransfer.OWN_OFFSET,
        lender,
        events,
        (events == NativeWait.POLLIN ? READS : WRITES).of(lender));
    this.lender = lender;
  }

  /**
   * The endpoint of a channel of another library.
   *
   * @param events what a transfer waits for: {@code POLLIN} or {@code POLLOUT}
   * @return null if the channel lends no descriptor that a transfer can use
   */
  static @Nullable Endpoint of(Channel channel, int events) {
    if (!(channel instanceof DescriptorChannel lender)) {
      return null;
    }
    int kind = SOCKET;
    try {
      int fd = acquire(lender);
      try {
        int lent = NativeDescriptor.lent(fd);
        if (lent == -Errno.EOPNOTSUPP.number) {
          return null;
        }
        kind = lent < 0 ? SOCKET : lent & NativeDescriptor.KIND;
      } finally {
        lender.releaseDescriptor(fd);
      }
    } catch (IOException e) {
      // Told by the begin, in its turn.
    }
    return new LentEndpoint(lender, kind, events);
  }

  private static int acquire(DescriptorChannel lender) throws IOException {
    int fd = lender.acquireDescriptor();
    if (fd < 0 || fd >= NO_DESCRIPTOR) {
      lender.releaseDescriptor(fd);
      throw new IOException(lender.getClass() + " lends " + fd + ", which is no descriptor");
    }
    return fd;
  }

  @Override
  public void begin(boolean hook) throws IOException {
    if (!lender.isOpen()) {
      throw new ClosedChannelException();
    }
    fd = acquire(lender);
    look(NativeDescriptor.lent(fd));
    if (hook) {
      hook();
    }
  }

  private void look(int lent) throws IOException {
    if (lent < 0) {
      throw Errno.exception(-lent, "the descriptor " + fd + " of " + lender.getClass());
    }
    if (events == NativeWait.POLLIN && (lent & NativeDescriptor.READABLE) == 0) {
      throw new NonReadableChannelException();
    }
    if (events == NativeWait.POLLOUT && (lent & NativeDescriptor.WRITABLE) == 0) {
      throw new NonWritableChannelException();
    }
    isNonBlocking = (lent & NativeDescriptor.NON_BLOCKING) != 0;
    if (kind != FILE && !isNonBlocking && !lender.isBlocking()) {
      throw new IllegalStateException(
          lender.getClass() + " is in non-blocking mode, and its descriptor is without O_NONBLOCK");
    }
  }

  @Override
  public boolean isBlocking() {
    return kind != FILE && lender.isBlocking();
  }

  @Override
  public boolean isPolled() {
    return kind != FILE && isNonBlocking;
  }

  @Override
  public boolean mayWaitUnseen() {
    return isBlocking();
  }

  @Override
  public void end(boolean completed) throws IOException {
    if (fd < 0) {
      return;
    }
    int acquired = fd;
    fd = -1;
    try {
      lender.releaseDescriptor(acquired);
    } finally {
      unhook(completed);
    }
    if (!completed && !lender.isOpen()) {
      throw new AsynchronousCloseException();
    }
  }
}
