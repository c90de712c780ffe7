package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A region that is closed under its readers, in JVMs of their own: none of them crashes, and nobody
 * ever sees a byte of another file.
 */
@Tag("both-guards")
class MappedRegionCloseTest {
  private static final int SIZE = 1 << 20;
  private static final long VALUE = 0x5a5a5a5a5a5a5a5aL;

  @TempDir Path directory;

  private void run(Class<?> main, List<String> options, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(0, directory.toString());
    ChildJvm child =
        new ChildJvm()
            .with(options.toArray(new String[0]))
            .with("-ea", "-XX:ErrorFile=" + directory.resolve("hs_err.log"));
    ChildJvm.Result result = child.run(main, all.toArray(new String[0]));
    assertEquals(0, result.exit(), result.output());
    assertTrue(Files.notExists(directory.resolve("hs_err.log")), result.output());
  }

  private static Path file(Path directory) throws Exception {
    ByteBuffer content = ByteBuffer.allocate(SIZE);
    while (content.hasRemaining()) {
      content.putLong(VALUE);
    }
    return Files.write(Files.createTempFile(directory, "file", ".bin"), content.array());
  }

  @TestFactory
  Stream<DynamicTest> aLateAccessIsTheErrorOfATruncatedMappingOfTheJdks() {
    return Stream.of(
            List.of("-XX:+UseG1GC"),
            List.of("-XX:+UseZGC"),
            List.of("-XX:+UseSerialGC"),
            List.of("-Xint"),
            List.of("-XX:TieredStopAtLevel=1"),
            List.of("-XX:-TieredCompilation", "-Xbatch"))
        .map(
            options -> {
              String rounds = options.contains("-Xint") ? "2" : "1000";
              return dynamicTest(options.toString(), () -> run(Late.class, options, rounds));
            });
  }

  /**
   * HotSpot throws the error of an access where the thread next lets it in. A walk of the stack is
   * such a place in interpreted code and in that of either compiler.
   */
  private static final class Vm {
    private static final StackWalker STACK = StackWalker.getInstance();

    static volatile Object last;

    static void enter() {
      last = STACK.walk(Stream::count);
    }

    static void drain() {
      try {
        enter();
      } catch (InternalError e) {
        last = e;
      }
    }
  }

  /** Loops that the compiler knows well read and write on when the pages are gone. */
  static final class Late {
    private static final int PART = 1 << 14;

