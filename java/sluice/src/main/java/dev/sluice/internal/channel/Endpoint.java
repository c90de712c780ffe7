package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.jdk.Threads;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One channel of one transfer, from the moment its guards are taken until they are given back.
 *
 * <p>The order is that of the JDK's own operations: the lock of {@link #turn}, {@link #begin}, then
 * any number of times {@link #enter}, a native call, {@link #leave}, with {@link #await} or {@link
 * #park} between two of them where the channel was not ready, then {@link #end} and the unlocking.
 * The descriptor's number is known only between {@code enter} and {@code leave}: nothing can close
 * or reuse it there.
 */
public abstract class Endpoint {
  /** The bits of {@code st_mode} for the kind of a file, a regular one, and a block device. */
  private static final int S_IFMT = 0170000;

  private static final int S_IFREG = 0100000;
  private static final int S_IFBLK = 0060000;

  /** A file: the number of its kind in {@code shape}. */
  public static final int FILE = 0;

  /** A stream socket: the number of its kind in {@code shape}. */
  public static final int SOCKET = 1;

  /** One end of a pipe: the number of its kind in {@code shape}. */
  public static final int PIPE = 2;

  /** How long one wait lasts before both channels are looked at again, in milliseconds. */
  public static final int WAIT_MILLIS = 20;

  /** A wait that lasts until the channel is ready or the thread is signalled. */
  public static final int WITHOUT_END = -1;

  /** The kind. */
  public final int kind;

  /** The channel itself. */
  public final Channel channel;

  /** The lock of the channel's reads or writes, which take turns; null where they need not. */
  public final @Nullable ReentrantLock turn;

  /** The file offset in bytes, or {@link NativeTransfer#OWN_OFFSET}; moved on by the transfer. */
  public long position;

  protected Endpoint(int kind, long position, Channel channel, @Nullable ReentrantLock turn) {
    this.kind = kind;
    this.position = position;
    this.channel = channel;
    this.turn = turn;
  }

  /** Whether bytes are read or written at the descriptor's own file offset, or as a stream. */
  public final boolean hasOwnOffset() {
    return position == NativeTransfer.OWN_OFFSET;
  }

  /** Moves the file offset on by so many bytes. */
  public final void advance(long bytes) {
    if (!hasOwnOffset()) {
      position += bytes;
    }
  }

  /**
   * Checks the channel's state and makes the transfer known to closers and interrupters.
   *
   * @param hook whether an interrupt closes this channel; a thread has room for one such hook
   */
  public abstract void begin(boolean hook) throws IOException;

  /** The descriptor's number, which stays what it is until {@link #leave}; -1 when closed. */
  public abstract int enter();

  /** Undoes {@link #enter}. */
  public abstract void leave();

  /**
   * Whether the channel's own reads, of another thread, may take bytes of a stream between two
   * system calls of a transfer, since they know nothing of its {@link #turn}.
   */
  public boolean isSharedWithReaders() {
    return false;
  }

  /** Whether an interrupt can close this channel. */
  public boolean isHookable() {
    return true;
  }

  /**
   * Moves bytes from here to a target, both of which were entered: what {@link
   * NativeTransfer#transfer} answers.
   */
  public long transfer(
      int mechanism, int shape, int fd, Endpoint target, int targetFd, long count, long ledger) {
    return NativeTransfer.transfer(
        mechanism, shape, fd, position, targetFd, target.position, count, ledger);
  }

  /** Whether a socket has bytes that can be read at once. */
  public final boolean hasBytes() {
    int fd = enter();
    if (fd < 0) {
      return false;
    }
    try {
      return NativeDescriptor.readable(fd) > 0;
    } finally {
      leave();
    }
  }

  /**
   * Whether it is a file or a block device; a FIFO or a terminal, opened by its path, is neither.
   */
  public final boolean hasPosition() {
    int fd = enter();
    if (fd < 0) {
      return true;
    }
    try {
      long type = NativeDescriptor.mode(fd) & S_IFMT;
      return type == S_IFREG || type == S_IFBLK;
    } finally {
      leave();
    }
  }

  /** How many bytes a file has from its position on, or {@link Long#MAX_VALUE}. */
  public long left() {
    int fd = enter();
    if (fd < 0) {
      return Long.MAX_VALUE;
    }
    try {
      return NativeDescriptor.left(fd, position);
    } finally {
      leave();
    }
  }

  /** What a transfer from this side throws that failed with an errno of no stream. */
  public IOException failure(int errno) throws IOException {
    return Errno.exception(errno, "transfer");
  }

  /** Checks that a channel is open and, where it is a socket, connected. */
  public static void ensureConnected(Channel channel) throws ClosedChannelException {
    boolean isConnected = !(channel instanceof SocketChannel socket) || socket.isConnected();
    // In this order: a socket that is closed is no longer connected.
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    if (!isConnected) {
      throw new NotYetConnectedException();
    }
  }

  /**
   * Whether a transfer may go on: the channel is open, and its output is where it is written to.
   */
  public boolean isUsable() {
    return channel.isOpen();
  }

  /**
   * As the contrary of {@link #isUsable}, for any other thread to ask: it may be wrong in that it
   * suspects, and it waits for nobody.
   */
  boolean isSuspect() {
    return !isUsable();
  }

  /**
   * Waits for a {@code shutdownOutput} that is under way: the kernel knows of it before {@link
   * #isUsable} tells. The JDK answers a socket's address under the lock that it holds meanwhile.
   */
  public final void settle() {
    if (channel instanceof SocketChannel socket) {
      try {
        socket.getLocalAddress();
      } catch (IOException e) {
        // It is closed.
      }
    }
  }

  /**
   * Checks a channel to which nothing is to be moved, as JDK 25 does.
   *
   * @throws NotYetConnectedException if it is a socket that is not connected
   * @throws ClosedChannelException if it is closed, or its output shut down
   */
  public final void ensureUsable() throws ClosedChannelException {
    ensureConnected(channel);
    if (!isUsable()) {
      throw new AsynchronousCloseException();
    }
  }

  /** Whether a system call may wait for this channel while its close wakes nobody. */
  public boolean mayWaitUnseen() {
    return false;
  }

  /** Whether a transfer waits for this channel rather than returning 0. Never a file. */
  public abstract boolean isBlocking();

  /** Whether a call that would wait answers {@code EAGAIN} though the channel is blocking. */
  public boolean isPolled() {
    return kind != FILE && Threads.isVirtual();
  }

  /**
   * Waits until the channel is ready, or the thread is signalled, or the time is over.
   *
   * @param millis how long, or {@link #WITHOUT_END}
   */
  public abstract void await(int millis) throws IOException;

  /**
   * Parks the current virtual thread until the channel is ready or closed, or the thread is
   * unparked or interrupted. The {@link CloseWatcher} looks after it meanwhile.
   */
  public abstract void park() throws IOException;

  /**
   * Undoes {@link #begin}, whether that went well or not.
   *
   * @param completed whether bytes were moved or there were none to move
   * @throws java.nio.channels.AsynchronousCloseException if the channel was closed meanwhile and
   *     nothing was completed
   */
  public abstract void end(boolean completed) throws IOException;
}
