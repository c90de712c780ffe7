package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A file that is nearly all hole, copied by its path: 8 KiB of data. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(5)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CopySparse {
  private static final int DATA_BYTES = 4096;

  @Param({"268435456"})
  public long size;

  @Param({"NIO", "AUTO"})
  public String way;

  private Path source;
  private Path target;

  @Setup
  public void write() throws IOException {
    source = TempFiles.file(1);
    target = source.resolveSibling(source.getFileName() + ".copy");
    target.toFile().deleteOnExit();
    try (FileChannel channel = FileChannel.open(source, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(DATA_BYTES), size / 3);
      channel.write(ByteBuffer.allocate(DATA_BYTES), size - DATA_BYTES);
    }
  }

  @Benchmark
  public void copy() throws IOException {
    if (way.equals("NIO")) {
      Files.copy(source, target);
    } else {
      Sluice.copy(source, target);
    }
  }

  /** Makes room for the next copy, which goes to a new name. */
  @TearDown(Level.Invocation)
  public void delete() throws IOException {
    Files.delete(target);
  }

  @TearDown
  public void close() throws IOException {
    Files.deleteIfExists(target);
    Files.deleteIfExists(source);
  }
}
