package dev.sluice.internal.jdk;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The guards that the JDK's own sockets and pipes put around a descriptor: a lock for reads, a lock
 * for writes, and the record of the thread that a close wakes.
 *
 * <p>This class probes each handle once, when it is initialised, and keeps the handle in a {@code
 * static final} field, so that the JIT compiles a call of it like a direct call. Where a handle for
 * one kind of channel is missing, or with {@code -Ddev.sluice.internals=off}, channels of that kind
 * are served through a {@code DuplicateEndpoint}.
 *
 * <p>The names are those of {@code sun.nio.ch.SocketChannelImpl}, {@code SinkChannelImpl} and
 * {@code SourceChannelImpl}; they are the same on JDK 17 to 25.
 */
public final class StreamGuards {
  private static final Probe PROBE = new Probe(TrustedLookup.STREAMS, "sockets", "pipes");

  // java.nio.channels.SocketChannel, as sun.nio.ch.SocketChannelImpl
  private static final Class<?> SOCKET = PROBE.type("sun.nio.ch.SocketChannelImpl");
  private static final MethodHandle SOCKET_NUMBER = number(SOCKET);
  private static final MethodHandle SOCKET_PARK = park(SOCKET);
  private static final Guards SOCKET_READ = guards(SOCKET, "read", "Read");
  private static final Guards SOCKET_WRITE = guards(SOCKET, "write", "Write");
  private static final MethodHandle SOCKET_READ_LOCK = SOCKET_READ.lock;
  private static final MethodHandle SOCKET_BEGIN_READ = SOCKET_READ.begin;
  private static final MethodHandle SOCKET_END_READ = SOCKET_READ.end;
  private static final MethodHandle SOCKET_WRITE_LOCK = SOCKET_WRITE.lock;
  private static final MethodHandle SOCKET_BEGIN_WRITE = SOCKET_WRITE.begin;
  private static final MethodHandle SOCKET_END_WRITE = SOCKET_WRITE.end;
  private static final MethodHandle SOCKET_INPUT_CLOSED =
      PROBE.getter(SelectableChannel.class, SOCKET, "isInputClosed", boolean.class);
  private static final MethodHandle SOCKET_OUTPUT_CLOSED =
      PROBE.getter(SelectableChannel.class, SOCKET, "isOutputClosed", boolean.class);
  private static final MethodHandle SOCKET_UNBLOCK = unblock(SOCKET);

  /** Whether sockets are held by the JDK's own read and write guards. */
  public static final boolean SOCKETS = foundAll();

  // java.nio.channels.Pipe, as sun.nio.ch.SinkChannelImpl and SourceChannelImpl
  private static final Class<?> SINK = PROBE.type("sun.nio.ch.SinkChannelImpl");
  private static final Class<?> SOURCE = PROBE.type("sun.nio.ch.SourceChannelImpl");
  private static final Guards SINK_GUARDS = guards(SINK, "write", "Write");
  private static final Guards SOURCE_GUARDS = guards(SOURCE, "read", "Read");
  private static final MethodHandle SINK_NUMBER = number(SINK);
  private static final MethodHandle SINK_PARK = park(SINK);
  private static final MethodHandle SINK_LOCK = SINK_GUARDS.lock;
  private static final MethodHandle SINK_BEGIN = SINK_GUARDS.begin;
  private static final MethodHandle SINK_END = SINK_GUARDS.end;
  private static final MethodHandle SINK_UNBLOCK = unblock(SINK);
  private static final MethodHandle SOURCE_NUMBER = number(SOURCE);
  private static final MethodHandle SOURCE_PARK = park(SOURCE);
  private static final MethodHandle SOURCE_LOCK = SOURCE_GUARDS.lock;
  private static final MethodHandle SOURCE_BEGIN = SOURCE_GUARDS.begin;
  private static final MethodHandle SOURCE_END = SOURCE_GUARDS.end;
  private static final MethodHandle SOURCE_UNBLOCK = unblock(SOURCE);

  /** Whether pipes are held by the JDK's own read and write guards. */
  public static final boolean PIPES = foundAll();

  /**
   * Whether a close of a pipe takes the descriptor from a thread that uses it, before it signals
   * that thread. Where it does not, as on JDK 21, the one signal is lost that comes between two
   * system calls of the thread.
   */
  public static final boolean PIPES_ARE_PRECLOSED = preCloses(SINK) && preCloses(SOURCE);

  static {
    PROBE.end();
  }

  private StreamGuards() {}

  /** Which guards were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    return PROBE.found;
  }

  /** Whether a channel is one of the JDK's own stream sockets. */
  public static boolean isSocket(Channel channel) {
    return SOCKET.isInstance(channel);
  }

  /** Whether a channel is one end of one of the JDK's own pipes. */
  public static boolean isPipe(Channel channel) {
    return SINK.isInstance(channel) || SOURCE.isInstance(channel);
  }

