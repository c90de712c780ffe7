package dev.sluice.bench.jmh;

import dev.sluice.MappedRegion;
import dev.sluice.bench.linker.MemorySegments;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of mapping 1 MiB, reading eight bytes of it and unmapping it, alone and beside threads
 * that compute.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
public class MapOpenClose {
  private static final int SIZE = 1 << 20;

  /** The number of mappings that are left to one run of the collector. */
  private static final int MANY = 1_000;

  @Param({"0", "8"})
  public int busy;

  private FileChannel channel;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean isOver;
  private volatile long computed;
  private int mapped;

  @Setup
  public void open() throws IOException {
    channel = TempFiles.target(SIZE);
    isOver = false;
    for (int i = 0; i < busy; i++) {
      Thread thread = new Thread(this::compute);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void compute() {
    long sum = 1;
    while (!isOver) {
      for (int i = 0; i < 100_000; i++) {
        sum = sum * 31 + i;
      }
    }
    computed = sum;
  }

  @Benchmark
  public long region() throws IOException {
    try (MappedRegion region = MappedRegion.map(channel, MapMode.READ_ONLY, 0, SIZE)) {
      return region.getLong(4096);
    }
  }

  /** The mapping is gone at the end, as with the others. */
  @Benchmark
  public long nioAndGc() throws IOException {
    long value = channel.map(MapMode.READ_ONLY, 0, SIZE).getLong(4096);
    System.gc();
    return value;
  }

  /** The mappings pile up until the collector runs. */
  @Benchmark
  public long nioAndGcOfMany() throws IOException {
    long value = channel.map(MapMode.READ_ONLY, 0, SIZE).getLong(4096);
    if (++mapped % MANY == 0) {
      System.gc();
    }
    return value;
  }

  /** On JDK 22 and newer. */
  @Benchmark
  public long sharedArena() throws Throwable {
    try (AutoCloseable arena = MemorySegments.shared()) {
      return MemorySegments.getLong(
          MemorySegments.map(channel, MapMode.READ_ONLY, SIZE, arena), 4096);
    }
  }

  /** On JDK 22 and newer; for one thread alone, which the others are not. */
  @Benchmark
  public long confinedArena() throws Throwable {
    try (AutoCloseable arena = MemorySegments.confined()) {
      return MemorySegments.getLong(
          MemorySegments.map(channel, MapMode.READ_ONLY, SIZE, arena), 4096);
    }
  }

  @TearDown
  public void close() throws Exception {
    isOver = true;
    for (Thread thread : threads) {
      thread.join();
    }
    threads.clear();
    channel.close();
  }
}
