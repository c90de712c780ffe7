package dev.sluice.tests.support;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The 100 ms within which something has to end, on a machine that runs its threads.
 *
 * <p>While any thread is ready and has no processor, or the machine's own processor is given to
 * another machine, nothing can end in time. The kernel counts both ({@code /proc/pressure/cpu} and
 * the stolen time of {@code /proc/stat}), and what it counts from the beginning on is added. Where
 * nothing else runs that is next to nothing, and where the kernel does not tell, nothing.
 */
public final class TimeLimit {
  private static final long LIMIT_MILLIS = 100;
  private static final Path PRESSURE = Path.of("/proc/pressure/cpu");
  private static final Path STAT = Path.of("/proc/stat");
  private static final int STOLEN = 8;
  private static final long MILLIS_OF_A_TICK = 10;

  /** Under an emulator nothing is timed: how slow the emulator is says nothing. */
  private static final boolean IS_EMULATED = Boolean.getBoolean("dev.sluice.tests.emulated");

  private final long begun = System.nanoTime();
  private final long withheld = withheldMillis();

  private TimeLimit() {}

  /** To be called before the action that is timed. */
  public static TimeLimit begin() {
    return new TimeLimit();
  }

  /** Asserts that an action which began then has ended in time, by now. */
  public void assertEnded() {
    assertWithin(millis(), "");
  }

  /** How long ago it began. */
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  /** That something of the time since took no longer than it may. */
  public void assertWithin(long millis, String told) {
    if (millis <= LIMIT_MILLIS || IS_EMULATED) {
      return;
    }
    long added = withheldMillis() - withheld;
    assertTrue(
        millis <= LIMIT_MILLIS + added,
        () -> millis + " ms, for " + added + " of which processors were withheld " + told);
  }

  /** For how long, until now, some thread had to wait for a processor, or all for the machine. */
  private static long withheldMillis() {
    return waitedMillis() + stolenMillis();
  }

  private static long waitedMillis() {
    try {
      String some = Files.readAllLines(PRESSURE).get(0);
      String total = some.substring(some.indexOf("total=") + "total=".length());
      return TimeUnit.MICROSECONDS.toMillis(Long.parseLong(total));
    } catch (IOException e) {
      return 0;
    }
  }

  private static long stolenMillis() {
    try {
      String all = Files.readAllLines(STAT).get(0);
      return Long.parseLong(all.split(" +")[STOLEN]) * MILLIS_OF_A_TICK;
    } catch (IOException e) {
      return 0;
    }
  }
}
