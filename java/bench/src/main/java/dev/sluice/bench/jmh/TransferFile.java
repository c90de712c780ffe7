package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;
import java.nio.channels.FileChannel;
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

/** A piece of a file into another, whose pages are written over and over in place. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TransferFile {
  @Param({"4096", "65536", "1048576", "67108864"})
  public int size;

  @Param({"NIO", "LOOP", "AUTO", "COPY_FILE_RANGE", "SENDFILE", "MMAP_WRITE"})
  public String way;

  private FileChannel source;
  private FileChannel target;
  private OpenChannels channels;
  private Loop loop;

  @Setup
  public void open() throws IOException {
    Sluice.ensureAvailable();
    NativeLibrary.load();
    source = FileChannel.open(TempFiles.file(size), StandardOpenOption.READ);
    target = TempFiles.target(size);
    channels = OpenChannels.of(source, target);
    loop = JmhImplementations.to(way);
  }

  @Benchmark
  public void transfer() throws IOException {
    channels.rewind();
    loop.run(channels, size, size);
  }

  @TearDown
  public void close() throws IOException {
    source.close();
    target.close();
  }
}
