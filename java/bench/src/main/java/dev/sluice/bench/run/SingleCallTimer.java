package dev.sluice.bench.run;

import com.sun.management.ThreadMXBean;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.report.SingleCalls;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Times single calls, one by one. Each moves the first piece once more. */
final class SingleCallTimer {
  private static final int LEAST_CALLS = 200;
  private static final int MOST_CALLS = 5000;

  /** The calls of one implementation are to take about so long together. */
  private static final double NANOS_FOR_CALLS = 150e6;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private SingleCallTimer() {}

  /** Times calls of an implementation that has made a round of this size before. */
  static SingleCalls time(ImplementationRun run, RoundSize round) throws IOException {
    double nanosPerCall = (double) run.leastNanos() / round.calls();
    int count = (int) Math.max(LEAST_CALLS, Math.min(MOST_CALLS, NANOS_FOR_CALLS / nanosPerCall));
    RoundSize calls = new RoundSize(round.piece(), round.piece(), count);
    Fixture fixture = run.fixtures().get(0);
    double[] micros = new double[count];
    run.prepare();
    fixture.begin(calls);
    Optional<OwnFixture> own = run.onlyOwn();
    long allocated =
        own.isPresent()
            ? own.get().timeCalls(calls.piece(), micros)
            : timeCalls(fixture.channels(), run.loop(0), calls.piece(), micros);
    fixture.finish();
    run.release();
    fixture.tidy();
    return new SingleCalls(
        count,
        Statistics.percentile(50, micros),
        Statistics.percentile(99, micros),
        (double) allocated / count);
  }

  /** Fills the times, and answers the bytes that this thread allocated meanwhile. */
  private static long timeCalls(OpenChannels channels, Loop loop, long piece, double[] micros)
      throws IOException {
    long thread = Thread.currentThread().getId();
    long allocated = THREADS.getThreadAllocatedBytes(thread);
    for (int call = 0; call < micros.length; call++) {
      channels.rewind();
      long start = System.nanoTime();
      loop.run(channels, piece, piece);
      micros[call] = (System.nanoTime() - start) / 1e3;
    }
    return THREADS.getThreadAllocatedBytes(thread) - allocated;
  }
}
