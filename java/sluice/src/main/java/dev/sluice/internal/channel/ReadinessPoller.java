package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeMemory;
import dev.sluice.internal.boundary.NativeWait;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Parks virtual threads until a duplicate of Sluice's is ready, where the JDK's own poller cannot
 * be reached, or a descriptor that another library lends. One {@code epoll(7)} instance watches the
 * descriptors, each for one thread, and the {@link CloseWatcher} waits at that instance.
 */
final class ReadinessPoller {
  /** The most descriptors that one wait answers. */
  private static final int MOST = 256;

  /** The parked threads by their descriptors. */
  private static final ConcurrentHashMap<Integer, Thread> AWAITED = new ConcurrentHashMap<>();

  /**
   * The memory for the descriptors that one wait answers. Only the watcher's thread uses it, and
   * makes it at its first wait.
   */
  private static @Nullable ByteBuffer ready;

  private ReadinessPoller() {}

  /** Whether a thread is parked here. */
  static boolean isAwaited() {
    return !AWAITED.isEmpty();
  }

  /**
   * Parks the current thread until the descriptor is ready, or the thread is unparked or
   * interrupted.
   *
   * @return whether the descriptor could be watched. It cannot while another thread is parked for
   *     it: one reads what another library lends, and one writes it
   */
  static boolean park(int fd, int events) {
    if (AWAITED.putIfAbsent(fd, Thread.currentThread()) != null) {
      return false;
    }
    try {
      if (NativeWait.watch(fd, events) < 0) {
        return false;
      }
      try {
        LockSupport.park();
        return true;
      } finally {
        NativeWait.unwatch(fd);
      }
    } finally {
      AWAITED.remove(fd);
    }
  }

  /**
   * Waits for at most {@code millis} milliseconds, and unparks the threads whose descriptors are
   * ready.
   */
  static void unparkReady(int millis) {
    ByteBuffer numbers = ready;
    if (numbers == null) {
      numbers = ByteBuffer.allocateDirect(MOST * Integer.BYTES).order(ByteOrder.nativeOrder());
      ready = numbers;
    }
    int count = NativeWait.awaitReady(NativeMemory.address(numbers), MOST, millis);
    for (int i = 0; i < count; i++) {
      LockSupport.unpark(AWAITED.get(numbers.getInt(i * Integer.BYTES)));
    }
    if (count < 0) {
      LockSupport.parkNanos(millis * 1_000_000L);
    }
  }
}
