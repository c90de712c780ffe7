package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.MappedRegion;
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
  Stream<DynamicTest> aLateAccessIsAnErrorThatIsCaught() {
    return Stream.of(
            List.of("-XX:+UseG1GC"),
            List.of("-XX:+UseZGC"),
            List.of("-XX:+UseSerialGC"),
            List.of("-Xint"),
            List.of("-XX:TieredStopAtLevel=1"),
            List.of("-XX:-TieredCompilation", "-Xbatch"))
        .map(
            options -> {
              String rounds = options.contains("-Xint") ? "2" : "200";
              return dynamicTest(options.toString(), () -> run(Late.class, options, rounds));
            });
  }

  /** Loops that the compiler knows well read and write on when the region is closed. */
  static final class Late {
    public static void main(String[] arguments) throws Exception {
      Path path = file(Path.of(arguments[0]));
      MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE);
      ByteBuffer buffer = region.buffer();
      long expected = VALUE * (SIZE / Long.BYTES);
      int rounds = Integer.parseInt(arguments[1]);
      for (int i = 0; i < rounds; i++) {
        check(sum(region) == expected && sum(buffer) == expected, "other values");
        fill(buffer);
      }
      region.close();
      check(fails(() -> sum(region), IllegalStateException.class), "the region is read");
      check(fails(() -> region.putLong(0, 1), IllegalStateException.class), "it is written");
      check(fails(() -> sum(buffer), InternalError.class), "the buffer is read");
      check(fails(() -> fill(buffer), InternalError.class), "the buffer is written");
      // And again, for the error is no state that anything is left in.
      check(fails(() -> sum(buffer), InternalError.class), "the buffer is read again");
      for (byte each : Files.readAllBytes(path)) {
        check(each == (byte) VALUE, "the file was written");
      }
    }

    private static long sum(MappedRegion region) {
      long sum = 0;
      for (long at = 0; at < SIZE; at += Long.BYTES) {
        sum += region.getLong(at);
      }
      return sum;
    }

    private static long sum(ByteBuffer buffer) {
      long sum = 0;
      for (int at = 0; at < SIZE; at += Long.BYTES) {
        sum += buffer.getLong(at);
      }
      return sum;
    }

    private static void fill(ByteBuffer buffer) {
      for (int at = 0; at < SIZE; at += Long.BYTES) {
        buffer.putLong(at, VALUE);
      }
    }

    /** In a thread of its own: JDK 17 throws the error a little later than where it happened. */
    private static boolean fails(Runnable access, Class<? extends Throwable> as)
        throws InterruptedException {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread = new Thread(access);
      thread.setUncaughtExceptionHandler((self, e) -> thrown.set(e));
      thread.start();
      thread.join();
      return as.isInstance(thrown.get());
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  @Test
  void readersOfARegionThatIsClosedSeeItsValuesOrAnError() throws Exception {
    run(Readers.class, List.of(), "5");
  }

  /** Eight readers, and one that closes the region under them and maps other files meanwhile. */
  static final class Readers {
    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      long end = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000_000;
      Path path = file(directory);
      Path other = Files.write(directory.resolve("other"), new byte[SIZE]);
      AtomicReference<MappedRegion> region =
          new AtomicReference<>(MappedRegion.map(path, MapMode.READ_ONLY));
      AtomicLong values = new AtomicLong();
      List<FutureTask<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean byBuffer = i % 2 == 0;
        readers.add(
            Route.started(
                () -> {
                  while (System.nanoTime() < end) {
                    try {
                      values.addAndGet(read(region.get(), byBuffer));
                    } catch (InternalError e) {
                      // JDK 17 may throw it a little later than where it happened.
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
    }

    private static long read(MappedRegion region, boolean byBuffer) {
      long seen = 0;
      try {
        ByteBuffer buffer = byBuffer ? region.buffer() : null;
        for (int at = 0; at < SIZE; at += Long.BYTES) {
          long value = buffer == null ? region.getLong(at) : buffer.getLong(at);
          check(value == VALUE, "another file's value: " + Long.toHexString(value));
          seen++;
        }
      } catch (IllegalStateException | InternalError e) {
        // Closed.
      }
      return seen;
    }
  }

  @Test
  void whatWasMappedAndClosedIsGivenBack() throws Exception {
    run(Rounds.class, List.of());
  }

  /** 10,000 rounds from 8 threads. */
  static final class Rounds {
    private static final int ROUNDS = 10_000;
    private static final int THREADS = 8;

    public static void main(String[] arguments) throws Exception {
      Path path = file(Path.of(arguments[0]));
      rounds(path, ROUNDS / 10);
      int[] before = counts();
      rounds(path, ROUNDS);
      int[] after = counts();
      check(after[0] <= before[0] + 100, before[0] + " mappings, then " + after[0]);
      check(after[1] <= before[1] + 2, before[1] + " descriptors, then " + after[1]);
    }

    private static void rounds(Path path, int rounds) throws Exception {
      List<FutureTask<Void>> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        threads.add(
            Route.started(
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
      int[] counts = {Integer.MAX_VALUE, Integer.MAX_VALUE};
      for (int i = 0; i < 10; i++) {
        System.gc();
        Thread.sleep(100);
        counts[0] = Math.min(counts[0], Files.readAllLines(Path.of("/proc/self/maps")).size());
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
          counts[1] = Math.min(counts[1], (int) descriptors.count());
        }
      }
      return counts;
    }
  }

  @Test
  void twoProcessesCountTogether() throws Exception {
    Path path = Files.write(directory.resolve("counter"), new byte[8]);
    FutureTask<Void> other =
        Route.started(
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
