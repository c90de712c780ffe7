package dev.sluice.bench.jmh;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.bench.Native;
import dev.sluice.internal.BareNative;
import java.io.IOException;
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

/** What the guards of a transfer cost beyond the bare native, which makes one system call. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Guards {
  @Param({"socket", "pipe"})
  public String target;

  private AtEnd ends;
  private int file;
  private int descriptor;
  private boolean toSocket;

  @Setup
  public void open() throws IOException {
    Sluice.ensureAvailable();
    Native.load();
    ends = AtEnd.of(target);
    file = ends.fileDescriptor();
    descriptor = ends.targetDescriptor();
    toSocket = target.equals("socket");
  }

  @Benchmark
  public long bareSendfile() {
    return toSocket
        ? BareNative.sendfileToSocket(file, AtEnd.POSITION, 1, descriptor)
        : BareNative.sendfileToPipe(file, AtEnd.POSITION, 1, descriptor);
  }

  @Benchmark
  public long guardedSendfile() throws IOException {
    return Mechanism.SENDFILE.transferTo(ends.file(), AtEnd.POSITION, 1, ends.target());
  }

  /** A second system call makes sure that this is the end, and not a file of unknown size. */
  @Benchmark
  public long guardedAuto() throws IOException {
    return Sluice.transferTo(ends.file(), AtEnd.POSITION, 1, ends.target());
  }

  /** It asks for the size first, and makes its calls with a count of 0. */
  @Benchmark
  public long nio() throws IOException {
    return ends.file().transferTo(AtEnd.POSITION, 1, ends.target());
  }

  @TearDown
  public void close() throws IOException {
    ends.close();
  }
}
