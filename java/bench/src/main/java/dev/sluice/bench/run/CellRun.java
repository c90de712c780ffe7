package dev.sluice.bench.run;

import dev.sluice.UnsupportedMechanismException;
import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Concurrency;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.cell.RoundCounts;
import dev.sluice.bench.count.SystemCallCounter;
import dev.sluice.bench.count.SystemCalls;
import dev.sluice.bench.fixture.CloseAll;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.fixture.Transfer;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.RefusedCallException;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import dev.sluice.bench.report.Outcome;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleConsumer;

/**
 * Runs one cell. Every implementation is warmed up and then measured, round by round with the
 * others, in an order drawn anew for each round. The first JVM has verified it before, and counts
 * its system calls. A disturbance of the machine that lasts for a while hits all of them alike, and
 * only times of the same round are ever compared.
 */
public final class CellRun implements Closeable {
  /** The part of its time that a cell warms up for. */
  private static final double WARM_UP_SHARE = 0.2;

  private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

  private final Cell cell;
  private final JvmShare share;
  private final RoundCounts roundCounts;
  private final List<Fixture> fixtures;
  private final SystemCalls systemCalls;
  private final WorkerThreads workers;
  private final List<ImplementationRun> runs = new ArrayList<>();
  private final RoundSelection selection;
  private final RoundTimer timer;
  private final DoubleConsumer progress;
  private final Random random;
  private final long begun = System.nanoTime();
  private final long budget;