  /** The number of the channel's descriptor. */
  public static int descriptor(SelectableChannel channel) {
    try {
      if (channel instanceof SocketChannel) {
        return (int) SOCKET_NUMBER.invokeExact(channel);
      }
      return channel instanceof Pipe.SinkChannel
          ? (int) SINK_NUMBER.invokeExact(channel)
          : (int) SOURCE_NUMBER.invokeExact(channel);
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
        SOCKET_PARK.invokeExact(channel, events, nanos);
      } else if (channel instanceof Pipe.SinkChannel) {
        SINK_PARK.invokeExact(channel, events, nanos);
      } else {
        SOURCE_PARK.invokeExact(channel, events, nanos);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  /** The lock that the channel's own reads take. */
  public static ReentrantLock readLock(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel
          ? (ReentrantLock) SOCKET_READ_LOCK.invokeExact(channel)
          : (ReentrantLock) SOURCE_LOCK.invokeExact(channel);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** The lock that the channel's own writes take. */
  public static ReentrantLock writeLock(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel
          ? (ReentrantLock) SOCKET_WRITE_LOCK.invokeExact(channel)
          : (ReentrantLock) SINK_LOCK.invokeExact(channel);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Records the reading thread, so that a close can wake it, and sets the hook for interrupts. */
  public static void beginRead(SelectableChannel channel, boolean blocking) throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        SOCKET_BEGIN_READ.invokeExact(channel, blocking);
      } else {
        SOURCE_BEGIN.invokeExact(channel, blocking);
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
        SOCKET_END_READ.invokeExact(channel, blocking, completed);
      } else {
        SOURCE_END.invokeExact(channel, blocking, completed);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  /** Records the writing thread, so that a close can wake it, and sets the hook for interrupts. */
  public static void beginWrite(SelectableChannel channel, boolean blocking) throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        SOCKET_BEGIN_WRITE.invokeExact(channel, blocking);
      } else {
        SINK_BEGIN.invokeExact(channel, blocking);
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
        SOCKET_END_WRITE.invokeExact(channel, blocking, completed);
      } else {
        SINK_END.invokeExact(channel, blocking, completed);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  /** Whether {@code shutdownInput} was called. */
  public static boolean isInputClosed(SocketChannel channel) {
    try {
      return (boolean) SOCKET_INPUT_CLOSED.invokeExact((SelectableChannel) channel);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Whether {@code shutdownOutput} was called. */
  public static boolean isOutputClosed(SocketChannel channel) {
    try {
      return (boolean) SOCKET_OUTPUT_CLOSED.invokeExact((SelectableChannel) channel);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /**
   * Makes the descriptor non-blocking if the current thread is a virtual one, as the JDK's own
   * reads and writes do. The caller must hold the channel's lock.
   */
  public static void unblockForVirtualThread(SelectableChannel channel) throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        SOCKET_UNBLOCK.invokeExact(channel);
      } else if (channel instanceof Pipe.SinkChannel) {
        SINK_UNBLOCK.invokeExact(channel);
      } else {
        SOURCE_UNBLOCK.invokeExact(channel);
      }
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  // -- the search --

  /** The handles for one direction of one kind of channel. */
  private record Guards(MethodHandle lock, MethodHandle begin, MethodHandle end) {}

  private static boolean foundAll() {
    return PROBE.foundAll("the JDK's own guards", "duplicated descriptors");
  }

  private static MethodHandle number(Class<?> owner) {
    return PROBE.method(SelectableChannel.class, owner, "getFDVal", int.class);
  }

  /** The waiting is a method of {@code sun.nio.ch.SelChImpl}, which all these channels are. */
  private static MethodHandle park(Class<?> owner) {
    return PROBE.method(SelectableChannel.class, owner, "park", void.class, int.class, long.class);
  }

  private static Guards guards(Class<?> owner, String lock, String direction) {
    return new Guards(
        PROBE.getter(SelectableChannel.class, owner, lock + "Lock", ReentrantLock.class),
        PROBE.method(
            SelectableChannel.class, owner, "begin" + direction, void.class, boolean.class),
        PROBE.method(
            SelectableChannel.class,
            owner,
            "end" + direction,
            void.class,
            boolean.class,
            boolean.class));
  }

  /**
   * Whether the dispatcher of a kind of channel has the native method that replaces a descriptor.
   */
  private static boolean preCloses(Class<?> owner) {
    Class<?> type = PROBE.type("sun.nio.ch.NativeDispatcher");
    MethodHandle dispatcher =
        PROBE.found(
            lookup -> lookup.findStaticGetter(owner, "nd", type),
            MethodType.methodType(Object.class));
    return Privileged.orElse(() -> hasPreClose(dispatcher), false);
  }

  private static boolean hasPreClose(MethodHandle dispatcher) {
    try {
      Object found = (Object) dispatcher.invokeExact();
      return Stream.<Class<?>>iterate(found.getClass(), Objects::nonNull, Class::getSuperclass)
          .flatMap(each -> Stream.of(each.getDeclaredMethods()))
          .anyMatch(method -> method.getName().equals("preClose0"));
    } catch (Throwable e) {
      return false;
    }
  }

  /** Only JDKs with virtual threads have this method. On other JDKs the handle does nothing. */
  private static MethodHandle unblock(Class<?> owner) {
    MethodType type = MethodType.methodType(void.class, SelectableChannel.class);
    if (!Threads.HAS_VIRTUAL) {
      return MethodHandles.empty(type);
    }
    return PROBE.method(
        SelectableChannel.class, owner, "configureSocketNonBlockingIfVirtualThread", void.class);
  }
}
