package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeMemory;
import dev.sluice.internal.boundary.NativeWait;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Parks virtual threads until a duplicate of ours is ready, where the JDK's own poller cannot be
 * reached: by one {@code epoll(7)} instance, at which the {@link CloseWatcher} waits.
 */
final class ReadinessPoller {
  private static final int MOST = 256;

  private static final ConcurrentHashMap<Integer, Thread> AWAITED = new ConcurrentHashMap<>();

  /** The descriptors that one wait answers; the watcher's own, which makes it when it waits. */
  private static @Nullable ByteBuffer ready;

  private ReadinessPoller() {}

  /** Whether any thread waits here. */
  static boolean isAwaited() {
    return !AWAITED.isEmpty();
  }

  /**
   * Parks until the descriptor is ready, or the thread is unparked or interrupted.
   *
   * @return whether that was possible
   */
  static boolean park(int fd, int events) {
    AWAITED.put(fd, Thread.currentThread());
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

  /** Waits for at most {@code millis}, and unparks the threads whose descriptors are ready. */
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
