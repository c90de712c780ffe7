package dev.sluice.tests.mapping;

import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ConcurrentCases;
import dev.sluice.tests.support.Internals;
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

/** A region that is closed under its readers crashes none of them. */
@Tag("both-guards")
@Tag("slow")
class RegionCloseReadersTest extends RegionProcessFixture {
  @TestFactory
  Stream<DynamicTest> aLateAccessIsTheErrorOfATruncatedMappingOfTheJdks() {
    return ConcurrentCases.of(
        Stream.of(
            List.of("-XX:+UseG1GC"),
            List.of("-XX:+UseZGC"),
            List.of("-XX:+UseSerialGC"),
            List.of("-Xint"),
            List.of("-XX:TieredStopAtLevel=1"),
            List.of("-XX:-TieredCompilation", "-Xbatch")),
        options -> run(Late.class, options, options.contains("-Xint") ? "2" : "1000"));
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

  @Test
  void readersOfARegionThatIsClosedSeeItsValuesAndThoseOfABufferMayMeetAnError() throws Exception {
    // The long one where regions read by the JDK's own accessors.
    boolean isLong = !Internals.areOff();
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
}
