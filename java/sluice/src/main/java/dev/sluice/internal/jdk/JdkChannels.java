package dev.sluice.internal.jdk;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The guards which the JDK's own channels put around a descriptor.
 *
 * <p>Each handle is probed once, when this class is initialised, and kept in a {@code static final}
 * field, so that the JIT compiles it like a direct call. A kind of channel whose handles were not
 * all found, or any with {@code -Ddev.sluice.internals=off}, is served through {@link
 * DuplicateEndpoint}.
 *
 * <p>The names are those of {@code sun.nio.ch.FileChannelImpl}, {@code SocketChannelImpl}, {@code
 * SinkChannelImpl} and {@code SourceChannelImpl}; they are the same on 17 to 25.
 */
public final class JdkChannels {
  private static final Probe PROBE = new Probe(TrustedLookup.CHANNELS);

  // java.nio.channels.FileChannel, as sun.nio.ch.FileChannelImpl
  private static final Class<?> FILE = PROBE.type("sun.nio.ch.FileChannelImpl");
  private static final MethodHandle FILE_NUMBER = fileNumber();
  private static final Class<?> THREADS = PROBE.type("sun.nio.ch.NativeThreadSet");
  private static final MethodHandle FILE_ENTER = fileEnter();
  private static final MethodHandle FILE_LEAVE = fileLeave();
  private static final MethodHandle THREADS_NEW =
      PROBE.found(
          lookup -> lookup.findConstructor(THREADS, MethodType.methodType(void.class, int.class)),
          MethodType.methodType(Object.class, int.class));
  private static final MethodHandle THREADS_ADD =
      PROBE.method(Object.class, THREADS, "add", int.class);
  private static final MethodHandle THREADS_REMOVE =
      PROBE.method(Object.class, THREADS, "remove", void.class, int.class);
  private static final MethodHandle THREADS_SIGNAL =
      PROBE.method(Object.class, THREADS, "signalAndWait", void.class);
  private static final MethodHandle FILE_BEGIN =
      PROBE.method(FileChannel.class, FILE, "beginBlocking", void.class);
  private static final MethodHandle FILE_END =
      PROBE.method(FileChannel.class, FILE, "endBlocking", void.class, boolean.class);
  private static final MethodHandle FILE_READABLE =
      PROBE.getter(FileChannel.class, FILE, "readable", boolean.class);
  private static final MethodHandle FILE_WRITABLE =
      PROBE.getter(FileChannel.class, FILE, "writable", boolean.class);

  /** Whether files are entered through the JDK's own thread sets. */
  public static final boolean FILES = foundAll("files");

  private static final MethodHandle FILE_ALIGNMENT =
      PROBE.getter(FileChannel.class, FILE, "alignment", int.class);

  /** Whether a file itself tells which blocks it is read and written by. */
  public static final boolean BLOCKS = PROBE.foundAll("blocks", "the JDK's own field", "statvfs");

  // java.nio.channels.SelectableChannel, as sun.nio.ch.SelChImpl
  private static final Class<?> SELECTABLE = PROBE.type("sun.nio.ch.SelChImpl");
  private static final MethodHandle NUMBER =
      PROBE.method(SelectableChannel.class, SELECTABLE, "getFDVal", int.class);
  private static final MethodHandle PARK =
      PROBE.method(SelectableChannel.class, SELECTABLE, "park", void.class, int.class, long.class);

  // java.nio.channels.SocketChannel, as sun.nio.ch.SocketChannelImpl
  private static final Class<?> SOCKET = PROBE.type("sun.nio.ch.SocketChannelImpl");
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
  public static final boolean SOCKETS = foundAll("sockets");

