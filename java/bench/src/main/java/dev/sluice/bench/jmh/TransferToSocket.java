package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/** A piece of a file to a TCP connection on loopback, whose other end discards it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TransferToSocket {
  @Param({"512", "4096", "65536", "1048576"})
  public int size;

  @Param({"NIO", "LOOP", "AUTO", "SENDFILE", "SPLICE", "MMAP_WRITE", "C"})
  public String way;

  private Peer peer;
  private FileChannel file;
  private OpenChannels channels;
  private Loop loop;

  @Setup
  public void open() throws IOException {
    Sluice.ensureAvailable();
    NativeLibrary.load();
    Path path = TempFiles.file(size);
    file = FileChannel.open(path, StandardOpenOption.READ);
    peer = Peer.start(path);
    peer.discard(Long.MAX_VALUE);
    channels = OpenChannels.of(file, peer.connection());
    loop = JmhImplementations.to(way);
  }

  @Benchmark
  public void transfer() throws IOException {
    loop.run(channels, size, size);
  }

  @TearDown
  public void close() throws IOException {
    peer.close();
    file.close();
  }
}
