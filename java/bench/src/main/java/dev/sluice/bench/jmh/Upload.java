package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import dev.sluice.bench.Native;
import dev.sluice.bench.Peer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
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
public class Upload {
  private static final int REGION = 64 << 20;

  @Param({"65536", "1048576"})
  public int piece;

  private Peer peer;
  private SocketChannel source;
  private FileChannel target;
  private long position;

  @Setup
  public void open() throws IOException {
    Sluice.ensureAvailable();
    Native.load();
    target = Scratch.target(REGION);
    peer = Peer.start(Scratch.file(REGION));
    peer.supply(REGION, Integer.MAX_VALUE);
    source = peer.connection();
  }

  @Benchmark
  public long nio() throws IOException {
    long start = next();
    for (long at = start; at < start + piece; ) {
      at += target.transferFrom(source, at, start + piece - at);
    }
    return start;
  }

  @Benchmark
  public long sluiceAuto() throws IOException {
    long start = next();
    for (long at = start; at < start + piece; ) {
      at += Sluice.transferFrom(target, source, at, start + piece - at);
    }
    return start;
  }

  private long next() {
    position = (position + piece) % REGION;
    return position;
  }

  @TearDown
  public void close() throws IOException {
    peer.close();
    target.close();
  }
}
