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
 * Looks after the transfers whose threads a close does not wake, or not for certain: a virtual
 * thread that is parked stands in no file's thread set; the side that is not waited for wakes
 * nobody, or with one signal that is lost where it comes between the transfer's look at its
 * channels and the kernel's sleep. One thread, which lives only while there are such transfers,
 * looks at both channels of each every {@link Endpoint#WAIT_MILLIS}, and unparks or signals those
 * of which one was closed or shut down.
 *
 * <p>It does so at every look for as long as the transfer is watched, so that a permit or a signal
 * which was spent on something else is no wake-up lost.
 */
public final class CloseWatcher implements Runnable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Endpoint.WAIT_MILLIS);

  /** How long it waits for the next transfer: to start a thread takes longer than a small one. */
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Set<Watched> WATCHED = ConcurrentHashMap.newKeySet();
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static volatile boolean isRunning;

  private long lastUsed = System.nanoTime();

  private CloseWatcher() {}

  /** One watched transfer. */
  public static final class Watched {
    /** Held by whoever looks, so that nothing is looked at or signalled that is over. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Thread thread = Thread.currentThread();
    private final Endpoint source;
    private final Endpoint target;

    /** The native thread that is in a system call for the transfer. */
    private long inside;

    private boolean isInside;
    private boolean isForgotten;

    private Watched(Endpoint source, Endpoint target) {
      this.source = source;
      this.target = target;
    }

    /** A system call begins. */
    public void enter() {
      lock.lock();
      inside = NativeWait.thread();
      isInside = true;
      lock.unlock();
    }

    /** It is over. */
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

    /** What cannot be looked at is woken as well, and sees for itself. */
    private boolean isSuspect() {
      try {
        return source.isSuspect() || target.isSuspect();
      } catch (RuntimeException | Error e) {
        return true;
      }
    }

    private void look() {
      // A thread that enters or leaves just now sees for itself.
      if (!lock.tryLock()) {
        return;
      }
      try {
        if (isForgotten || !isSuspect()) {
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
   * @return what to forget, or null where no thread could be started
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

  public static void forget(Watched watched) {
    WATCHED.remove(watched);
    watched.forget();
  }

  private static boolean start() {
    LOCK.lock();
    try {
      // Without a thread the caller looks at its channels by itself.
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
      // The next transfer starts another.
      isRunning = false;
      throw e;
    }
  }

  private static long tick(long last) {
    try {
      await();
      if (System.nanoTime() - last < TICK_NANOS) {
        return last;
      }
      WATCHED.forEach(Watched::look);
    } catch (RuntimeException | Error e) {
      // Out of memory, perhaps: the transfers need looking after all the same.
      LockSupport.parkNanos(TICK_NANOS);
    }
    return System.nanoTime();
  }

  /** Whoever is added before the last look is seen there, and whoever comes later starts anew. */
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

  private static void await() {
    if (ReadinessPoller.isAwaited()) {
      ReadinessPoller.unparkReady(Endpoint.WAIT_MILLIS);
    } else {
      LockSupport.parkNanos(TICK_NANOS);
    }
  }
}
