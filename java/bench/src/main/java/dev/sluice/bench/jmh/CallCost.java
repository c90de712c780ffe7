package dev.sluice.bench.jmh;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.bench.linker.LinkerCall;
import dev.sluice.bench.measure.NativeLibrary;
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

/**
 * The cost of a call beside its bytes: the way into native code, the guards, and the same system
 * call through the JDK's linker. No byte is moved.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallCost {
  @Setup
  public void load() throws IOException {
    Sluice.ensureAvailable();
    NativeLibrary.load();
  }

  /** The floor: into native code and back. */
  @Benchmark
  public int cross() {
    return BareNative.cross();
  }

  /**
   * Checks the arguments of a transfer and encodes its answer, behind the guard against panics,
   * without a system call. This is to be kept below 25 ns.
   */
  @Benchmark
  public long transferNothing() {
    return BareNative.transferNothing();
  }

  /** A file at its end. A transfer of it is one system call and the code around that. */
  @State(Scope.Thread)
  public static class Target {
    @Param({"socket", "pipe"})
    public String target;

    private AtEnd ends;
    private int file;
    private int descriptor;
    private boolean toSocket;

    @Setup
    public void open() throws IOException {
      ends = AtEnd.of(target);
      file = ends.fileDescriptor();
      descriptor = ends.targetDescriptor();
      toSocket = target.equals("socket");
    }

    @TearDown
    public void close() throws IOException {
      ends.close();
    }
  }

  /**
   * The call through the linker. It is made in a state of its own, so that a JDK without a linker
   * fails this benchmark alone.
   */
  @State(Scope.Thread)
  public static class ThroughLinker {
    private final LinkerCall sendfile = new LinkerCall();
  }

  @Benchmark
  public long bareSendfile(Target at) {
    return at.toSocket
        ? BareNative.sendfileToSocket(at.file, AtEnd.POSITION, 1, at.descriptor)
        : BareNative.sendfileToPipe(at.file, AtEnd.POSITION, 1, at.descriptor);
  }

  /**
   * The linker needs JDK 22 or newer. On an older JDK this benchmark fails, and the others go on.
   */
  @Benchmark
  public long foreignSendfile(Target at, ThroughLinker linker) throws IOException {
    return linker.sendfile.call(at.file, AtEnd.POSITION, 1, at.descriptor);
  }

  @Benchmark
  public long guardedSendfile(Target at) throws IOException {
    return Mechanism.SENDFILE.transferTo(at.ends.file(), AtEnd.POSITION, 1, at.ends.target());
  }

  /** AUTO makes a second system call, to tell the end of a file from a file of unknown size. */
  @Benchmark
  public long guardedAuto(Target at) throws IOException {
    return Sluice.transferTo(at.ends.file(), AtEnd.POSITION, 1, at.ends.target());
  }

  /** NIO asks for the size first, and makes its calls with a count of 0. */
  @Benchmark
  public long nio(Target at) throws IOException {
    return at.ends.file().transferTo(AtEnd.POSITION, 1, at.ends.target());
  }
}
