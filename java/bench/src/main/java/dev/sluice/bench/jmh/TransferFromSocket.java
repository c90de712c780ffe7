package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;
import java.nio.channels.FileChannel;
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

/** A TCP connection on loopback into a file, whose pages are written over and over in place. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TransferFromSocket {
  private static final int REGION = 64 << 20;

  @Param({"4096", "65536", "1048576"})
  public int size;

  @Param({"NIO", "LOOP", "AUTO", "READ_WRITE", "SPLICE", "C"})
  public String way;

  private Peer peer;
  private FileChannel target;
  private OpenChannels channels;
  private Loop loop;

  @Setup
  public void open() throws IOException {
    Sluice.ensureAvailable();
    NativeLibrary.load();
    target = TempFiles.target(size);
    peer = Peer.start(TempFiles.file(REGION));
    peer.supply(REGION, Integer.MAX_VALUE);
    channels = OpenChannels.of(peer.connection(), target);
    loop = JmhImplementations.from(way);
  }

  @Benchmark
  public void transfer() throws IOException {
    loop.run(channels, size, size);
  }

  @TearDown
  public void close() throws IOException {
    peer.close();
    target.close();
  }
}
