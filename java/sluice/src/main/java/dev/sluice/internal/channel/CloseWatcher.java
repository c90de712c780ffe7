package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.Threads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Wakes transfers that a close of one of their channels does not wake, or does not wake for
 * certain. There are two kinds. A virtual thread that is parked stands in no file's thread set. And
 * while a transfer waits for one channel, a close of the other channel sends no signal, or one
 * signal, which is lost where it comes between the transfer's look at its channels and the kernel's
 * sleep.
 *
 * <p>One thread, which lives only while there are transfers of these kinds, looks at both channels
 * of each transfer every {@link Endpoint#WAIT_MILLIS}. If one of the two was closed or shut down,
 * the watcher unparks or signals the transfer's thread. It does so at every look for as long as the
 * transfer is watched: a permit or a signal that was spent on something else then loses no wake-up.
 */
public final class CloseWatcher implements Runnable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Endpoint.WAIT_MILLIS);

  /**
   * How long the watcher's thread waits for the next transfer before it ends. To start a thread
   * takes longer than a small transfer.
   */
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Set<Watched> WATCHED = ConcurrentHashMap.newKeySet();
  private static final ReentrantLock LOCK = new ReentrantLock();

  /** Whether the watcher's thread runs. */
  private static volatile boolean isRunning;

  /** When a transfer was last watched, by {@code System.nanoTime()}. */
  private long lastUsed = System.nanoTime();

  private CloseWatcher() {}

  /** One watched transfer. */
  public static final class Watched {
    /**
     * Held during each look, so that the watcher neither looks at a transfer that is over nor
     * signals its thread.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private final Thread thread = Thread.currentThread();
    private final Endpoint source;
    private final Endpoint target;

    /** The native thread that makes the transfer's system call, for {@link NativeWait#signal}. */
    private long inside;

    private boolean isInside;
    private boolean isForgotten;

    private Watched(Endpoint source, Endpoint target) {
      this.source = source;
      this.target = target;
    }

    /** Records that the current thread begins a system call. */
    public void enter() {
      lock.lock();
      inside = NativeWait.thread();
      isInside = true;
      lock.unlock();
    }

    /** Records that the system call is over. */
    public void leave() {
      lock.lock();
      isInside = false;
      lock.unlock();
    }

    private void forget() {
      lock.lock();
      isForgotten = true;
      lock.unlock();
    }

    /**
     * Whether the transfer's thread should look at its channels. If the watcher fails to look at
     * them, the thread is woken as well and looks by itself.
     */
    private boolean mayBeUnusable() {
      try {
        return source.mayBeUnusable() || target.mayBeUnusable();
      } catch (RuntimeException | Error e) {
        return true;
      }
    }

    private void look() {
      // A thread that enters or leaves just now looks at its channels by itself.
      if (!lock.tryLock()) {
        return;
      }
      try {
        if (isForgotten || !mayBeUnusable()) {
          return;
        }
        if (isInside) {
          NativeWait.signal(inside);
        } else {
          LockSupport.unpark(thread);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Watches the current thread's transfer until {@link #forget}.
   *
   * @return what {@link #forget} takes, or null where no thread could be started
   */
  public static @Nullable Watched watch(Endpoint source, Endpoint target) {
    Watched watched = new Watched(source, target);
    WATCHED.add(watched);
    if (isRunning || start()) {
      return watched;
    }
    WATCHED.remove(watched);
    return null;
  }

  /** Ends the watch of a transfer. */
  public static void forget(Watched watched) {
    WATCHED.remove(watched);
    watched.forget();
  }

  private static boolean start() {
    LOCK.lock();
    try {
      // If no thread can be started, the caller looks at its channels by itself.
      isRunning = isRunning || Threads.start("sluice-watcher", new CloseWatcher());
      return isRunning;
    } finally {
      LOCK.unlock();
    }
  }

  @Override
  public void run() {
    try {
      long last = lastUsed;
      while (isNeeded()) {
        last = tick(last);
      }
    } catch (Throwable e) {
      // The next transfer starts another thread.
      isRunning = false;
      throw e;
    }
  }

  /**
   * Waits, and looks at all transfers if the last look is long enough ago.
   *
   * @return when the last look was made
   */
  private static long tick(long last) {
    try {
      await();
      if (System.nanoTime() - last < TICK_NANOS) {
        return last;
      }
      WATCHED.forEach(Watched::look);
    } catch (RuntimeException | Error e) {
      // The memory may be exhausted. The transfers have to be watched all the same.
      LockSupport.parkNanos(TICK_NANOS);
    }
    return System.nanoTime();
  }

  /**
   * Whether the watcher's thread has to go on. A transfer that is added before the last look is
   * seen by that look. A transfer that is added later finds that no thread runs, and starts one.
   */
  private boolean isNeeded() {
    long now = System.nanoTime();
    if (!WATCHED.isEmpty()) {
      lastUsed = now;
      return true;
    }
    if (now - lastUsed < LINGER_NANOS) {
      return true;
    }
    LOCK.lock();
    try {
      isRunning = false;
      if (WATCHED.isEmpty()) {
        return false;
      }
      isRunning = true;
      return true;
    } finally {
      LOCK.unlock();
    }
  }

  /** Waits for the next look, and unparks threads of {@link ReadinessPoller} meanwhile. */
  private static void await() {
    if (ReadinessPoller.isAwaited()) {
      ReadinessPoller.unparkReady(Endpoint.WAIT_MILLIS);
    } else {
      LockSupport.parkNanos(TICK_NANOS);
    }
  }
}
