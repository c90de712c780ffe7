package dev.sluice.bench.jmh;

import dev.sluice.Sluice;
import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
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
 * The cost of explaining a transfer: by a report, and by the event {@code dev.sluice.Transfer},
 * which costs nothing unless it is recorded. The transfer moves no byte.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Explain {
  private static final String EVENT = "dev.sluice.Transfer";

  @Param({"noRecording", "otherEvents", "recorded"})
  public String recorder;

  private AtEnd ends;
  private Recording recording;

  @Setup
  public void open() throws IOException {
    Sluice.ensureAvailable();
    NativeLibrary.load();
    ends = AtEnd.of("socket");
    if (recorder.equals("noRecording")) {
      return;
    }
    recording = new Recording();
    recording.setToDisk(false);
    recording.enable("jdk.GarbageCollection");
    if (recorder.equals("recorded")) {
      recording.enable(EVENT);
    }
    recording.start();
  }

  @Benchmark
  public long transferTo() throws IOException {
    return Sluice.transferTo(ends.file(), AtEnd.POSITION, 1, ends.target());
  }

  @Benchmark
  public Object explainTransferTo() throws IOException {
    return Sluice.explainTransferTo(ends.file(), AtEnd.POSITION, 1, ends.target());
  }

  @TearDown
  public void close() throws IOException {
    ends.close();
    if (recording != null) {
      recording.close();
    }
  }
}
