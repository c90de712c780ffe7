package dev.sluice.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the transfers whose virtual threads are parked. A parked thread stands in no file's
 * thread set, and a close of the side that it does not wait for wakes nobody: one thread, which
 * lives only while transfers are parked, looks at both channels of each every {@link
 * Side#WAIT_MILLIS} and unparks those of which one was closed or shut down.
 *
 * <p>It unparks at every look for as long as the transfer is watched, so that a permit which was
 * spent on something else is no wake-up lost.
 */
final class Watcher implements Runnable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Side.WAIT_MILLIS);

  private static final Set<Parked> PARKED = ConcurrentHashMap.newKeySet();
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static boolean isRunning;

  private Watcher() {}

  /** One watched transfer. */
  static final class Parked {
    private final Thread thread = Thread.currentThread();
    private final Side source;
    private final Side target;

    private Parked(Side source, Side target) {
      this.source = source;
      this.target = target;
    }

    private boolean mayGoOn() {
      return source.isUsable() && target.isUsable();
    }
  }

  /**
   * Watches the current thread's transfer until {@link #forget}.
   *
   * @return what to forget, or null where no thread could be started
   */
  static @Nullable Parked watch(Side source, Side target) {
    Parked parked = new Parked(source, target);
    LOCK.lock();
    try {
      if (!isRunning) {
        start();
        isRunning = true;
      }
      PARKED.add(parked);
      return parked;
    } catch (OutOfMemoryError e) {
      // No native thread: the caller looks at its channels by itself.
      return null;
    } finally {
      LOCK.unlock();
    }
  }

  static void forget(Parked parked) {
    PARKED.remove(parked);
  }

  private static void start() {
    Thread thread = new Thread(null, new Watcher(), "sluice-watcher", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  @Override
  public void run() {
    long last = System.nanoTime();
    while (isNeeded()) {
      await();
      if (System.nanoTime() - last >= TICK_NANOS) {
        unparkEnded();
        last = System.nanoTime();
      }
    }
  }

  /** Nobody can be added between the look and the end, so that nobody is left unwatched. */
  private static boolean isNeeded() {
    LOCK.lock();
    try {
      isRunning = !PARKED.isEmpty();
      return isRunning;
    } finally {
      LOCK.unlock();
    }
  }

  private static void await() {
    if (Readiness.isAwaited()) {
      Readiness.unparkReady(Side.WAIT_MILLIS);
    } else {
      LockSupport.parkNanos(TICK_NANOS);
    }
  }

  private static void unparkEnded() {
    for (Parked parked : PARKED) {
      if (!parked.mayGoOn()) {
        LockSupport.unpark(parked.thread);
      }
    }
  }
}
