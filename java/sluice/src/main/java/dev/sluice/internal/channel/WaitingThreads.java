package dev.sluice.internal.channel;

import dev.sluice.internal.jdk.Threads;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Platform threads that wait for disks in the place of virtual threads. They take what they are
 * given in its order, and end when there has been nothing for a while.
 */
final class WaitingThreads implements Runnable {
  /** A disk is kept busy by some dozen requests; a disk that hangs keeps no more threads. */
  private static final int MOST = 32;

  /** To start a thread takes longer than to read some blocks. */
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition IS_GIVEN = LOCK.newCondition();

  /** What no thread has taken. Guarded by the lock, as all below. */
  private static final Queue<Runnable> TASKS = new ArrayDeque<>();

  private static int threads;
  private static int idle;

  private WaitingThreads() {}

  /**
   * Has a task run by one of the threads.
   *
   * @return whether it will be; it is not where the system has no thread for it
   */
  static boolean run(Runnable task) {
    LOCK.lock();
    try {
      if (idle <= TASKS.size() && threads < MOST) {
        if (Threads.start("sluice-disk", new WaitingThreads())) {
          threads++;
        } else if (threads == 0) {
          return false;
        }
      }
      TASKS.add(task);
      IS_GIVEN.signal();
      return true;
    } finally {
      LOCK.unlock();
    }
  }

  @Override
  public void run() {
    Runnable task = next();
    while (task != null) {
      task.run();
      task = next();
    }
  }

  private static @Nullable Runnable next() {
    LOCK.lock();
    try {
      long left = LINGER_NANOS;
      while (TASKS.isEmpty()) {
        if (left <= 0) {
          threads--;
          return null;
        }
        idle++;
        try {
          left = IS_GIVEN.awaitNanos(left);
        } catch (InterruptedException e) {
          // Nobody interrupts these threads for a reason of Sluice's.
        } finally {
          idle--;
        }
      }
      return TASKS.remove();
    } finally {
      LOCK.unlock();
    }
  }
}
