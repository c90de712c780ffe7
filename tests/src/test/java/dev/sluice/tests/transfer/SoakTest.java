package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tests.support.Internals;
import dev.sluice.tests.support.VirtualThreads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty seconds of transfers over 32 threads of both sorts, half of which are closed or
 * interrupted: what arrives is what was sent, and what was opened is closed.
 */
@Tag("both-guards")
@Tag("slow")
class SoakTest {
  /** Shorter where it is the second soak of a JDK. */
  private static final long SECONDS = Internals.areOff() ? 10 : 20;

  private static final long WARM_UP_SECONDS = 5;
  private static final int THREADS = 32;

  /** The two ends of 16 pooled pipes, and what the JVM opens now and then for itself. */
  private static final int DESCRIPTORS_KEPT = 2 * 16 + 8;

  /** Stacks and arenas of the JVM's own threads. */
  private static final int MAPPINGS_KEPT = 64;

  /** For as long the watcher waits for another transfer. */
  private static final long WATCHER_MILLIS = 800;

  @TempDir Path directory;

  private final long seed = System.nanoTime();

  private record Resources(long descriptors, long threads, long mappings, long ofOurFiles) {}

  @Test
  @Timeout(180)
  void whatArrivesIsWhatWasSentAndNothingIsLeftOpen() throws Exception {
    System.out.println("SoakTest: seed " + seed);
    Resources before;
    Resources after;
    long complete;
    long cut;
    try (DisturbedTransfers transfers = new DisturbedTransfers(directory, new Random(seed))) {
      soak(transfers, WARM_UP_SECONDS, seed);
      before = resources();
      soak(transfers, SECONDS - WARM_UP_SECONDS, seed + THREADS);
      after = resources();
      complete = transfers.complete();
      cut = transfers.cut();
    }
    String told =
        before + ", then " + after + "; " + complete + " complete, " + cut + " cut; seed " + seed;
    System.out.println("SoakTest: " + told);
    assertTrue(complete > 100 && cut > 100, told);
    assertEquals(0, after.ofOurFiles, told);
    assertTrue(after.descriptors <= before.descriptors + DESCRIPTORS_KEPT, told);
    assertTrue(after.mappings <= before.mappings + MAPPINGS_KEPT, told);
    assertEquals(before.threads, after.threads, told);
  }

  private static void soak(DisturbedTransfers transfers, long seconds, long seed) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<FutureTask<Void>> workers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed + i);
      FutureTask<Void> worker =
          new FutureTask<>(
              () -> {
                while (System.nanoTime() < end) {
                  transfers.once(random);
                }
                return null;
              });
      workers.add(worker);
      start(worker, i % 2 == 0);
    }
    for (FutureTask<Void> worker : workers) {
      worker.get(seconds + 30, TimeUnit.SECONDS);
    }
  }

  private static void start(Runnable task, boolean isVirtual) {
    if (isVirtual && VirtualThreads.ARE_THERE) {
      VirtualThreads.start(task);
    } else {
      new Thread(task, "soak").start();
    }
  }

  private Resources resources() throws Exception {
    // The peers' threads end by themselves when they have had nothing to do for a minute.
    System.gc();
    Thread.sleep(WATCHER_MILLIS);
    List<String> mappings = Files.readAllLines(Path.of("/proc/self/maps"));
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("soak") || name.startsWith("sluice"))
            .count();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return new Resources(
          descriptors.count(),
          threads,
          mappings.size(),
          mappings.stream().filter(line -> line.contains(directory.toString())).count());
    }
  }
}
