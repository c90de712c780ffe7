package dev.sluice.bench.jmh;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import java.io.IOException;
import java.nio.MappedByteBuffer;
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
@Fork(5)
@Warmup(iterations = 5)
@Measurement(iterations = 20)
public class MapColdScan {
  private static final int SIZE = 128 << 20;

  private FileChannel channel;

  @Setup
  public void open() throws IOException {
    channel = TempFiles.target(SIZE);
    channel.force(true);
  }

  @TearDown
  public void close() throws IOException {
    channel.close();
  }

  /**
   * Takes the file out of the page cache. That works because the file is the benchmark's own and
   * its pages are clean, and while nothing else has mapped it.
   */
  private void cool() throws IOException {
    try (MappedRegion all = MappedRegion.map(channel, MapMode.READ_ONLY, 0, SIZE)) {
      all.load().advise(Advice.PAGE_OUT);
      if (all.residentBytes() > SIZE / 100) {
        throw new IOException(all.residentBytes() + " bytes stay in the page cache");
      }
    }
  }

  /** A region over the cold file. */
  @State(Scope.Benchmark)
  public static class Region {
    /** An {@link Advice} before the first read, or NONE. */
    @Param({"NONE", "SEQUENTIAL", "POPULATE_READ", "RANDOM"})
    public String advice;

    private MappedRegion region;

    @Setup(Level.Invocation)
    public void map(MapColdScan file) throws IOException {
      file.cool();
      region = MappedRegion.map(file.channel, MapMode.READ_ONLY, 0, SIZE);
    }

    @TearDown(Level.Invocation)
    public void close() {
      region.close();
    }
  }

  @Benchmark
  public long region(Region cold) {
    MappedRegion region = cold.region;
    if (!cold.advice.equals("NONE")) {
      region.advise(Advice.valueOf(cold.advice));
    }
    long sum = 0;
    for (long at = 0; at < SIZE; at += Long.BYTES) {
      sum += region.getLong(at);
    }
    return sum;
  }

  /** The JDK's mapping over the cold file. */
  @State(Scope.Benchmark)
  public static class Buffer {
    /** Whether {@code load()} comes before the first read. */
    @Param({"false", "true"})
    public boolean load;

    private MappedByteBuffer buffer;

    @Setup(Level.Invocation)
    public void map(MapColdScan file) throws IOException {
      file.cool();
      buffer = file.channel.map(MapMode.READ_ONLY, 0, SIZE);
    }

    @TearDown(Level.Invocation)
    public void unmap() throws Throwable {
      JdkMappings.unmap(buffer);
    }
  }

  @Benchmark
  public long buffer(Buffer cold) {
    MappedByteBuffer buffer = cold.buffer;
    if (cold.load) {
      buffer.load();
    }
    long sum = 0;
    for (int at = 0; at < SIZE; at += Long.BYTES) {
      sum += buffer.getLong(at);
    }
    return sum;
  }
}
