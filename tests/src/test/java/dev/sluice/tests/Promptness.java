package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * The 100 ms within which something has to end, on a machine that runs its threads.
 *
 * <p>How late the machine itself is, is measured meanwhile by threads that do nothing but sleep a
 * millisecond at a time. An end takes up to four hand-overs from thread to thread: to whoever acts,
 * to the watcher, to the transfer and to who waits for it. Each may be as late as the latest of the
 * sleepers. Where nothing else runs that adds next to nothing.
 */
final class Promptness {
  static final long LIMIT_MILLIS = 100;
  private static final int HANDOVERS = 4;
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final List<Sleeper> SLEEPERS =
      IntStream.range(0, Runtime.getRuntime().availableProcessors())
          .mapToObj(i -> new Sleeper())
          .toList();

  static {
    for (Sleeper sleeper : SLEEPERS) {
      Thread thread = new Thread(sleeper, "how late the machine is");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private Promptness() {}

  /** To be called before what is timed, for the sleepers to be there. */
  static long now() {
    return System.nanoTime();
  }

  /** That what began at {@code begun} has ended in time, by now. */
  static void assertEnded(long begun) {
    assertWithin(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun), begun, "");
  }

  /**
   * That something took no longer than it may.
   *
   * @param millis what it took
   * @param since when at the latest it began, by {@link #now}
   */
  static void assertWithin(long millis, long since, String told) {
    if (millis <= LIMIT_MILLIS) {
      return;
    }
    long late = lateNanos(since);
    long limit = LIMIT_MILLIS + HANDOVERS * TimeUnit.NANOSECONDS.toMillis(late);
    assertTrue(
        millis <= limit,
        () -> millis + " ms, on a machine that is " + late / 1_000 + " us late " + told);
  }

  private static long lateNanos(long since) {
    return SLEEPERS.stream().mapToLong(sleeper -> sleeper.lateNanos(since)).max().orElse(0);
  }

  /** Sleeps, and keeps for some seconds when it woke and how late that was. */
  private static final class Sleeper implements Runnable {
    private static final int KEPT = 8192;
    private final AtomicLongArray woke = new AtomicLongArray(KEPT);
    private final AtomicLongArray late = new AtomicLongArray(KEPT);

    @Override
    public void run() {
      long before = System.nanoTime();
      for (int at = 0; ; at = (at + 1) % KEPT) {
        LockSupport.parkNanos(NAP_NANOS);
        long now = System.nanoTime();
        late.set(at, now - before - NAP_NANOS);
        woke.set(at, now);
        before = now;
      }
    }

    private long lateNanos(long since) {
      return IntStream.range(0, KEPT)
          .filter(at -> woke.get(at) != 0 && woke.get(at) - since >= 0)
          .mapToLong(late::get)
          .max()
          .orElse(0);
    }
  }
}
