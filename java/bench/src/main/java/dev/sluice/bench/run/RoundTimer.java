package dev.sluice.bench.run;

import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.Transfer;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.report.Measurement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Times a round of one implementation: all its connections at a time, until the last byte has
 * arrived.
 */
final class RoundTimer {
  private final int jvm;
  private final RoundSize roundSize;
  private final WorkerThreads workers;

  RoundTimer(int jvm, RoundSize roundSize, WorkerThreads workers) {
    this.jvm = jvm;
    this.roundSize = roundSize;
    this.workers = workers;
  }

  Measurement time(ImplementationRun run, int round, int place) throws IOException {
    List<Transfer> parts = new ArrayList<>();
    for (int connection = 0; connection < run.fixtures().size(); connection++) {
      parts.add(part(run, connection, roundSize));
    }
    run.prepare();
    long farEndStart = farEndCpuNanos(run);
    long start = System.nanoTime();
    for (Fixture fixture : run.fixtures()) {
      fixture.begin(roundSize);
    }
    long cpuStart = run.cpuNanos(workers);
    workers.run(parts);
    long cpuEnd = run.cpuNanos(workers);
    for (Fixture fixture : run.fixtures()) {
      fixture.finish();
    }
    long end = System.nanoTime();
    long farEndEnd = farEndCpuNanos(run);
    run.release();
    for (Fixture fixture : run.fixtures()) {
      fixture.tidy();
      if (run.implementation().passesPageCache()) {
        fixture.warm(roundSize);
      }
    }
    return new Measurement(
        jvm, round, place, end - start, cpuEnd - cpuStart, farEndEnd - farEndStart);
  }

  private static long farEndCpuNanos(ImplementationRun run) throws IOException {
    long nanos = 0;
    for (Fixture fixture : run.fixtures()) {
      nanos += fixture.farEndCpuNanos();
    }
    return nanos;
  }

  /** What one thread does in a round, over its connection. */
  static Transfer part(ImplementationRun run, int connection, RoundSize roundSize) {
    Fixture fixture = run.fixtures().get(connection);
    Loop loop = run.loop(connection);
    return () -> {
      OpenChannels channels = fixture.channels();
      for (int pass = 0; pass < roundSize.passes(); pass++) {
        channels.rewind();
        loop.run(channels, roundSize.region(), roundSize.piece());
      }
    };
  }
}