  // java.nio.channels.Pipe, as sun.nio.ch.SinkChannelImpl and SourceChannelImpl
  private static final Class<?> SINK = PROBE.type("sun.nio.ch.SinkChannelImpl");
  private static final Class<?> SOURCE = PROBE.type("sun.nio.ch.SourceChannelImpl");
  private static final Guards SINK_GUARDS = guards(SINK, "write", "Write");
  private static final Guards SOURCE_GUARDS = guards(SOURCE, "read", "Read");
  private static final MethodHandle SINK_LOCK = SINK_GUARDS.lock;
  private static final MethodHandle SINK_BEGIN = SINK_GUARDS.begin;
  private static final MethodHandle SINK_END = SINK_GUARDS.end;
  private static final MethodHandle SINK_UNBLOCK = unblock(SINK);
  private static final MethodHandle SOURCE_LOCK = SOURCE_GUARDS.lock;
  private static final MethodHandle SOURCE_BEGIN = SOURCE_GUARDS.begin;
  private static final MethodHandle SOURCE_END = SOURCE_GUARDS.end;
  private static final MethodHandle SOURCE_UNBLOCK = unblock(SOURCE);

  /** Whether pipes are held by the JDK's own read and write guards. */
  public static final boolean PIPES = foundAll("pipes");

  static {
    PROBE.end();
  }

  private JdkChannels() {}

  /** Which guards were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    return PROBE.found;
  }

  /** Whether a channel is the JDK's own kind of file channel. */
  public static boolean isFile(Channel channel) {
    return FILE.isInstance(channel);
  }

