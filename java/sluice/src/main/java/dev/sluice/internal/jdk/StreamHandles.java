package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handles that sockets and both ends of pipes have alike. Their receivers are given as
 * {@link Probe#getter} says.
 */
final class StreamHandles {
  private StreamHandles() {}

  static MethodHandle number(Probe probe, Class<?> owner) {
    return probe.castMethod(owner, "getFDVal", int.class);
  }

  /** The waiting is a method of {@code sun.nio.ch.SelChImpl}, which all these channels are. */
  static MethodHandle park(Probe probe, Class<?> owner) {
    return probe.castMethod(owner, "park", void.class, int.class, long.class);
  }

  static MethodHandle lock(Probe probe, Class<?> owner, String name) {
    return probe.getter(ReentrantLock.class, owner, name, ReentrantLock.class);
  }

  static MethodHandle begin(Probe probe, Class<?> owner, String name) {
    return probe.castMethod(owner, name, void.class, boolean.class);
  }

  static MethodHandle end(Probe probe, Class<?> owner, String name) {
    return probe.castMethod(owner, name, void.class, boolean.class, boolean.class);
  }

  /** Only JDKs with virtual threads have this method. On other JDKs there is no handle. */
  static @Nullable MethodHandle unblock(Probe probe, Class<?> owner) {
    return Threads.HAS_VIRTUAL
        ? probe.castMethod(owner, "configureSocketNonBlockingIfVirtualThread", void.class)
        : null;
  }

  static boolean foundAll(Probe probe) {
    return probe.foundAll("the JDK's own guards", "duplicated descriptors");
  }
}
