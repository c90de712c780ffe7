package dev.sluice.bench.jmh;

import dev.sluice.MappedRegion;
import dev.sluice.bench.linker.MemorySegments;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;
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

/**
 * The cost of mapping 1 MiB, reading eight bytes of it and unmapping it, alone and beside threads
 * that compute.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(5)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
public class MapOpenClose {
  private static final int SIZE = 1 << 20;

  /** The number of mappings that are left to one run of the collector; 65,530 are too many. */
  private static final int MANY = 10_000;

  @Param({"0", "8"})
  public int busy;

  private FileChannel channel;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean isOver;
  private volatile long computed;

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

  /** The JDK's mapping, which is unmapped as libraries do it. Nothing checks its later use. */
  @Benchmark
  public long buffer() throws Throwable {
    MappedByteBuffer mapping = channel.map(MapMode.READ_ONLY, 0, SIZE);
    long value = mapping.getLong(4096);
    JdkMappings.unmap(mapping);
    return value;
  }

  /** The JDK's mapping, left to the collector: to unmap it is not in the time of the call. */
  @Benchmark
  public long bufferLeftToTheCollector(Collector collector) throws IOException {
    return channel.map(MapMode.READ_ONLY, 0, SIZE).getLong(4096);
  }

  /** Has the collector run between two calls before a process has as many mappings as it may. */
  @State(Scope.Thread)
  public static class Collector {
    private int mapped;

    @Setup(Level.Invocation)
    public void collect() {
      if (++mapped % MANY == 0) {
        System.gc();
      }
    }
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
