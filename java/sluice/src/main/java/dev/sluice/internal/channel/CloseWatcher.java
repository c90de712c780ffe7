package dev.sluice.internal.channel;

import dev.sluice.internal.jdk.Threads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Wakes transfers that a close of one of their channels does not wake, or does not wake for
 * certain, and transfers that met one of their {@link Limits}. A virtual thread that is parked
 * stands in no file's thread set. And while a transfer waits for one channel, a close of the other
 * channel sends no signal, or one signal, which is lost where it comes between the transfer's look
 * at its channels and the kernel's sleep.
 *
 * <p>One thread, which lives only while there are transfers of these kinds, looks at both channels
 * of each transfer every {@link Endpoint#WAIT_MILLIS}. If one of the two was closed or shut down,
 * or a limit is met, the watcher unparks or signals the transfer's thread. It does so at every look
 * for as long as the transfer is watched: a permit or a signal that was spent on something else
 * then loses no wake-up.
 */
public final class CloseWatcher implements Runnable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Endpoint.WAIT_MILLIS);

  /**
   * How long the watcher's thread waits for the next transfer before it ends. To start a thread
   * takes longer than a small transfer.
   */
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** The watches of running transfers. Most find a place here, which takes no memory. */
  private static final AtomicReferenceArray<@Nullable Watched> PLACES =
      new AtomicReferenceArray<>(16);

  /** The watches of those transfers that found their place taken. */
  private static final Set<Watched> OTHERS = ConcurrentHashMap.newKeySet();

  private static final ReentrantLock LOCK = new ReentrantLock();

  /** Whether the watcher's thread runs. */
  private static volatile boolean isRunning;

  /** When a transfer was last watched, by {@code System.nanoTime()}. */
  private long lastUsed = System.nanoTime();

  private CloseWatcher() {}

  /**
   * Watches the current thread's transfer until {@link #forget}.
   *
   * @param watched of no running transfer
   * @return whether the transfer is watched; it is not where no thread could be started
   */
  static boolean watch(Watched watched, Endpoint source, Endpoint target, @Nullable Limits limits) {
    boolean isWatched = false;
    try {
      watched.begin(source, target, limits);
      int place = (int) Thread.currentThread().getId() & PLACES.length() - 1;
      if (PLACES.compareAndSet(place, null, watched)) {
        watched.place = place;
      } else {
        watched.place = Watched.AMONG_OTHERS;
        OTHERS.add(watched);
      }
      isWatched = isRunning || start();
      return isWatched;
    } finally {
      if (!isWatched) {
        forget(watched);
      }
    }
  }

  /** Ends the watch of a transfer. */
  static void forget(Watched watched) {
    int place = watched.place;
    if (place == Watched.AMONG_OTHERS) {
      OTHERS.remove(watched);
    } else if (place != Watched.NOWHERE) {
      PLACES.set(place, null);
    }
    watched.place = Watched.NOWHERE;
    watched.forget();
  }

  /** Whether there is a transfer to watch. */
  private static boolean isAnyWatched() {
    return isAnyWatchedBut(null);
  }

  /** Whether there is a transfer to watch beside {@code own}, which has a place of its own. */
  static boolean isAnyWatchedBut(@Nullable Watched own) {
    if (!OTHERS.isEmpty()) {
      return true;
    }
    for (int place = 0; place < PLACES.length(); place++) {
      Watched watched = PLACES.get(place);
      if (watched != null && watched != own) {
        return true;
      }
    }
    return false;
  }

  private static void lookAtAll() {
    for (int place = 0; place < PLACES.length(); place++) {
      Watched watched = PLACES.get(place);
      if (watched != null) {
        watched.look();
      }
    }
    OTHERS.forEach(Watched::look);
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
      lookAtAll();
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
    if (isAnyWatched()) {
      lastUsed = now;
      return true;
    }
    if (now - lastUsed < LINGER_NANOS) {
      return true;
    }
    LOCK.lock();
    try {
      isRunning = false;
      if (!isAnyWatched()) {
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
