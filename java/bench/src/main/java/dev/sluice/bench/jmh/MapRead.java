package dev.sluice.bench.jmh;

import dev.sluice.MappedRegion;
import dev.sluice.bench.linker.MemorySegments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of reading eight bytes of a cached file: one after the other, and at random offsets. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MapRead {
  private static final int SIZE = 64 << 20;
  private static final int IN_SEQUENCE = SIZE / Long.BYTES;
  private static final int AT_RANDOM = 1 << 20;
  private static final int MASK = SIZE - 1 & -Long.BYTES;
  private static final int PIECE = 256 << 10;

  /** The multiplier of Knuth's MMIX generator. */
  private static final long MULTIPLIER = 6364136223846793005L;

  private FileChannel channel;
  private MappedRegion region;
  private MappedByteBuffer buffer;
  private ByteBuffer piece;
  private ByteBuffer eight;

  @Setup
  public void open() throws IOException {
    channel = TempFiles.target(SIZE);
    ByteOrder order = ByteOrder.nativeOrder();
    region = MappedRegion.map(channel, MapMode.READ_ONLY, 0, SIZE).order(order);
    buffer = channel.map(MapMode.READ_ONLY, 0, SIZE);
    buffer.order(order);
    piece = ByteBuffer.allocateDirect(PIECE).order(order);
    eight = ByteBuffer.allocateDirect(Long.BYTES).order(order);
    region.load();
    buffer.load();
  }

  @Benchmark
  @OperationsPerInvocation(IN_SEQUENCE)
  public long regionInSequence() {
    long sum = 0;
    for (long at = 0; at < SIZE; at += Long.BYTES) {
      sum += region.getLong(at);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(IN_SEQUENCE)
  public long bufferInSequence() {
    long sum = 0;
    for (int at = 0; at < SIZE; at += Long.BYTES) {
      sum += buffer.getLong(at);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(IN_SEQUENCE)
  public long segmentInSequence(Segment state) throws Throwable {
    Object segment = state.segment;
    long sum = 0;
    for (long at = 0; at < SIZE; at += Long.BYTES) {
      sum += MemorySegments.getLong(segment, at);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(IN_SEQUENCE)
  public long preadInSequence() throws IOException {
    long sum = 0;
    for (long from = 0; from < SIZE; from += PIECE) {
      channel.read(piece.clear(), from);
      for (int at = 0; at < PIECE; at += Long.BYTES) {
        sum += piece.getLong(at);
      }
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AT_RANDOM)
  public long regionAtRandom() {
    long sum = 0;
    long random = 1;
    for (int i = 0; i < AT_RANDOM; i++) {
      random = random * MULTIPLIER + 1;
      sum += region.getLong(random >>> 33 & MASK);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AT_RANDOM)
  public long bufferAtRandom() {
    long sum = 0;
    long random = 1;
    for (int i = 0; i < AT_RANDOM; i++) {
      random = random * MULTIPLIER + 1;
      sum += buffer.getLong((int) (random >>> 33) & MASK);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AT_RANDOM)
  public long segmentAtRandom(Segment state) throws Throwable {
    Object segment = state.segment;
    long sum = 0;
    long random = 1;
    for (int i = 0; i < AT_RANDOM; i++) {
      random = random * MULTIPLIER + 1;
      sum += MemorySegments.getLong(segment, random >>> 33 & MASK);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AT_RANDOM)
  public long preadAtRandom() throws IOException {
    long sum = 0;
    long random = 1;
    for (int i = 0; i < AT_RANDOM; i++) {
      random = random * MULTIPLIER + 1;
      channel.read(eight.clear(), random >>> 33 & MASK);
      sum += eight.getLong(0);
    }
    return sum;
  }

  @TearDown
  public void close() throws IOException {
    region.close();
    channel.close();
  }

  /** On JDK 22 and newer; its benchmarks fail elsewhere. */
  @State(Scope.Benchmark)
  public static class Segment {
    private FileChannel channel;
    private AutoCloseable arena;
    private Object segment;

    @Setup
    public void open() throws Throwable {
      channel = TempFiles.target(SIZE);
      arena = MemorySegments.shared();
      segment = MemorySegments.map(channel, MapMode.READ_ONLY, SIZE, arena);
    }

    @TearDown
    public void close() throws Exception {
      arena.close();
      channel.close();
    }
  }
}
