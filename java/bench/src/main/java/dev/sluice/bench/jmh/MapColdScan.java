package dev.sluice.bench.jmh;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A file of 128 MiB that is not in the page cache, read from its beginning to its end. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 20)
public class MapColdScan {
  private static final int SIZE = 128 << 20;

  /** An {@link Advice} before the first read, or NONE. */
  @Param({"NONE", "SEQUENTIAL", "POPULATE_READ", "RANDOM"})
  public String advice;

  private FileChannel channel;
  private MappedRegion region;

  @Setup
  public void open() throws IOException {
    channel = TempFiles.target(SIZE);
    channel.force(true);
  }

  /**
   * Takes the file out of the page cache. That works because the file is the benchmark's own and
   * its pages are clean.
   */
  @Setup(Level.Invocation)
  public void cool() throws IOException {
    try (MappedRegion all = MappedRegion.map(channel, MapMode.READ_ONLY, 0, SIZE)) {
      all.load().advise(Advice.PAGE_OUT);
      if (all.residentBytes() > SIZE / 100) {
        throw new IOException(all.residentBytes() + " bytes stay in the page cache");
      }
    }
    region = MappedRegion.map(channel, MapMode.READ_ONLY, 0, SIZE);
  }

  @Benchmark
  public long scan() {
    if (!advice.equals("NONE")) {
      region.advise(Advice.valueOf(advice));
    }
    long sum = 0;
    for (long at = 0; at < SIZE; at += Long.BYTES) {
      sum += region.getLong(at);
    }
    return sum;
  }

  @TearDown(Level.Invocation)
  public void release() {
    region.close();
  }

  @TearDown
  public void close() throws IOException {
    channel.close();
  }
}
