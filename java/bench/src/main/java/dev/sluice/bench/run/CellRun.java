package dev.sluice.bench.run;

import com.sun.management.ThreadMXBean;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Concurrency;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.cell.RoundCounts;
import dev.sluice.bench.count.SystemCalls;
import dev.sluice.bench.fixture.CloseAll;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.fixture.Transfer;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.RefusedCallException;
import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.SingleCalls;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleConsumer;

/**
 * Runs one cell: every implementation is verified, warmed up, has its system calls counted and is
 * then measured, round by round with the others in an order drawn anew each time. Whatever disturbs
 * the machine for a while disturbs them all, and only times of the same round are ever compared.
 */
public final class CellRun implements Closeable {
  /** Who takes so many times as long as the fastest gets the fewest rounds, and leaves the time. */
  private static final double SLOW = 4;

  /** Who takes so many times as long leaves even before: a few rounds tell that much. */
  private static final double VERY_SLOW = 10;

  private static final int ROUNDS_OF_THE_VERY_SLOW = 3;

  /** When everybody has had enough rounds, the time left belongs to those that verdicts are on. */
  private static final Set<Role> JUDGED = Set.of(Role.NIO, Role.LOOP, Role.AUTO);

  private static final double WARM_UP_SHARE = 0.2;

  /** So much of its time a cell gets on top, once, whose verdict is not clear. */
  private static final double EXTENSION = 0.8;

  private static final int LEAST_CALLS = 200;
  private static final int MOST_CALLS = 5000;
  private static final double NANOS_FOR_CALLS = 150e6;
  private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Cell cell;
  private final RoundCounts roundCounts;
  private final List<Fixture> fixtures;
  private final SystemCalls systemCalls;
  private final WorkerThreads workers;
  private final List<ImplementationRun> runs = new ArrayList<>();
  private final DoubleConsumer progress;
  private final Random random;
  private final long begun = System.nanoTime();
  private final long budget;

  /**
   * A run of the cell.
   *
   * @param seconds to spend on it, the verification and the warm-up included
   * @param progress told the part of the time that has passed, 0 to 1
   */
  public CellRun(
      Cell cell,
      Workspace workspace,
      List<Implementation> implementations,
      SystemCalls systemCalls,
      double seconds,
      DoubleConsumer progress)
      throws IOException {
    this.cell = cell;
    this.roundCounts = RoundCounts.of(cell.direction());
    this.systemCalls = systemCalls;
    this.progress = progress;
    this.random = new Random(cell.id().hashCode());
    this.budget = (long) (seconds * 1e9);
    this.workers = new WorkerThreads(cell.concurrency());
    this.fixtures = new ArrayList<>();
    try {
      for (int lane = 0; lane < cell.concurrency().connections(); lane++) {
        fixtures.add(cell.direction().open(workspace));
      }
      for (Implementation implementation : implementations) {
        runs.add(run(implementation, workspace));
      }
    } catch (IOException | RuntimeException | Error e) {
      try (this) {
        throw e;
      }
    }
  }

  private ImplementationRun run(Implementation implementation, Workspace workspace)
      throws IOException {
    if (implementation.ownFixture() == null) {
      return new ImplementationRun(implementation, fixtures);
    }
    List<OwnFixture> own = new ArrayList<>();
    try {
      for (int lane = 0; lane < fixtures.size(); lane++) {
        own.add(
            implementation
                .ownFixture()
                .open(workspace.file(), cell.direction().targetDirectory(workspace)));
      }
      return ImplementationRun.withOwn(implementation, own);
    } catch (IOException | RuntimeException | LinkageError e) {
      CloseAll.all(own);
      return new ImplementationRun(implementation, Outcome.FAILED, e.toString());
    }
  }

  /**
   * Runs it.
   *
   * @param sha256 of what every implementation has to move, where the fixture does not know better
   * @throws IOException if the fixture breaks down; what an implementation does wrong is its result
   */
  public CellResult run(String sha256) throws IOException {
    String expected = fixtures.get(0).sourceDigest().orElse(sha256);
    verify(expected);
    int warmUpRounds = warmUp();
    countSystemCalls();
    timeCalls();
    long compiled = COMPILER.getTotalCompilationTime();
    int rounds = measure();
    long compilerMillis = COMPILER.getTotalCompilationTime() - compiled;
    return Summary.of(cell, expected, warmUpRounds, rounds, compilerMillis, runs);
  }

  private void verify(String expected) throws IOException {
    RoundSize once = cell.roundSize().once();
    for (ImplementationRun run : in()) {
      attempt(
          run,
          () -> {
            for (int lane = 0; lane < run.fixtures().size(); lane++) {
              String arrived = digest(run, lane, once);
              run.arrived(arrived);
              if (!arrived.equals(expected)) {
                throw new IOException("other bytes arrived than were sent, SHA-256 " + arrived);
              }
            }
          });
      tell();
    }
  }

  private String digest(ImplementationRun run, int lane, RoundSize once) throws IOException {
    Fixture fixture = run.fixtures().get(lane);
    return fixture.digest(
        once,
        () -> {
          long start = System.nanoTime();
          workers.run(List.of(part(run, lane, once)));
          run.took(System.nanoTime() - start);
        });
  }

  private int warmUp() throws IOException {
    long enough = System.nanoTime() + (long) (budget * WARM_UP_SHARE);
    int rounds = 0;
    while (rounds < roundCounts.warmUp() || System.nanoTime() < enough && !in().isEmpty()) {
      rounds++;
      for (ImplementationRun run : rounds == 1 ? in() : fast()) {
        attempt(run, () -> run.took(time(run, 0, 0).nanos()));
        tell();
      }
    }
    return rounds;
  }