    private static long sum;

    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      Path path = file(directory);
      MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE);
      FileChannel truncated = FileChannel.open(file(directory), ChannelKinds.readWrite());
      ByteBuffer ours = region.buffer();
      ByteBuffer theirs = truncated.map(MapMode.READ_WRITE, 0, SIZE);
      int rounds = Integer.parseInt(arguments[1]);
      for (int i = 0; i < rounds; i++) {
        check(!fails(() -> one(ours)) && !fails(() -> one(theirs)), "one byte is not there");
        check(!fails(() -> fill(ours)) && !fails(() -> fill(theirs)), "it cannot be written");
        check(!fails(() -> sum(ours)) && !fails(() -> sum(theirs)), "it cannot be read");
        sum = 0;
        sum(region);
        check(sum == VALUE * (PART / Long.BYTES), "other values");
      }
      region.close();
      truncated.truncate(0);
      // And again, for the error is no state that anything is left in.
      for (int i = 0; i < 20; i++) {
        check(fails(() -> one(theirs)) && fails(() -> one(ours)), "one byte is read");
        check(fails(() -> sum(theirs)) && fails(() -> sum(ours)), "the buffer is read");
        check(fails(() -> fill(theirs)) && fails(() -> fill(ours)), "the buffer is written");
        check(isClosed(() -> sum(region)), "the region is read");
        check(isClosed(() -> region.putLong(0, 1)), "the region is written");
      }
      for (byte each : Files.readAllBytes(path)) {
        check(each == (byte) VALUE, "the file was written");
      }
    }

    private static void sum(MappedRegion region) {
      for (int at = 0; at < PART; at += Long.BYTES) {
        sum += region.getLong(at);
      }
    }

    private static void sum(ByteBuffer buffer) {
      for (int at = 0; at < PART; at += Long.BYTES) {
        sum += buffer.getLong(at);
      }
    }

    private static void one(ByteBuffer buffer) {
      sum += buffer.get(PART / 2);
    }

    private static void fill(ByteBuffer buffer) {
      for (int at = 0; at < PART; at += Long.BYTES) {
        buffer.putLong(at, VALUE);
      }
    }

    private static boolean fails(Runnable access) {
      try {
        access.run();
        Vm.enter();
        return false;
      } catch (InternalError e) {
        return true;
      } finally {
        Vm.drain();
      }
    }

    private static boolean isClosed(Runnable access) {
      try {
        access.run();
        return false;
      } catch (IllegalStateException e) {
        return true;
      }
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  @Test
  void readersOfARegionThatIsClosedSeeItsValuesAndThoseOfABufferMayMeetAnError() throws Exception {
    // The long one where regions read by the JDK's own accessors.
    boolean isLong = !"off".equals(System.getProperty("dev.sluice.internals"));
    run(Readers.class, List.of(), isLong ? "10" : "5");
  }

  /** Eight readers, and one that closes the region under them and maps other files meanwhile. */
  static final class Readers {
    private static final int BATCH = 512;

    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      long end = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000_000;
      Path path = file(directory);
      Path other = Files.write(directory.resolve("other"), new byte[SIZE]);
      AtomicReference<MappedRegion> region =
          new AtomicReference<>(MappedRegion.map(path, MapMode.READ_ONLY));
      AtomicLong values = new AtomicLong();
      AtomicLong met = new AtomicLong();
      List<FutureTask<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean byBuffer = i % 2 == 0;
        readers.add(
            ChannelPair.started(
                () -> {
                  while (System.nanoTime() < end) {
                    try {
                      values.addAndGet(read(region.get(), byBuffer, met));
                    } catch (InternalError e) {
                      // JDK 17 may throw it on the way into a handler of another exception.
                      check(byBuffer, "a region that is closed is an error: " + e);
                      met.incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
      long closed = 0;
      while (System.nanoTime() < end) {
        MappedRegion next = MappedRegion.map(path, MapMode.READ_ONLY);
        MappedRegion last = region.getAndSet(next);
        last.close();
        // Where a mapping that was given back too early would show.
        MappedRegion.map(other, MapMode.READ_ONLY).close();
        try (FileChannel channel = FileChannel.open(other)) {
          channel.map(MapMode.READ_ONLY, 0, SIZE);
        }
        closed++;
      }
      for (FutureTask<Void> reader : readers) {
        reader.get();
      }
      check(values.get() > 0 && closed > 10, values + " values, " + closed + " closed");
      check(met.get() > 10, "only " + met + " reads met a close");
    }

    /** Reads to the end, or to the close. A batch counts when no error has come of it. */
    private static long read(MappedRegion region, boolean byBuffer, AtomicLong met) {
      long[] batch = new long[BATCH];
      long seen = 0;
      try {
        ByteBuffer buffer = byBuffer ? region.buffer() : null;
        for (int at = 0; at < SIZE; at += BATCH * Long.BYTES) {
          fill(batch, region, buffer, at);
          Vm.enter();
          for (long value : batch) {
            check(value == VALUE, "another file's value: " + Long.toHexString(value));
          }
          seen += BATCH;
        }
      } catch (IllegalStateException e) {
        met.incrementAndGet();
      } catch (InternalError e) {
        check(byBuffer, "a region that is closed is an error: " + e);
        met.incrementAndGet();
      } finally {
        if (byBuffer) {
          Vm.drain();
        }
      }
      return seen;
    }

    private static void fill(long[] batch, MappedRegion region, ByteBuffer buffer, int from) {
      for (int i = 0; i < BATCH; i++) {
        int at = from + i * Long.BYTES;
        batch[i] = buffer == null ? region.getLong(at) : buffer.getLong(at);
      }
    }
  }

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

  @Test
  void twoProcessesCountTogether() throws Exception {
    Path path = Files.write(directory.resolve("counter"), new byte[8]);
    FutureTask<Void> other =
        ChannelPair.started(
            () -> {
              run(Counting.class, List.of(), path.toString());
              return null;
            });
    run(Counting.class, List.of(), path.toString());
    other.get();
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_ONLY)) {
      assertEquals(2 * Counting.TIMES, region.getLongVolatile(0));
    }
  }

  /** One of two. */
  static final class Counting {
    static final long TIMES = 500_000;

    public static void main(String[] arguments) throws Exception {
      try (MappedRegion region = MappedRegion.map(Path.of(arguments[1]), MapMode.READ_WRITE)) {
        for (long i = 0; i < TIMES; i++) {
          region.getAndAddLong(0, 1);
        }
      }
    }
  }
}
