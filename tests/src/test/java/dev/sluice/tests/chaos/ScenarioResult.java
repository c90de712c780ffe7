package dev.sluice.tests.chaos;

import dev.sluice.tests.chaos.Scenario.Event;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of a scenario: the results that its transfers reported, and its two channels. */
record ScenarioResult(
    Scenario scenario,
    TransferThread transfers,
    ReadableByteChannel source,
    WritableByteChannel target) {
  List<ReportedResult> told() {
    return transfers.told();
  }

  long moved() {
    return told().stream().mapToLong(ReportedResult::moved).sum();
  }

  long stranded() {
    return told().stream().mapToLong(ReportedResult::stranded).sum();
  }

  boolean isExact() {
    return told().stream().allMatch(ReportedResult::isExact);
  }

  @Nullable ReportedResult failed() {
    return told().stream().filter(told -> told.failure() != null).findFirst().orElse(null);
  }

  boolean has(Event event) {
    return scenario.meanwhile().event() == event;
  }
}
