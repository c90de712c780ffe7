package dev.sluice.bench;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.SingleCalls;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A contender on its way through a cell, and what has been found about it so far. */
final class Entrant implements Closeable {
  private final Contender contender;
  private final List<Route> routes;
  private final List<Loop> loops;
  private final OwnRoute own;
  private final List<Measurement> rounds = new ArrayList<>();
  private Outcome outcome = Outcome.MEASURED;
  private String reason;
  private String sha256;
  private Double systemCallsPerCall;
  private SingleCalls calls;
  private long lastNanos;

  /** One that takes the routes that all take. */
  Entrant(Contender contender, List<Route> routes) {
    this.contender = contender;
    this.own = null;
    this.routes = routes;
    this.loops = routes.stream().map(route -> contender.loops().get()).toList();
  }

  /** One that comes with a route of its own. */
  Entrant(Contender contender, OwnRoute own) {
    this.contender = contender;
    this.own = own;
    this.routes = List.of(own);
    this.loops = List.of(own);
  }

  /** One that cannot take part, and why. */
  Entrant(Contender contender, Outcome outcome, String reason) {
    this.contender = contender;
    this.own = null;
    this.routes = List.of();
    this.loops = List.of();
    leave(outcome, reason);
  }

  Contender contender() {
    return contender;
  }

  List<Route> routes() {
    return routes;
  }

  Loop loop(int lane) {
    return loops.get(lane);
  }

  /** CPU time of whoever works for it, on from some moment. */
  long cpuNanos(Team team) throws IOException {
    return own == null ? team.cpuNanos() : own.cpuNanos();
  }

  boolean isIn() {
    return outcome == Outcome.MEASURED;
  }

  void leave(Outcome outcome, String reason) {
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

  /** How long it took for what does not count: to be verified, or a round of the warm-up. */
  void took(long nanos) {
    lastNanos = nanos;
  }

  long lastNanos() {
    return lastNanos;
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

  @Override
  public void close() throws IOException {
    if (own != null) {
      own.close();
    }
  }
}
