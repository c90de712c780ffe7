package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The guards of the JDK's own pipes, as {@link StreamGuards} says. That class calls this one for a
 * channel that is no socket.
 *
 * <p>The names are those of {@code sun.nio.ch.SinkChannelImpl} and {@code SourceChannelImpl}; they
 * are the same on JDK 17 to 25.
 */
public final class PipeGuards {
  private static final Probe PROBE = new Probe(TrustedLookup.PIPES, "pipes");
  private static final Class<?> SINK = PROBE.type("sun.nio.ch.SinkChannelImpl");
  private static final Class<?> SOURCE = PROBE.type("sun.nio.ch.SourceChannelImpl");
  private static final MethodHandle SINK_NUMBER = StreamHandles.number(PROBE, SINK);
  private static final MethodHandle SINK_PARK = StreamHandles.park(PROBE, SINK);
  private static final MethodHandle SINK_LOCK = StreamHandles.lock(PROBE, SINK, "writeLock");
  private static final MethodHandle SINK_BEGIN = StreamHandles.begin(PROBE, SINK, "beginWrite");
  private static final MethodHandle SINK_END = StreamHandles.end(PROBE, SINK, "endWrite");
  private static final @Nullable MethodHandle SINK_UNBLOCK = StreamHandles.unblock(PROBE, SINK);
  private static final MethodHandle SOURCE_NUMBER = StreamHandles.number(PROBE, SOURCE);
  private static final MethodHandle SOURCE_PARK = StreamHandles.park(PROBE, SOURCE);
  private static final MethodHandle SOURCE_LOCK = StreamHandles.lock(PROBE, SOURCE, "readLock");
  private static final MethodHandle SOURCE_BEGIN = StreamHandles.begin(PROBE, SOURCE, "beginRead");
  private static final MethodHandle SOURCE_END = StreamHandles.end(PROBE, SOURCE, "endRead");
  private static final @Nullable MethodHandle SOURCE_UNBLOCK = StreamHandles.unblock(PROBE, SOURCE);

  /** Whether pipes are held by the JDK's own read and write guards. */
  public static final boolean PIPES = StreamHandles.foundAll(PROBE);

  /**
   * Whether a close of a pipe takes the descriptor from a thread that uses it, before it signals
   * that thread. Where it does not, as on JDK 21, the one signal is lost that comes between two
   * system calls of the thread.
   */
  public static final boolean ARE_PRECLOSED = preCloses(SINK) && preCloses(SOURCE);

  static {
    PROBE.end();
  }

  private PipeGuards() {}

  static Map<String, String> found() {
    return PROBE.found;
  }

  static boolean isPipe(Channel channel) {
    return SINK.isInstance(channel) || SOURCE.isInstance(channel);
  }

  static int descriptor(SelectableChannel channel) throws Throwable {
    return isSink(channel)
        ? (int) SINK_NUMBER.invokeExact((Object) SINK.cast(channel))
        : (int) SOURCE_NUMBER.invokeExact((Object) SOURCE.cast(channel));
  }

  static void park(SelectableChannel channel, int events, long nanos) throws Throwable {
    if (isSink(channel)) {
      SINK_PARK.invokeExact((Object) SINK.cast(channel), events, nanos);
    } else {
      SOURCE_PARK.invokeExact((Object) SOURCE.cast(channel), events, nanos);
    }
  }

  /** The lock of the only direction that an end of a pipe has. */
  static ReentrantLock lock(SelectableChannel channel) throws Throwable {
    return isSink(channel)
        ? (ReentrantLock) SINK_LOCK.invokeExact((Object) SINK.cast(channel))
        : (ReentrantLock) SOURCE_LOCK.invokeExact((Object) SOURCE.cast(channel));
  }

  static void begin(SelectableChannel channel, boolean blocking) throws Throwable {
    if (isSink(channel)) {
      SINK_BEGIN.invokeExact((Object) SINK.cast(channel), blocking);
    } else {
      SOURCE_BEGIN.invokeExact((Object) SOURCE.cast(channel), blocking);
    }
  }

  static void end(SelectableChannel channel, boolean blocking, boolean completed) throws Throwable {
    if (isSink(channel)) {
      SINK_END.invokeExact((Object) SINK.cast(channel), blocking, completed);
    } else {
      SOURCE_END.invokeExact((Object) SOURCE.cast(channel), blocking, completed);
    }
  }

  static void unblock(SelectableChannel channel) throws Throwable {
    if (SINK_UNBLOCK != null && isSink(channel)) {
      SINK_UNBLOCK.invokeExact((Object) SINK.cast(channel));
    } else if (SOURCE_UNBLOCK != null) {
      SOURCE_UNBLOCK.invokeExact((Object) SOURCE.cast(channel));
    }
  }

  private static boolean isSink(SelectableChannel channel) {
    return channel instanceof Pipe.SinkChannel;
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
      for (Class<?> each = found.getClass(); each != null; each = each.getSuperclass()) {
        for (Method method : each.getDeclaredMethods()) {
          if (method.getName().equals("preClose0")) {
            return true;
          }
        }
      }
      return false;
    } catch (Throwable e) {
      return false;
    }
  }
}
