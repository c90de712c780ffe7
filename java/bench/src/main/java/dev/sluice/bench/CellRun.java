package dev.sluice.bench;

import dev.sluice.UnsupportedMechanismException;
import dev.sluice.bench.loop.Ends;
import dev.sluice.bench.loop.Work;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.Outcome;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleConsumer;

/**
 * Runs one cell: every contender is verified, warmed up, has its system calls counted and is then
 * measured, round by round with the others in an order drawn anew each time. Whatever disturbs the
 * machine for a while disturbs them all, and only times of the same round are ever compared.
 */
final class CellRun {
  /** Who takes so many times as long as the fastest gets the fewest rounds, and leaves the time. */
  private static final double SLOW = 4;

  private static final double WARM_UP_SHARE = 0.2;

  private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

  private final Cell cell;
  private final Pace pace;
  private final Route route;
  private final SystemCalls systemCalls;
  private final List<Entrant> entrants;
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
  CellRun(
      Cell cell,
      Route route,
      List<Contender> contenders,
      SystemCalls systemCalls,
      double seconds,
      DoubleConsumer progress) {
    this.cell = cell;
    this.pace = Pace.of(cell.direction());
    this.route = route;
    this.systemCalls = systemCalls;
    this.entrants = contenders.stream().map(Entrant::new).toList();
    this.progress = progress;
    this.random = new Random(cell.id().hashCode());
    this.budget = (long) (seconds * 1e9);
  }

  /**
   * Runs it.
   *
   * @param sha256 of what every contender has to move
   * @throws IOException if the route breaks down; what a contender does wrong is its result
   */
  CellResult run(String sha256) throws IOException {
    verify(sha256);
    int warmUpRounds = warmUp();
    countSystemCalls();
    long compiled = COMPILER.getTotalCompilationTime();
    int rounds = measure();
    long compilerMillis = COMPILER.getTotalCompilationTime() - compiled;
    return Summary.of(cell, sha256, warmUpRounds, rounds, compilerMillis, entrants);
  }

  private void verify(String expected) throws IOException {
    Work once = cell.work().once();
    for (Entrant entrant : in()) {
      attempt(
          entrant,
          () -> {
            String arrived = route.digest(once, () -> entrant.took(nanos(entrant, once)));
            entrant.arrived(arrived);
            if (!arrived.equals(expected)) {
              throw new IOException("other bytes arrived than were sent, SHA-256 " + arrived);
            }
          });
      tell();
    }
  }

  private int warmUp() throws IOException {
    long enough = System.nanoTime() + (long) (budget * WARM_UP_SHARE);
    int rounds = 0;
    while (rounds < pace.warmUp() || System.nanoTime() < enough) {
      rounds++;
      for (Entrant entrant : rounds <= pace.warmUp() ? in() : fast()) {
        attempt(entrant, () -> entrant.took(time(entrant, 0, 0).nanos()));
        tell();
      }
    }
    return rounds;
  }

  private void countSystemCalls() throws IOException {
    Work once = cell.work().once();
    for (Entrant entrant : pace.warmUp() > 0 ? in() : fast()) {
      if (!entrant.contender().isInThisThread()) {
        continue;
      }
      attempt(
          entrant,
          () -> {
            route.begin(once);
            Ends ends = route.ends();
            ends.rewind();
            Long count =
                systemCalls.count(
                    () -> entrant.contender().loop().run(ends, once.region(), once.piece()));
            route.finish();
            route.tidy();
            if (count != null) {
              entrant.counted((double) count / once.callsPerPass());
            }
          });
      tell();
    }
  }

  private int measure() throws IOException {
    long lastRound = 0;
    int rounds = 0;
    while (!in().isEmpty()
        && (rounds < pace.fast() || System.nanoTime() - begun + lastRound <= budget)) {
      long start = System.nanoTime();
      int round = ++rounds;
      List<Entrant> order = new ArrayList<>(rounds <= pace.everybody() ? in() : fast());
      Collections.shuffle(order, random);
      int place = 0;
      for (Entrant entrant : order) {
        int turn = ++place;
        attempt(entrant, () -> entrant.measured(time(entrant, round, turn)));
        tell();
      }
      lastRound = System.nanoTime() - start;
    }
    return rounds;
  }

  private Measurement time(Entrant entrant, int round, int place) throws IOException {
    long start = System.nanoTime();
    route.begin(cell.work());
    long cpuStart = Native.threadCpuNanos0();
    transfer(entrant, cell.work());
    long cpuEnd = Native.threadCpuNanos0();
    route.finish();
    long end = System.nanoTime();
    route.tidy();
    if (entrant.contender().passesPageCache()) {
      route.warm(cell.work());
    }
    return new Measurement(round, place, end - start, cpuEnd - cpuStart);
  }

  private long nanos(Entrant entrant, Work work) throws IOException {
    long start = System.nanoTime();
    transfer(entrant, work);
    return System.nanoTime() - start;
  }

  private void transfer(Entrant entrant, Work work) throws IOException {
    Ends ends = route.ends();
    for (int pass = 0; pass < work.passes(); pass++) {
      ends.rewind();
      entrant.contender().loop().run(ends, work.region(), work.piece());
    }
  }

  /** What a contender throws takes it, and nobody else, out of the cell. */
  private void attempt(Entrant entrant, Transfer transfer) throws IOException {
    try {
      transfer.run();
    } catch (UnsupportedMechanismException | RefusedCallException e) {
      entrant.leave(Outcome.LEFT_OUT, e.getMessage());
      route.reopen();
    } catch (IOException | RuntimeException | InternalError e) {
      entrant.leave(Outcome.FAILED, e.toString());
      route.reopen();
    }
  }

  private List<Entrant> in() {
    return entrants.stream().filter(Entrant::isIn).toList();
  }

  private List<Entrant> fast() {
    List<Entrant> in = in();
    long fastest = in.stream().mapToLong(Entrant::lastNanos).min().orElse(0);
    return in.stream().filter(entrant -> entrant.lastNanos() <= SLOW * fastest).toList();
  }

  private void tell() {
    progress.accept(Math.min(1, (double) (System.nanoTime() - begun) / budget));
  }
}
