package dev.sluice.tests.chaos;

import static dev.sluice.tests.chaos.RuleViolation.check;

import dev.sluice.Mechanism;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.chaos.RuleViolation.Rule;
import dev.sluice.tests.chaos.Scenario.Ending;
import dev.sluice.tests.chaos.Scenario.Event;
import dev.sluice.tests.chaos.Scenario.Foreign;
import dev.sluice.tests.chaos.Scenario.Kind;
import dev.sluice.tests.chaos.Scenario.Then;
import dev.sluice.tests.chaos.Scenario.Way;
import dev.sluice.tests.support.Internals;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;

/**
 * The rules about exceptions: what happened explains each, and an interrupt has closed both ends.
 */
final class FailureChecks {
  private static final String IO = "java.io.IOException";
  private static final String SOCKET = "java.net.SocketException";
  private static final String RESET_OF_READ = "Connection reset";
  private static final String RESET_OF_WRITE = "Connection reset by peer";
  private static final String BROKEN_PIPE = "Broken pipe";
  private static final String FULL = "the target is in non-blocking mode and full";

  private static final Set<String> MET_LIMITS =
      Set.of(
          "the time was over before the target took all bytes",
          "cancelled before the target took all bytes");

  private final ScenarioResult result;

  FailureChecks(ScenarioResult result) {
    this.result = result;
  }

  void closedByInterrupt() throws RuleViolation {
    ReportedResult failed = result.failed();
    if (failed == null || !failed.isFailure(ClosedByInterruptException.class)) {
      return;
    }
    check(result.has(Event.INTERRUPT), Rule.REASON, "nobody interrupted: " + result.told());
    check(
        result.transfers().isInterrupted,
        Rule.INTERRUPT,
        "the status is not set: " + result.told());
    boolean isRegion = result.scenario().how().way() == Way.REGION;
    check(!result.target().isOpen(), Rule.INTERRUPT, "the target is open: " + result.told());
    check(
        isRegion || !result.source().isOpen(),
        Rule.INTERRUPT,
        "the source is open: " + result.told());
  }

  /** Checks that an event of the scenario explains the exception. */
  void reasons(boolean foreignMetTheError) throws RuleViolation {
    ReportedResult failed = result.failed();
    if (failed == null) {
      return;
    }
    check(
        isExplained(failed, foreignMetTheError),
        Rule.REASON,
        failed.failure(),
        "nothing explains " + result.told());
  }

  private boolean isExplained(ReportedResult failed, boolean foreignMetTheError) {
    boolean isClosed = result.has(Event.CLOSE_SOURCE) || result.has(Event.CLOSE_TARGET);
    if (failed.isFailure(AsynchronousCloseException.class)
        || failed.isFailure(ClosedChannelException.class)) {
      return isClosed || result.has(Event.SHUTDOWN_OUTPUT);
    }
    if (failed.isFailure(ClosedByInterruptException.class)) {
      return result.has(Event.INTERRUPT);
    }
    if (failed.isFailure(UnsupportedMechanismException.class)) {
      return result.scenario().how().mechanism() != Mechanism.AUTO
          && failed.moved() + failed.stranded() == 0;
    }
    if (failed.isFailure(UnsupportedOperationException.class)) {
      return result.scenario().how().way() == Way.UNCACHED
          && !UncachedTrial.IS_POSSIBLE
          && failed.moved() + failed.stranded() == 0;
    }
    if (failed.isFailure(SOCKET, RESET_OF_READ)) {
      return result.scenario().supply().ending() == Ending.RESET;
    }
    if (failed.isFailure(IO, FULL)) {
      return isContended() && failed.stranded() > 0;
    }
    if (result.scenario().how().way() == Way.LIMITED
        && failed.failure() instanceof IOException
        && MET_LIMITS.contains(failed.failure().getMessage())) {
      return failed.stranded() > 0;
    }
    boolean isGone = result.scenario().drain().then() != Then.READ_ALL;
    if (failed.isFailure(IO, RESET_OF_WRITE)) {
      // The close of a unix-domain socket with bytes unread resets its peer, which a write that
      // waits is told.
      Kind target = result.scenario().channels().target();
      return isGone && (target == Kind.TCP || target == Kind.UNIX);
    }
    if (failed.isFailure(IO, BROKEN_PIPE)) {
      // The first call that meets a reset gets ECONNRESET, each later one EPIPE.
      return isGone
          && (result.scenario().drain().then() != Then.RESET
              || foreignMetTheError
              || kernelMetTheError());
    }
    return false;
  }

  /**
   * Whether sendfile or splice may have lost the reset: they send several times in one call, and
   * answer what went before. An ordinary write keeps the error for the next call.
   */
  private boolean kernelMetTheError() {
    Mechanism mechanism = result.scenario().how().mechanism();
    return (mechanism == Mechanism.AUTO
            || mechanism == Mechanism.SENDFILE
            || mechanism == Mechanism.SPLICE)
        && result.told().stream().anyMatch(told -> told.moved() > 0 && told.moved() < told.asked());
  }

  /**
   * Whether another thread may fill a target in non-blocking mode between a transfer's look at it
   * and its write: without the JDK's internals nothing keeps it away.
   */
  private boolean isContended() {
    return Internals.areOff()
        && result.scenario().meanwhile().foreign() == Foreign.WRITER
        && !result.scenario().channels().targetBlocks();
  }
}