  /**
   * A run of the cell.
   *
   * @param share what this JVM does of the cell; its time has the verification and the warm-up in
   *     it
   * @param progress told the part of the time that has passed, 0 to 1
   */
  public CellRun(
      Cell cell,
      Workspace workspace,
      List<Implementation> implementations,
      SystemCalls systemCalls,
      JvmShare share,
      DoubleConsumer progress)
      throws IOException {
    this.cell = cell;
    this.roundCounts = RoundCounts.of(cell.direction());
    this.systemCalls = systemCalls;
    this.progress = progress;
    this.random = new Random();
    this.share = share;
    this.budget = (long) (share.secondsHere() * 1e9);
    this.workers = new WorkerThreads(cell);
    this.fixtures = new ArrayList<>();
    this.selection = new RoundSelection(roundCounts, runs);
    this.timer = new RoundTimer(share.number(), cell.roundSize(), workers);
    try {
      if (implementations.stream().anyMatch(each -> each.ownFixture() == null)) {
        for (int connection = 0; connection < connections(); connection++) {
          fixtures.add(cell.open(workspace));
        }
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

  private int connections() {
    return cell.concurrency().connections();
  }

  private ImplementationRun run(Implementation implementation, Workspace workspace)
      throws IOException {
    if (implementation.ownFixture() == null) {
      return new ImplementationRun(implementation, fixtures);
    }
    List<OwnFixture> own = new ArrayList<>();
    try {
      for (int connection = 0; connection < connections(); connection++) {
        own.add(
            implementation
                .ownFixture()
                .open(workspace.file(), cell.direction().targetDirectory(workspace)));
      }
      return ImplementationRun.withOwn(implementation, own);
    } catch (IOException | RuntimeException | LinkageError e) {
      CloseAll.of(own);
      return new ImplementationRun(implementation, Outcome.FAILED, e.toString());
    }
  }

  /**
   * Runs the cell.
   *
   * @param sha256 the digest of what every implementation has to move, unless the fixture has a
   *     source of its own
   * @throws IOException if a fixture breaks down. A failure of an implementation is a part of the
   *     result
   */
  public CellResult run(String sha256) throws IOException {
    String expected = fixtures.isEmpty() ? sha256 : fixtures.get(0).sourceDigest().orElse(sha256);
    if (share.isFirst()) {
      verify(expected);
    }
    int warmUpRounds = warmUp();
    selection.sampleTheSlow();
    if (share.isFirst()) {
      countSystemCalls();
      timeCalls();
    }
    long compiled = COMPILER.getTotalCompilationTime();
    int rounds = measure();
    long compilerMillis = COMPILER.getTotalCompilationTime() - compiled;
    return CellSummary.of(cell, expected, warmUpRounds, rounds, compilerMillis, runs);
  }

  private void verify(String expected) throws IOException {
    RoundSize once = cell.roundSize().once();
    for (ImplementationRun run : selection.all()) {
      attempt(
          run,
          () -> {
            for (int connection = 0; connection < run.fixtures().size(); connection++) {
              String arrived = digest(run, connection, once);
              run.arrived(arrived);
              if (!arrived.equals(expected)) {
                throw new IOException("other bytes arrived than were sent, SHA-256 " + arrived);
              }
            }
          });
      reportProgress();
    }
  }

  private String digest(ImplementationRun run, int connection, RoundSize once) throws IOException {
    Fixture fixture = run.fixtures().get(connection);
    return fixture.digest(once, () -> workers.run(List.of(RoundTimer.part(run, connection, once))));
  }

  private int warmUp() throws IOException {
    long enough = System.nanoTime() + (long) (budget * WARM_UP_SHARE);
    int rounds = 0;
    while (rounds < roundCounts.warmUp()
        || System.nanoTime() < enough && !selection.all().isEmpty()) {
      rounds++;
      for (ImplementationRun run : rounds == 1 ? selection.all() : selection.fast()) {
        attempt(run, () -> run.took(timer.time(run, 0, 0).nanos()));
        reportProgress();
      }
    }
    return rounds;
  }

  private void countSystemCalls() throws IOException {
    if (cell.concurrency() != Concurrency.ALONE) {
      return;
    }
    try (SystemCallCounter counter = systemCalls.counter()) {
      for (ImplementationRun run : selection.all()) {
        if (run.implementation().isInThisProcess()) {
          attempt(run, () -> countSystemCalls(counter, run));
          reportProgress();
        }
      }
    }
  }

  private void countSystemCalls(SystemCallCounter counter, ImplementationRun run)
      throws IOException {
    RoundSize once = cell.roundSize().once();
    Fixture fixture = run.fixtures().get(0);
    run.prepare();
    fixture.begin(once);
    List<SystemCall> made = counter.during(fixture, RoundTimer.part(run, 0, once));
    fixture.finish();
    run.release();
    fixture.tidy();
    if (made != null) {
      long calls = made.stream().mapToLong(SystemCall::count).sum();
      run.counted((double) calls / once.callsPerPass());
    }
  }

  /** Times calls of small pieces only: a call of a large piece costs what its bytes cost. */
  private void timeCalls() throws IOException {
    if (cell.concurrency() != Concurrency.ALONE || !cell.pieceSize().isSmall()) {
      return;
    }
    for (ImplementationRun run : selection.all()) {
      if (run.implementation().isInThisProcess()) {
        attempt(run, () -> run.timed(SingleCallTimer.time(run, cell.roundSize())));
        reportProgress();
      }
    }
  }

  private int measure() throws IOException {
    long end = begun + budget;
    int least =
        share.isFirst() ? Math.max(roundCounts.all(), share.leastRounds()) : share.leastRounds();
    long lastRound = 0;
    int rounds = 0;
    while (!selection.all().isEmpty() && (rounds < least || System.nanoTime() + lastRound <= end)) {
      long start = System.nanoTime();
      int round = ++rounds;
      List<ImplementationRun> order = new ArrayList<>(selection.ofRound(rounds));
      Collections.shuffle(order, random);
      int place = 0;
      for (ImplementationRun run : order) {
        int turn = ++place;
        attempt(run, () -> run.measured(timer.time(run, round, turn)));
        reportProgress();
      }
      lastRound = System.nanoTime() - start;
    }
    return rounds;
  }

  /** An implementation that throws drops out of the cell; the others go on. */
  private void attempt(ImplementationRun run, Transfer transfer) throws IOException {
    try {
      transfer.run();
    } catch (UnsupportedMechanismException | RefusedCallException e) {
      drop(run, Outcome.LEFT_OUT, e.getMessage());
    } catch (IOException | RuntimeException | InternalError e) {
      drop(run, Outcome.FAILED, e.toString());
    }
  }

  private static void drop(ImplementationRun run, Outcome outcome, String reason)
      throws IOException {
    run.drop(outcome, reason);
    for (Fixture fixture : run.fixtures()) {
      fixture.reopen();
    }
  }

  private void reportProgress() {
    progress.accept(Math.min(1, (double) (System.nanoTime() - begun) / budget));
  }

  @Override
  public void close() throws IOException {
    workers.close();
    CloseAll.of(runs, fixtures);
  }
}
