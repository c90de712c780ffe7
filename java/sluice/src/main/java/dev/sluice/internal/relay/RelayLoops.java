package dev.sluice.internal.relay;

import dev.sluice.internal.jdk.Threads;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The loops of the process: at most one for each processor, made when there are relays to serve. A
 * loop ends when it has served none for a while.
 */
final class RelayLoops {
  /** To start a thread takes longer than a small relay. */
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final ReentrantLock LOCK = new ReentrantLock();

  /** The loops that may be given runs. Guarded by the lock, as {@link RelayLoop#load} is. */
  private static final Set<RelayLoop> LOOPS = new HashSet<>();

  /** How busy a loop is. */
  static final class Load {
    private int runs;
    private long idleSince = System.nanoTime();
  }

  private RelayLoops() {}

  /**
   * Gives a run to the loop that serves the fewest, or to a new one.
   *
   * @throws IOException if the system has no descriptor or no thread for a loop
   */
  static void serve(RelayRun run) throws IOException {
    LOCK.lock();
    try {
      RelayLoop chosen = leastBusy();
      boolean isMore = LOOPS.size() < Runtime.getRuntime().availableProcessors();
      if (chosen == null || isMore && chosen.load.runs > 0) {
        chosen = start(chosen);
      }
      chosen.load.runs++;
      run.servedBy(chosen);
      chosen.look(run);
    } finally {
      LOCK.unlock();
    }
  }

  private static @Nullable RelayLoop leastBusy() {
    RelayLoop least = null;
    for (RelayLoop loop : LOOPS) {
      if (least == null || loop.load.runs < least.load.runs) {
        least = loop;
      }
    }
    return least;
  }

  /** Starts a loop. Where the system has no resources for it, {@code other} takes the run. */
  private static RelayLoop start(@Nullable RelayLoop other) throws IOException {
    Selector selector = null;
    IOException refused = new IOException("no thread can be started for relays");
    try {
      selector = Selector.open();
      RelayLoop loop = new RelayLoop(selector);
      if (Threads.start("sluice-relay", loop)) {
        LOOPS.add(loop);
        return loop;
      }
      selector.close();
    } catch (IOException e) {
      refused = e;
    }
    if (other == null) {
      throw refused;
    }
    return other;
  }

  /** Notes that a loop has served one of its runs to the end. */
  static void left(RelayLoop loop) {
    LOCK.lock();
    try {
      loop.load.runs--;
      loop.load.idleSince = System.nanoTime();
    } finally {
      LOCK.unlock();
    }
  }

  /** Whether a loop has to go on. Once it has not, it gets no more runs. */
  static boolean isNeeded(RelayLoop loop, boolean isIdle) {
    if (!isIdle) {
      return true;
    }
    LOCK.lock();
    try {
      if (loop.load.runs > 0 || System.nanoTime() - loop.load.idleSince < LINGER_NANOS) {
        return true;
      }
      LOOPS.remove(loop);
      return false;
    } finally {
      LOCK.unlock();
    }
  }

  /** Whether the current thread is that of a loop. */
  static boolean isCurrentThread() {
    LOCK.lock();
    try {
      for (RelayLoop loop : LOOPS) {
        if (loop.thread == Thread.currentThread()) {
          return true;
        }
      }
      return false;
    } finally {
      LOCK.unlock();
    }
  }

  /** Gives a loop no more runs. */
  static void forget(RelayLoop loop) {
    LOCK.lock();
    try {
      LOOPS.remove(loop);
    } finally {
      LOCK.unlock();
    }
  }
}
