package dev.sluice.internal.jdk;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The guards that the JDK's own sockets and pipes put around a descriptor: a lock for reads, a lock
 * for writes, and the record of the thread that a close wakes.
 *
 * <p>This class probes each handle once, when it is initialised, and keeps the handle in a {@code
 * static final} field, so that the JIT compiles a call of it like a direct call. Where a handle for
 * one kind of channel is missing, or with {@code -Ddev.sluice.internals=off}, channels of that kind
 * are served through a {@code DuplicateEndpoint}.
 *
 * <p>The names are those of {@code sun.nio.ch.SocketChannelImpl}; they are the same on JDK 17 to
 * 25. The handles for pipes are those of {@link PipeGuards}, which a program without pipes does not
 * load.
 */
public final class StreamGuards {
  private static final Probe PROBE = new Probe(TrustedLookup.STREAMS, "sockets");
  private static final Class<?> SOCKET = PROBE.type("sun.nio.ch.SocketChannelImpl");
  private static final MethodHandle NUMBER = StreamHandles.number(PROBE, SOCKET);
  private static final MethodHandle PARK = StreamHandles.park(PROBE, SOCKET);
  private static final MethodHandle READ_LOCK = StreamHandles.lock(PROBE, SOCKET, "readLock");
  private static final MethodHandle BEGIN_READ = StreamHandles.begin(PROBE, SOCKET, "beginRead");
  private static final MethodHandle END_READ = StreamHandles.end(PROBE, SOCKET, "endRead");
  private static final MethodHandle WRITE_LOCK = StreamHandles.lock(PROBE, SOCKET, "writeLock");
  private static final MethodHandle BEGIN_WRITE = StreamHandles.begin(PROBE, SOCKET, "beginWrite");
  private static final MethodHandle END_WRITE = StreamHandles.end(PROBE, SOCKET, "endWrite");
  private static final MethodHandle INPUT_CLOSED =
      PROBE.getter(boolean.class, SOCKET, "isInputClosed", boolean.class);
  private static final MethodHandle OUTPUT_CLOSED =
      PROBE.getter(boolean.class, SOCKET, "isOutputClosed", boolean.class);
  private static final @Nullable MethodHandle UNBLOCK = StreamHandles.unblock(PROBE, SOCKET);

  /** Whether sockets are held by the JDK's own read and write guards. */
  public static final boolean SOCKETS = StreamHandles.foundAll(PROBE);

  static {
    PROBE.end();
  }

  private StreamGuards() {}

  /** Which guards were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    Map<String, String> found = new LinkedHashMap<>(PROBE.found);
    found.putAll(PipeGuards.found());
    return found;
  }

  /** Whether a channel is one of the JDK's own stream sockets. */
  public static boolean isSocket(Channel channel) {
    return SOCKET.isInstance(channel);
  }

  /** Whether a channel is one end of one of the JDK's own pipes. */
  public static boolean isPipe(Channel channel) {
    return PipeGuards.isPipe(channel);
  }

  /** Whether pipes are held by the JDK's own read and write guards. */
  public static boolean holdPipes() {
    return PipeGuards.PIPES;
  }

  /** The number of the channel's descriptor. */
  public static int descriptor(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel
          ? (int) NUMBER.invokeExact((Object) SOCKET.cast(channel))
          : PipeGuards.descriptor(channel);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /**
   * Waits until the channel is ready or closed, or the time is over. A virtual thread gives its
   * carrier back meanwhile, and may be unparked.
   *
   * @param events {@code POLLIN} or {@code POLLOUT}
   * @param nanos how long, or 0 for a wait without end
   */
  public static void park(SelectableChannel channel, int events, long nanos) throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        PARK.invokeExact((Object) SOCKET.cast(channel), events, nanos);
      } else {
        PipeGuards.park(channel, events, nanos);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  /** The lock that the channel's own reads take. */
  public static ReentrantLock readLock(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel
          ? (ReentrantLock) READ_LOCK.invokeExact((Object) SOCKET.cast(channel))
          : PipeGuards.lock(channel);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** The lock that the channel's own writes take. */
  public static ReentrantLock writeLock(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel
          ? (ReentrantLock) WRITE_LOCK.invokeExact((Object) SOCKET.cast(channel))
          : PipeGuards.lock(channel);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Records the reading thread, so that a close can wake it, and sets the hook for interrupts. */
  public static void beginRead(SelectableChannel channel, boolean blocking) throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        BEGIN_READ.invokeExact((Object) SOCKET.cast(channel), blocking);
      } else {
        PipeGuards.begin(channel, blocking);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  /** Undoes {@link #beginRead}. */
  public static void endRead(SelectableChannel channel, boolean blocking, boolean completed)
      throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        END_READ.invokeExact((Object) SOCKET.cast(channel), blocking, completed);
      } else {
        PipeGuards.end(channel, blocking, completed);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  /** Records the writing thread, so that a close can wake it, and sets the hook for interrupts. */
  public static void beginWrite(SelectableChannel channel, boolean blocking) throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        BEGIN_WRITE.invokeExact((Object) SOCKET.cast(channel), blocking);
      } else {
        PipeGuards.begin(channel, blocking);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  /** Undoes {@link #beginWrite}. */
  public static void endWrite(SelectableChannel channel, boolean blocking, boolean completed)
      throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        END_WRITE.invokeExact((Object) SOCKET.cast(channel), blocking, completed);
      } else {
        PipeGuards.end(channel, blocking, completed);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  /** Whether {@code shutdownInput} was called. */
  public static boolean isInputClosed(SocketChannel channel) {
    try {
      return (boolean) INPUT_CLOSED.invokeExact((Object) SOCKET.cast(channel));
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Whether {@code shutdownOutput} was called. */
  public static boolean isOutputClosed(SocketChannel channel) {
    try {
      return (boolean) OUTPUT_CLOSED.invokeExact((Object) SOCKET.cast(channel));
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /**
   * Makes the descriptor non-blocking if the current thread is a virtual one, as the JDK's own
   * reads and writes do. The caller must hold the channel's lock.
   */
  public static void unblockForVirtualThread(SelectableChannel channel) throws IOException {
    if (UNBLOCK == null || !Threads.isVirtual()) {
      return;
    }
    try {
      if (channel instanceof SocketChannel) {
        UNBLOCK.invokeExact((Object) SOCKET.cast(channel));
      } else {
        PipeGuards.unblock(channel);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }
}
