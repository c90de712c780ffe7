package dev.sluice.bench.jmh;

import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A TCP connection on loopback into a file, whose pages are written over and over in place. */
public class TransferFromSocket extends TransferBenchmark {
  private static final int REGION = 64 << 20;

  @Param({"4096", "65536", "1048576"})
  public int size;

  @Param({"NIO", "LOOP", "AUTO", "READ_WRITE", "SPLICE", "C"})
  public String way;

  private Peer peer;
  private FileChannel target;

  @Setup
  public void open() throws IOException {
    load();
    target = TempFiles.target(size);
    peer = Peer.start(TempFiles.file(REGION));
    peer.supply(REGION, Integer.MAX_VALUE);
    use(OpenChannels.of(peer.connection(), target), JmhImplementations.from(way));
  }

  @Benchmark
  public void transfer() throws IOException {
    move(size);
  }

  @TearDown
  public void close() throws IOException {
    peer.close();
    target.close();
  }
}
