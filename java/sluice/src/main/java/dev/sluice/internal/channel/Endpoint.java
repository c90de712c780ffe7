package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.Threads;
import java.io.IOException;
import java.net.StandardSocketOptions;
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
 * <p>The steps have the order of the JDK's own operations: take the lock of {@link #turn}; {@link
 * #begin}; any number of times {@link #enter}, a native call, {@link #leave}; {@link #end}; unlock.
 * Between two native calls the transfer waits by {@link #await} or {@link #park} if the channel was
 * not ready. The descriptor's number is known only between {@code enter} and {@code leave}, because
 * there nothing can close or reuse it.
 */
public abstract class Endpoint {
  /**
   * The bits of {@code st_mode} that hold the type of a file; below, a regular file and a block
   * device.
   */
  private static final int S_IFMT = 0170000;

  /** The bytes of the smallest page, which a pipe takes as a whole. */
  public static final long PAGE = 4096;

  private static final int S_IFREG = 0100000;
  private static final int S_IFBLK = 0060000;

  /** The kind of a file, as a number of {@code shape}. */
  public static final int FILE = 0;

  /** The kind of a stream socket, as a number of {@code shape}. */
  public static final int SOCKET = 1;

  /** The kind of one end of a pipe, as a number of {@code shape}. */
  public static final int PIPE = 2;

  /** How long one wait lasts, in milliseconds, before the transfer looks at both channels again. */
  public static final int WAIT_MILLIS = 20;

  /** The time of a wait that lasts until the channel is ready or the thread is signalled. */
  public static final int WITHOUT_END = -1;

  /** {@link #FILE}, {@link #SOCKET} or {@link #PIPE}. */
  public int kind;

  /** The channel itself; null between two transfers, where the endpoint is used for another. */
  public Channel channel;

  /** The lock by which the channel's reads or writes take turns; null where they need not. */
  public @Nullable ReentrantLock turn;

  /**
   * The file offset in bytes, which the transfer moves on, or {@link NativeTransfer#OWN_OFFSET}.
   */
  public long position;

  protected Endpoint(
      int kind, long position, @Nullable Channel channel, @Nullable ReentrantLock turn) {
    this.kind = kind;
    this.position = position;
    this.channel = channel;
    this.turn = turn;
  }

  /** Turns to the channel of the next transfer, once the last transfer is over. */
  final void turnTo(int nextKind, @Nullable Channel next, @Nullable ReentrantLock nextTurn) {
    kind = nextKind;
    channel = next;
    turn = nextTurn;
  }

  /** Whether the transfer uses the descriptor's own file offset, or the channel is a stream. */
  public final boolean hasOwnOffset() {
    return position == NativeTransfer.OWN_OFFSET;
  }

  /** Moves the file offset on by {@code bytes}. */
  public final void advance(long bytes) {
    if (!hasOwnOffset()) {
      position += bytes;
    }
  }

  /**
   * Checks the channel's state, and makes the transfer known to a close and to an interrupt.
   *
   * @param hook whether an interrupt closes this channel; a thread has room for one hook only
   */
  public abstract void begin(boolean hook) throws IOException;

  /**
   * Answers the descriptor's number, which stays valid until {@link #leave}; -1 if the channel is
   * closed.
   */
  public abstract int enter();

  /** Undoes {@link #enter}. */
  public abstract void leave();

  /**
   * Whether the channel's own reads in another thread may take bytes of a stream between two system
   * calls of a transfer. They may where they do not take the lock of {@link #turn}.
   */
  public boolean isSharedWithReaders() {
    return false;
  }

  /** Whether the channel gives no more bytes, because its input was shut down. */
  public boolean isInputShutDown() {
    return false;
  }

  /** Whether an interrupt can close this channel. */
  public boolean isHookable() {
    return true;
  }

  /**
   * Moves bytes from this endpoint to a target. Both were entered.
   *
   * @return the answer of {@link NativeTransfer#transfer}
   */
  public long transfer(
      int mechanism, int shape, int fd, Endpoint target, int targetFd, long count, long ledger) {
    return NativeTransfer.transfer(
        mechanism, shape, fd, position, targetFd, target.position, count, ledger);
  }

  /** Whether the bytes may have to come from a disk. */
  public boolean mayBeCold() {
    return false;
  }

  /**
   * Another endpoint of the same file at the same position, for a thread that reads it ahead; null
   * if there can be none.
   */
  public @Nullable Endpoint forReadAhead() {
    return null;
  }

  /** Whether the socket has bytes that can be read at once. */
  public final boolean hasBytes() {
    return readableBytes() > 0;
  }

  /**
   * Waits for a moment until a page can be written, and answers whether it can. For a FIFO that was
   * opened as a file.
   */
  public final boolean isWritableSoon() {
    int fd = enter();
    if (fd < 0) {
      return false;
    }
    try {
      return NativeWait.poll(fd, NativeWait.POLLOUT, WAIT_MILLIS);
    } finally {
      leave();
    }
  }

  /** How many bytes the stream has that can be read at once. */
  public final long readableBytes() {
    int fd = enter();
    if (fd < 0) {
      return 0;
    }
    try {
      return Math.max(0, NativeDescriptor.readableBytes(fd));
    } finally {
      leave();
    }
  }

  /**
   * Whether the channel is a regular file or a block device. A FIFO or a terminal that was opened
   * by its path is neither.
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

  /**
   * How many bytes the file has from {@link #position} on, or {@link Long#MAX_VALUE} if that is not
   * known.
   */
  public long remainingBytes() {
    int fd = enter();
    if (fd < 0) {
      return Long.MAX_VALUE;
    }
    try {
      return NativeDescriptor.remainingBytes(fd, position);
    } finally {
      leave();
    }
  }

  /**
   * For how many bytes a stream that is ready has room, in all likelihood. A TCP socket is ready
   * while a third of its buffer is free ({@code sk_stream_is_writeable}), a unix socket while three
   * quarters are, a pipe while a page is.
   */
  public final long likelyRoom() throws IOException {
    return channel instanceof SocketChannel socket
        ? Math.max(PAGE, socket.getOption(StandardSocketOptions.SO_SNDBUF) / 4)
        : PAGE;
  }

  /** The exception of a transfer from this endpoint that failed with an errno of no stream. */
  public IOException failure(int errno) throws IOException {
    return Errno.exception(errno, "transfer");
  }

  /** Checks that a channel is open and, if it is a socket, connected. */
  public static void ensureConnected(Channel channel) throws ClosedChannelException {
    boolean isConnected = !(channel instanceof SocketChannel socket) || socket.isConnected();
    // isOpen() is asked last. A socket that is closed is no longer connected, and must not be told
    // as one that is not yet connected.
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    if (!isConnected) {
      throw new NotYetConnectedException();
    }
  }

  /**
   * Whether a transfer may go on: the channel is open and, if bytes are written to it, its output
   * is open as well.
   */
  public boolean isUsable() {
    return channel.isOpen();
  }

  /** How a thread that does not run the transfer asks {@link #isUsable}. */
  Usability usability() {
    return Usability.OPEN;
  }

  /**
   * Waits for a {@code shutdownOutput} that is under way. The kernel knows of the shutdown before
   * {@link #isUsable} tells of it. The JDK holds a lock meanwhile, and answers a socket's address
   * under the same lock, so that this method asks for the address.
   */
  public final void awaitShutdownOutput() {
    if (channel instanceof SocketChannel socket) {
      try {
        socket.getLocalAddress();
      } catch (IOException e) {
        // The socket is closed.
      }
    }
  }

  /**
   * Checks a channel to which a transfer moves no bytes, as JDK 25 does.
   *
   * @throws NotYetConnectedException if the channel is a socket that is not connected
   * @throws ClosedChannelException if the channel is closed, or its output shut down
   */
  public final void ensureUsable() throws ClosedChannelException {
    ensureConnected(channel);
    if (!isUsable()) {
      throw new AsynchronousCloseException();
    }
  }

  /**
   * Whether a system call may wait for this channel while a close of the channel wakes no thread.
   */
  public boolean mayWaitUnseen() {
    return false;
  }

  /** Whether a transfer waits for this channel instead of returning 0. Always false for a file. */
  public abstract boolean isBlocking();

  /**
   * Whether a system call that would wait answers {@code EAGAIN} although the channel is in
   * blocking mode.
   */
  public boolean isPolled() {
    return kind != FILE && Threads.isVirtual();
  }

  /**
   * Waits until the channel is ready, the thread is signalled, or the time is over.
   *
   * @param millis how long, or {@link #WITHOUT_END}
   */
  public abstract void await(int millis) throws IOException;

  /**
   * Parks the current virtual thread until the channel is ready or closed, or the thread is
   * unparked or interrupted. The {@link CloseWatcher} watches the transfer meanwhile.
   */
  public abstract void park() throws IOException;

  /**
   * Undoes {@link #begin}, whether {@code begin} succeeded or threw.
   *
   * @param completed whether bytes were moved, or there were none to move
   * @throws java.nio.channels.AsynchronousCloseException if the channel was closed meanwhile and
   *     {@code completed} is false
   */
  public abstract void end(boolean completed) throws IOException;
}
