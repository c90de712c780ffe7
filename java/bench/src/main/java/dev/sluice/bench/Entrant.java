package dev.sluice.bench;

import dev.sluice.bench.report.Measurement;
import dev.sluice.bench.report.Outcome;
import java.util.ArrayList;
import java.util.List;

/** A contender on its way through a cell, and what has been found about it so far. */
final class Entrant {
  private final Contender contender;
  private final List<Measurement> rounds = new ArrayList<>();
  private Outcome outcome = Outcome.MEASURED;
  private String reason;
  private String sha256;
  private Double systemCallsPerCall;
  private long lastNanos;

  Entrant(Contender contender) {
    this.contender = contender;
  }

  Contender contender() {
    return contender;
  }

  boolean isIn() {
    return outcome == Outcome.MEASURED;
  }

  void leave(Outcome outcome, String reason) {
    this.outcome = outcome;
    this.reason = reason;
    rounds.clear();
    systemCallsPerCall = null;
  }

  void arrived(String sha256) {
    this.sha256 = sha256;
  }

  void counted(Double systemCallsPerCall) {
    this.systemCallsPerCall = systemCallsPerCall;
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

  List<Measurement> rounds() {
    return rounds;
  }
}
