package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the benchmarks of a transfer have in common: a loop that moves pieces of one size. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(5)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class TransferBenchmark {
  private OpenChannels channels;
  private Loop loop;

  /** Loads both libraries. */
  static void load() throws IOException {
    Sluice.ensureAvailable();
    NativeLibrary.load();
  }

  /** The channels and the loop of the benchmark. */
  final void use(OpenChannels openChannels, Loop implementation) {
    channels = openChannels;
    loop = implementation;
  }

  /** Goes back to the beginning of files that are read or written at their own position. */
  final void rewind() throws IOException {
    channels.rewind();
  }

  /** Moves one piece. */
  final void move(long size) throws IOException {
    loop.run(channels, size, size);
  }

  /** Moves pieces one after the other. */
  final void move(long size, int pieces) throws IOException {
    loop.run(channels, size * pieces, size);
  }
}
