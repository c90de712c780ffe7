package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tests.channel.GuardCase.Act;
import java.util.Set;

/** What holds at the end of every case, whenever it comes. */
final class GuardChecks {
  private GuardChecks() {}

  static void assertKept(GuardCase guardCase, GuardOutcome outcome) {
    String told = guardCase + ": " + outcome;
    assertFalse(outcome.hung(), told);
    assertTrue(expectedEnds(guardCase).contains(outcome.end()), told);
    if (outcome.arrived() >= 0 && outcome.count() >= 0) {
      assertEquals(outcome.count(), outcome.arrived(), told);
    } else if (outcome.end().equals("AsynchronousCloseException")) {
      // Nothing had moved; or, between streams, what had, and what had left the source, is told
      // beside it.
      assertEquals(outcome.stored(), Math.max(0, outcome.arrived()), told);
    }
    Act act = guardCase.act();
    boolean closes =
        act == Act.CLOSE_SOURCE || act == Act.CLOSE_TARGET || act == Act.SHUTDOWN_OUTPUT;
    assertFalse(closes && outcome.count() == 0, told);
    boolean isInterrupt = act == Act.INTERRUPT;
    assertEquals(isInterrupt, outcome.interrupted(), told);
    assertEquals(!isInterrupt && act != Act.CLOSE_SOURCE, outcome.sourceOpen(), told);
    assertEquals(!isInterrupt && act != Act.CLOSE_TARGET, outcome.targetOpen(), told);
  }

  /** How a transfer may end; its count tells the bytes that were moved before. */
  private static Set<String> expectedEnds(GuardCase guardCase) {
    return switch (guardCase.act()) {
      case INTERRUPT -> Set.of("ClosedByInterruptException");
      case CLOSE_SOURCE, CLOSE_TARGET, SHUTDOWN_OUTPUT ->
          Set.of("count", "AsynchronousCloseException");
      case SHUTDOWN_INPUT, PEER_END -> Set.of("count");
      case PEER_RESET -> Set.of("count", "IOException", "SocketException");
    };
  }
}
