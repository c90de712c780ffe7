package dev.sluice.bench.run;

import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.fixture.CloseAll;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.SingleCalls;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One implementation in the run of one cell, and what has been found about it so far. */
final class ImplementationRun implements Closeable {
  private final Implementation implementation;
  private final List<Fixture> fixtures;
  private final List<Loop> loops;
  private final List<OwnFixture> own;
  private final List<Measurement> rounds = new ArrayList<>();
  private Outcome outcome = Outcome.MEASURED;
  private String reason;
  private String sha256;
  private Double systemCallsPerCall;
  private SingleCalls calls;
  private long leastNanos = Long.MAX_VALUE;
  private boolean sampled;

  /** A run over the fixtures that all implementations share. */
  ImplementationRun(Implementation implementation, List<Fixture> fixtures) {
    this(
        implementation,
        List.of(),
        fixtures,
        fixtures.stream().map(fixture -> implementation.loops().get()).toList());
  }

  /** A run over fixtures of the implementation's own. */
  static ImplementationRun withOwn(Implementation implementation, List<OwnFixture> own) {
    return new ImplementationRun(implementation, own, List.copyOf(own), List.copyOf(own));
  }

  private ImplementationRun(
      Implementation implementation,
      List<OwnFixture> own,
      List<Fixture> fixtures,
      List<Loop> loops) {
    this.implementation = implementation;
    this.own = own;
    this.fixtures = fixtures;
    this.loops = loops;
  }

  /** The run of an implementation that cannot take part, for a reason. */
  ImplementationRun(Implementation implementation, Outcome outcome, String reason) {
    this(implementation, List.of(), List.of(), List.of());
    drop(outcome, reason);
  }

  Implementation implementation() {
    return implementation;
  }

  List<Fixture> fixtures() {
    return fixtures;
  }

  Loop loop(int connection) {
    return loops.get(connection);
  }

  /** Prepares source, target and loops for a round. */
  void prepare() throws IOException {
    for (Fixture fixture : fixtures) {
      fixture.ready();
    }
    for (Loop loop : loops) {
      loop.prepare();
    }
  }

  /**
   * Releases after a round what the loops keep. A user's pipes share a limit, and the pipes of many
   * connections would leave less of it for the next implementation.
   */
  void release() throws IOException {
    if (own.isEmpty()) {
      CloseAll.of(loops);
    }
  }

  /** The implementation's own fixture, where there is one connection. */
  Optional<OwnFixture> onlyOwn() {
    return own.size() == 1 ? Optional.of(own.get(0)) : Optional.empty();
  }

  /**
   * CPU time in nanoseconds, counted from any moment: of the thread that transfers, or of the
   * process where several threads do.
   */
  long cpuNanos(WorkerThreads workers) throws IOException {
    return own.size() == 1 ? own.get(0).cpuNanos() : workers.cpuNanos();
  }

  boolean takesPart() {
    return outcome == Outcome.MEASURED;
  }

  void drop(Outcome outcome, String reason) {
    this.outcome = outcome;
    this.reason = reason;
    rounds.clear();
    systemCallsPerCall = null;
    calls = null;
  }

  void arrived(String sha256) {
    this.sha256 = sha256;
  }

  void counted(Double systemCallsPerCall) {
    this.systemCallsPerCall = systemCallsPerCall;
  }

  void timed(SingleCalls calls) {
    this.calls = calls;
  }

  /** Notes how long a round of the warm-up took. */
  void took(long nanos) {
    leastNanos = Math.min(leastNanos, nanos);
  }

  /** The shortest round of the warm-up: one that a disturbance made long says nothing. */
  long leastNanos() {
    return leastNanos;
  }

  /** Has it take part in one measured round alone. */
  void sample() {
    sampled = true;
  }

  boolean isSampled() {
    return sampled;
  }

  void measured(Measurement round) {
    rounds.add(round);
  }

  Outcome outcome() {
    return outcome;
  }

  String reason() {
    return reason;
  }

  String sha256() {
    return sha256;
  }

  Double systemCallsPerCall() {
    return systemCallsPerCall;
  }

  SingleCalls calls() {
    return calls;
  }

  List<Measurement> rounds() {
    return rounds;
  }

  /** Closes the loops. Fixtures of the implementation's own are such loops. */
  @Override
  public void close() throws IOException {
    CloseAll.of(loops);
  }
}