  private void countSystemCalls() throws IOException {
    if (cell.concurrency() != Concurrency.ALONE) {
      return;
    }
    RoundSize once = cell.roundSize().once();
    for (ImplementationRun run : in()) {
      if (!run.implementation().isInThisProcess()) {
        continue;
      }
      Fixture fixture = run.fixtures().get(0);
      attempt(
          run,
          () -> {
            run.prepare();
            fixture.begin(once);
            List<SystemCall> made = systemCalls.during(fixture, part(run, 0, once));
            fixture.finish();
            run.rest();
            fixture.tidy();
            if (made != null) {
              long calls = made.stream().mapToLong(SystemCall::count).sum();
              run.counted((double) calls / once.callsPerPass());
            }
          });
      tell();
    }
  }

  /** Single calls, one by one: each moves the first piece once more. */
  private void timeCalls() throws IOException {
    if (cell.concurrency() != Concurrency.ALONE || !cell.pieceSize().isSmall()) {
      return;
    }
    for (ImplementationRun run : in()) {
      if (run.implementation().isInThisProcess()) {
        attempt(run, () -> run.timed(singleCalls(run)));
        tell();
      }
    }
  }

  private SingleCalls singleCalls(ImplementationRun run) throws IOException {
    RoundSize round = cell.roundSize();
    double nanosPerCall = (double) run.lastNanos() / (round.callsPerPass() * round.passes());
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
    run.rest();
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

  private int measure() throws IOException {
    long end = begun + budget;
    boolean isExtended = false;
    long lastRound = 0;
    int rounds = 0;
    while (!in().isEmpty()) {
      if (rounds >= roundCounts.fast() && System.nanoTime() + lastRound > end) {
        if (isExtended || Summary.isDecided(runs)) {
          break;
        }
        isExtended = true;
        end = System.nanoTime() + (long) (budget * EXTENSION);
      }
      long start = System.nanoTime();
      int round = ++rounds;
      List<ImplementationRun> order = new ArrayList<>(taking(rounds));
      Collections.shuffle(order, random);
      int place = 0;
      for (ImplementationRun run : order) {
        int turn = ++place;
        attempt(run, () -> run.measured(time(run, round, turn)));
        tell();
      }
      lastRound = System.nanoTime() - start;
    }
    return rounds;
  }

  /** Who takes part in a round. */
  private List<ImplementationRun> taking(int round) {
    if (round <= Math.min(roundCounts.everybody(), ROUNDS_OF_THE_VERY_SLOW)) {
      return in();
    }
    if (round <= roundCounts.everybody()) {
      return within(VERY_SLOW);
    }
    List<ImplementationRun> judged =
        in().stream().filter(run -> JUDGED.contains(run.implementation().role())).toList();
    return round <= roundCounts.fast() || judged.isEmpty() ? fast() : judged;
  }

  private Measurement time(ImplementationRun run, int round, int place) throws IOException {
    RoundSize roundSize = cell.roundSize();
    List<Transfer> parts = new ArrayList<>();
    for (int lane = 0; lane < run.fixtures().size(); lane++) {
      parts.add(part(run, lane, roundSize));
    }
    run.prepare();
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
    run.rest();
    for (Fixture fixture : run.fixtures()) {
      fixture.tidy();
      if (run.implementation().passesPageCache()) {
        fixture.warm(roundSize);
      }
    }
    return new Measurement(round, place, end - start, cpuEnd - cpuStart);
  }

  /** What one thread does in a round. */
  private static Transfer part(ImplementationRun run, int lane, RoundSize roundSize) {
    Fixture fixture = run.fixtures().get(lane);
    Loop loop = run.loop(lane);
    return () -> {
      OpenChannels channels = fixture.channels();
      for (int pass = 0; pass < roundSize.passes(); pass++) {
        channels.rewind();
        loop.run(channels, roundSize.region(), roundSize.piece());
      }
    };
  }

  /** What an implementation throws takes it, and nobody else, out of the cell. */
  private void attempt(ImplementationRun run, Transfer transfer) throws IOException {
    try {
      transfer.run();
    } catch (UnsupportedMechanismException | RefusedCallException e) {
      leave(run, Outcome.LEFT_OUT, e.getMessage());
    } catch (IOException | RuntimeException | InternalError e) {
      leave(run, Outcome.FAILED, e.toString());
    }
  }

  private static void leave(ImplementationRun run, Outcome outcome, String reason)
      throws IOException {
    run.leave(outcome, reason);
    for (Fixture fixture : run.fixtures()) {
      fixture.reopen();
    }
  }

  private List<ImplementationRun> in() {
    return runs.stream().filter(ImplementationRun::isIn).toList();
  }

  private List<ImplementationRun> fast() {
    return within(SLOW);
  }

  /** Those that take no more than so many times as long as the fastest, and those judged. */
  private List<ImplementationRun> within(double times) {
    List<ImplementationRun> in = in();
    long fastest = in.stream().mapToLong(ImplementationRun::lastNanos).min().orElse(0);
    return in.stream()
        .filter(
            run ->
                run.lastNanos() <= times * fastest || JUDGED.contains(run.implementation().role()))
        .toList();
  }

  private void tell() {
    progress.accept(Math.min(1, (double) (System.nanoTime() - begun) / budget));
  }

  @Override
  public void close() throws IOException {
    workers.close();
    CloseAll.all(runs, fixtures);
  }
}
