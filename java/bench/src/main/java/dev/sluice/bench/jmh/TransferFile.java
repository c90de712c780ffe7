package dev.sluice.bench.jmh;

import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A piece of a file into another, whose pages are written over and over in place. The files have
 * several pieces, which are moved one after the other. Both files go back to their beginning when
 * no time is taken.
 */
public class TransferFile extends TransferBenchmark {
  private static final int PIECES = 8;

  @Param({"4096", "65536", "1048576", "16777216"})
  public int size;

  @Param({"NIO", "LOOP", "AUTO", "COPY_FILE_RANGE", "SENDFILE", "MMAP_WRITE"})
  public String way;

  private FileChannel source;
  private FileChannel target;

  @Setup
  public void open() throws IOException {
    load();
    source = FileChannel.open(TempFiles.file(size * PIECES), StandardOpenOption.READ);
    target = TempFiles.target(size * PIECES);
    use(OpenChannels.of(source, target), JmhImplementations.to(way));
  }

  @Setup(Level.Invocation)
  public void goBack() throws IOException {
    rewind();
  }

  @Benchmark
  @OperationsPerInvocation(PIECES)
  public void transfer() throws IOException {
    move(size, PIECES);
  }

  @TearDown
  public void close() throws IOException {
    source.close();
    target.close();
  }
}
