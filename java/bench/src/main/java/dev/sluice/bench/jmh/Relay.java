package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;
import java.nio.file.Path;
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

/** A TCP connection on loopback to another, as a proxy does: one peer supplies, one discards. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Relay {
  private static final int REGION = 64 << 20;

  @Param({"4096", "65536", "1048576"})
  public int size;

  @Param({"LOOP", "AUTO", "READ_WRITE", "SPLICE", "C"})
  public String way;

  private Peer supplier;
  private Peer taker;
  private OpenChannels channels;
  private Loop loop;

  @Setup
  public void open() throws IOException {
    Sluice.ensureAvailable();
    NativeLibrary.load();
    Path file = TempFiles.file(REGION);
    supplier = Peer.start(file);
    taker = Peer.start(file);
    supplier.supply(REGION, Integer.MAX_VALUE);
    taker.discard(Long.MAX_VALUE);
    channels = OpenChannels.of(supplier.connection(), taker.connection());
    loop = JmhImplementations.between(way);
  }

  @Benchmark
  public void transfer() throws IOException {
    loop.run(channels, size, size);
  }

  @TearDown
  public void close() throws IOException {
    supplier.close();
    taker.close();
  }
}
