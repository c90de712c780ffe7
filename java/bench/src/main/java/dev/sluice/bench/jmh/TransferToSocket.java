package dev.sluice.bench.jmh;

import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A piece of a file to a TCP connection on loopback, whose other end discards it. */
public class TransferToSocket extends TransferBenchmark {
  @Param({"512", "4096", "65536", "1048576"})
  public int size;

  @Param({"NIO", "LOOP", "AUTO", "SENDFILE", "SPLICE", "MMAP_WRITE", "C"})
  public String way;

  private Peer peer;
  private FileChannel file;

  @Setup
  public void open() throws IOException {
    load();
    Path path = TempFiles.file(size);
    file = FileChannel.open(path, StandardOpenOption.READ);
    peer = Peer.start(path);
    peer.discard(Long.MAX_VALUE);
    use(OpenChannels.of(file, peer.connection()), JmhImplementations.to(way));
  }

  @Benchmark
  public void transfer() throws IOException {
    move(size);
  }

  @TearDown
  public void close() throws IOException {
    peer.close();
    file.close();
  }
}
