package dev.sluice.bench.jmh;

import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A piece of a file into another, whose pages are written over and over in place. */
public class TransferFile extends TransferBenchmark {
  @Param({"4096", "65536", "1048576", "67108864"})
  public int size;

  @Param({"NIO", "LOOP", "AUTO", "COPY_FILE_RANGE", "SENDFILE", "MMAP_WRITE"})
  public String way;

  private FileChannel source;
  private FileChannel target;

  @Setup
  public void open() throws IOException {
    load();
    source = FileChannel.open(TempFiles.file(size), StandardOpenOption.READ);
    target = TempFiles.target(size);
    use(OpenChannels.of(source, target), JmhImplementations.to(way));
  }

  @Benchmark
  public void transfer() throws IOException {
    rewind();
    move(size);
  }

  @TearDown
  public void close() throws IOException {
    source.close();
    target.close();
  }
}
