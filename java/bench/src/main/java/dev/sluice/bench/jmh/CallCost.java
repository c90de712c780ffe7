package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import dev.sluice.internal.BareNative;
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
import org.openjdk.jmh.annotations.Warmup;

/** What one native call costs that makes no system call. To be kept below 25 ns. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallCost {
  @Setup
  public void load() {
    Sluice.ensureAvailable();
  }

  /** The floor: into native code and back. */
  @Benchmark
  public int cross() {
    return BareNative.cross();
  }

  /**
   * The arguments of a transfer checked and its answer encoded, behind the guard against panics.
   */
  @Benchmark
  public long transferNothing() {
    return BareNative.transferNothing();
  }
}
