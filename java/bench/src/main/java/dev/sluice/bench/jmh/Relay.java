package dev.sluice.bench.jmh;

import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A TCP connection on loopback to another, as a proxy does: one peer supplies, one discards. */
public class Relay extends TransferBenchmark {
  private static final int REGION = 64 << 20;

  @Param({"4096", "65536", "1048576"})
  public int size;

  @Param({"LOOP", "AUTO", "READ_WRITE", "SPLICE", "C"})
  public String way;

  private Peer supplier;
  private Peer taker;

  @Setup
  public void open() throws IOException {
    load();
    Path file = TempFiles.file(REGION);
    supplier = Peer.start(file);
    taker = Peer.start(file);
    supplier.supply(REGION, Integer.MAX_VALUE);
    taker.discard(Long.MAX_VALUE);
    use(
        OpenChannels.of(supplier.connection(), taker.connection()),
        JmhImplementations.between(way));
  }

  @Benchmark
  public void transfer() throws IOException {
    move(size);
  }

  @TearDown
  public void close() throws IOException {
    supplier.close();
    taker.close();
  }
}
