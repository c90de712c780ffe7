package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelPair;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The addresses of closed regions are given back, or retired as few mappings. */
@Tag("both-guards")
@Tag("slow")
class RetiredAddressesTest extends RegionProcessFixture {
  @Test
  void whatWasMappedAndClosedIsGivenBack() throws Exception {
    run(Rounds.class, List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"));
  }

  /** 10,000 rounds from 8 threads. */
  static final class Rounds {
    private static final int ROUNDS = 10_000;
    private static final int THREADS = 8;

    public static void main(String[] arguments) throws Exception {
      Path path = file(Path.of(arguments[0]));
      rounds(path, ROUNDS);
      int[] before = counts();
      rounds(path, ROUNDS);
      int[] after = counts();
      check(after[0] <= before[0] + 100, before[0] + " mappings, then " + after[0]);
      check(after[1] <= before[1] + 2, before[1] + " descriptors, then " + after[1]);
      check(after[2] <= before[2] + 16_384, before[2] + " KiB resident, then " + after[2]);
    }

    private static void rounds(Path path, int rounds) throws Exception {
      List<FutureTask<Void>> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        threads.add(
            ChannelPair.started(
                () -> {
                  for (int round = 0; round < rounds / THREADS; round++) {
                    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
                      check(region.getLong(8) == VALUE, "another value");
                      check(region.buffer().getLong(16) == VALUE, "another value");
                    }
                  }
                  return null;
                }));
      }
      for (FutureTask<Void> thread : threads) {
        thread.get();
      }
    }

    private static int[] counts() throws Exception {
      int[] counts = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
      for (int i = 0; i < 10; i++) {
        System.gc();
        Thread.sleep(100);
        counts[0] = Math.min(counts[0], Files.readAllLines(Path.of("/proc/self/maps")).size());
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
          counts[1] = Math.min(counts[1], (int) descriptors.count());
        }
        counts[2] = Math.min(counts[2], residentKib());
      }
      return counts;
    }
  }

  private static int residentKib() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  @Test
  void retiredNeighboursAreOneMappingAndTheCollectorIsAskedPastAThreshold() throws Exception {
    run(Retired.class, List.of("-Xlog:gc:file=" + directory.resolve("gc.log"), "-XX:+UseSerialGC"));
    run(
        Retired.class,
        List.of(
            "-Xlog:gc:file=" + directory.resolve("asked.log"),
            "-XX:+UseSerialGC",
            "-Ddev.sluice.retiredBytes=" + (100L << 20)));
    assertEquals(0, collections("gc.log"));
    assertTrue(collections("asked.log") > 0);
  }

  private long collections(String log) throws Exception {
    return Files.readAllLines(directory.resolve(log)).stream()
        .filter(line -> line.contains("System.gc()"))
        .count();
  }

  /** A thousand regions, mapped together and closed together. */
  static final class Retired {
    public static void main(String[] arguments) throws Exception {
      Path path = file(Path.of(arguments[0]));
      List<MappedRegion> regions = new ArrayList<>();
      MappedRegion.map(path, MapMode.READ_ONLY).close();
      long before = mappings("");
      try (FileChannel channel = FileChannel.open(path)) {
        for (int i = 0; i < 1_000; i++) {
          regions.add(MappedRegion.map(channel, MapMode.READ_ONLY, 0, SIZE));
        }
      }
      check(mappings(path.toString()) >= 1_000, "they are not mapped");
      regions.forEach(MappedRegion::close);
      check(mappings(path.toString()) == 0, "the file is mapped still");
      long more = mappings("") - before;
      check(more < 20, more + " mappings of retired addresses");
      check(regions.size() == 1_000, "they are reachable");
    }

    private static long mappings(String of) throws Exception {
      return Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .filter(line -> line.contains(of))
          .count();
    }
  }
}
