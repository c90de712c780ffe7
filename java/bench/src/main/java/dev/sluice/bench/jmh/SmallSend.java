package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import dev.sluice.bench.Native;
import dev.sluice.bench.Peer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** 4 KiB of a file to a TCP connection on loopback, whose other end discards them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SmallSend {
  private static final int BYTES = 4096;

  private Peer peer;
  private FileChannel file;
  private SocketChannel target;
  private int fileDescriptor;
  private int targetDescriptor;

  @Setup
  public void open() throws IOException {
    Sluice.ensureAvailable();
    Native.load();
    Path path = Scratch.file(BYTES);
    file = FileChannel.open(path, StandardOpenOption.READ);
    peer = Peer.start(path);
    peer.discard(Long.MAX_VALUE);
    target = peer.connection();
    fileDescriptor = Native.fileDescriptor0(file);
    targetDescriptor = Native.selectableDescriptor0(target);
  }

  @Benchmark
  public long nio() throws IOException {
    return file.transferTo(0, BYTES, target);
  }

  @Benchmark
  public long sluiceAuto() throws IOException {
    return Sluice.transferTo(file, 0, BYTES, target);
  }

  @Benchmark
  public long cSendfile() throws IOException {
    return Native.checked(
        "sendfile", Native.sendfile0(fileDescriptor, targetDescriptor, BYTES, BYTES));
  }

  @TearDown
  public void close() throws IOException {
    peer.close();
    file.close();
  }
}
