package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.tests.channel.GuardCase.Act;
import dev.sluice.tests.support.TimeLimit;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A close, an interrupt and a peer that goes each end a transfer within 100 ms, with NIO's
 * exception or a true count. The thread that closes does not wait longer either.
 */
@Tag("both-guards")
@Tag("slow")
@Tag("emulated")
class GuardsTest {
  @TempDir static Path directory;

  @TestFactory
  Stream<DynamicTest> whateverHappensEndsTheTransferIn100Ms() throws Exception {
    // A first transfer and a first exception load classes, which must not be timed.
    for (GuardCase guardCase : GuardCase.all()) {
      if (guardCase.pace() == GuardCase.Pace.STALLED && guardCase.act() == Act.INTERRUPT) {
        GuardRun.sluice(guardCase, directory);
      }
    }
    return GuardCase.all().stream()
        .map(
            guardCase ->
                dynamicTest(
                    guardCase.toString(),
                    () -> {
                      TimeLimit begun = TimeLimit.begin();
                      assertKept(guardCase, GuardRun.sluice(guardCase, directory), begun);
                    }));
  }

  private static void assertKept(GuardCase guardCase, GuardOutcome outcome, TimeLimit begun) {
    String told = outcome.toString();
    assertFalse(outcome.hung(), told);
    begun.assertWithin(outcome.transferMillis(), told);
    begun.assertWithin(outcome.actorMillis(), told);
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

  @AfterAll
  static void noThreadIsLeftBehind() throws InterruptedException {
    List<String> left = List.of();
    for (int i = 0; i < 50; i++) {
      left =
          Thread.getAllStackTraces().keySet().stream()
              .map(Thread::getName)
              .filter(name -> name.startsWith("sluice") || name.equals("guarded"))
              .toList();
      if (left.isEmpty()) {
        return;
      }
      Thread.sleep(20);
    }
    assertEquals(List.of(), left);
  }
}