  /** The bytes in a block of a file that is open with {@code O_DIRECT}, or -1. */
  public static int alignment(FileChannel file) {
    try {
      return (int) FILE_ALIGNMENT.invokeExact(file);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** Whether a channel is one of the JDK's own stream sockets. */
  public static boolean isSocket(Channel channel) {
    return SOCKET.isInstance(channel);
  }

  /** Whether a channel is one end of a JDK's pipe. */
  public static boolean isPipe(Channel channel) {
    return SINK.isInstance(channel) || SOURCE.isInstance(channel);
  }

  // -- files --

  public static int number(FileChannel file) {
    try {
      return (int) FILE_NUMBER.invokeExact(file);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /**
   * Adds the current thread to the file's thread set: a closer signals it and waits until it has
   * left.
   */
  public static int enter(FileChannel file) {
    try {
      return (int) FILE_ENTER.invokeExact(file);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  public static void leave(FileChannel file, int index) {
    try {
      FILE_LEAVE.invokeExact(file, index);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** A thread set of our own. */
  static Object newThreadSet() {
    try {
      return (Object) THREADS_NEW.invokeExact(1);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static int add(Object threads) {
    try {
      return (int) THREADS_ADD.invokeExact(threads);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static void remove(Object threads, int index) {
    try {
      THREADS_REMOVE.invokeExact(threads, index);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** Signals the threads of a set, and waits until they have left it. */
  static void signalAndWait(Object threads) {
    try {
      THREADS_SIGNAL.invokeExact(threads);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** Sets the hook that closes the file when the thread is interrupted. */
  public static void begin(FileChannel file) {
    try {
      FILE_BEGIN.invokeExact(file);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  public static void end(FileChannel file, boolean completed) throws IOException {
    try {
      FILE_END.invokeExact(file, completed);
    } catch (Throwable e) {
      throw io(e);
    }
  }

  public static boolean isReadable(FileChannel file) {
    try {
      return (boolean) FILE_READABLE.invokeExact(file);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  public static boolean isWritable(FileChannel file) {
    try {
      return (boolean) FILE_WRITABLE.invokeExact(file);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  // -- sockets and pipes --

  public static int number(SelectableChannel channel) {
    try {
      return (int) NUMBER.invokeExact(channel);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /**
   * Waits until the channel is ready or closed, or the time is over, without end where that is 0; a
   * virtual thread gives its carrier back meanwhile, and may be unparked.
   */
  public static void park(SelectableChannel channel, int events, long nanos) throws IOException {
    try {
      PARK.invokeExact(channel, events, nanos);
    } catch (Throwable e) {
      throw io(e);
    }
  }

  public static ReentrantLock readLock(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel
          ? (ReentrantLock) SOCKET_READ_LOCK.invokeExact(channel)
          : (ReentrantLock) SOURCE_LOCK.invokeExact(channel);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  public static ReentrantLock writeLock(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel
          ? (ReentrantLock) SOCKET_WRITE_LOCK.invokeExact(channel)
          : (ReentrantLock) SINK_LOCK.invokeExact(channel);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** Records the reading thread, so that a closer can wake it, and sets the hook for interrupts. */
  public static void beginRead(SelectableChannel channel, boolean blocking) throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        SOCKET_BEGIN_READ.invokeExact(channel, blocking);
      } else {
        SOURCE_BEGIN.invokeExact(channel, blocking);
      }
    } catch (Throwable e) {
      throw io(e);
    }
  }

  public static void endRead(SelectableChannel channel, boolean blocking, boolean completed)
      throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        SOCKET_END_READ.invokeExact(channel, blocking, completed);
      } else {
        SOURCE_END.invokeExact(channel, blocking, completed);
      }
    } catch (Throwable e) {
      throw io(e);
    }
  }

  /** Records the writing thread, so that a closer can wake it, and sets the hook for interrupts. */
  public static void beginWrite(SelectableChannel channel, boolean blocking) throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        SOCKET_BEGIN_WRITE.invokeExact(channel, blocking);
      } else {
        SINK_BEGIN.invokeExact(channel, blocking);
      }
    } catch (Throwable e) {
      throw io(e);
    }
  }

  public static void endWrite(SelectableChannel channel, boolean blocking, boolean completed)
      throws IOException {
    try {
      if (channel instanceof SocketChannel) {
        SOCKET_END_WRITE.invokeExact(channel, blocking, completed);
      } else {
        SINK_END.invokeExact(channel, blocking, completed);
      }
    } catch (Throwable e) {
      throw io(e);
    }
  }

  public static boolean isInputClosed(SocketChannel channel) {
    try {
      return (boolean) SOCKET_INPUT_CLOSED.invokeExact((SelectableChannel) channel);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  public static boolean isOutputClosed(SocketChannel channel) {
    try {
      return (boolean) SOCKET_OUTPUT_CLOSED.invokeExact((SelectableChannel) channel);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /**
   * Makes the descriptor non-blocking when a virtual thread uses it, as the JDK's own reads and
   * writes do. The channel's lock must be held.
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
      throw io(e);
    }
  }

  private static IOException io(Throwable e) {
    if (e instanceof IOException io) {
      return io;
    }
    throw unchecked(e);
  }

  private static RuntimeException unchecked(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      return runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }

  // -- the search --

  /** The handles of one direction of a kind of channel. */
  private record Guards(MethodHandle lock, MethodHandle begin, MethodHandle end) {}

  private static boolean foundAll(String group) {
    return PROBE.foundAll(group, "the JDK's own guards", "duplicated descriptors");
  }

  private static MethodHandle fileNumber() {
    return PROBE.found(
        lookup -> {
          MethodHandle descriptor = lookup.findGetter(FILE, "fd", FileDescriptor.class);
          MethodHandle number = lookup.findGetter(FileDescriptor.class, "fd", int.class);
          return MethodHandles.filterReturnValue(descriptor, number);
        },
        MethodType.methodType(int.class, FileChannel.class));
  }

  private static MethodHandle fileEnter() {
    return PROBE.found(
        lookup -> {
          MethodHandle threads = lookup.findGetter(FILE, "threads", THREADS);
          MethodHandle add = lookup.findVirtual(THREADS, "add", MethodType.methodType(int.class));
          return MethodHandles.filterReturnValue(threads, add);
        },
        MethodType.methodType(int.class, FileChannel.class));
  }

  private static MethodHandle fileLeave() {
    return PROBE.found(
        lookup -> {
          MethodHandle threads = lookup.findGetter(FILE, "threads", THREADS);
          MethodHandle remove =
              lookup.findVirtual(THREADS, "remove", MethodType.methodType(void.class, int.class));
          return MethodHandles.filterArguments(remove, 0, threads);
        },
        MethodType.methodType(void.class, FileChannel.class, int.class));
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

  /** Only JDKs with virtual threads have this method; elsewhere the handle does nothing. */
  private static MethodHandle unblock(Class<?> owner) {
    MethodType type = MethodType.methodType(void.class, SelectableChannel.class);
    if (!Threads.HAS_VIRTUAL) {
      return MethodHandles.empty(type);
    }
    return PROBE.method(
        SelectableChannel.class, owner, "configureSocketNonBlockingIfVirtualThread", void.class);
  }
}
