package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.tests.channel.GuardCase.Act;
import dev.sluice.tests.support.TimeLimit;
import java.nio.file.Path;
import java.util.List;
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
    GuardChecks.assertKept(guardCase, outcome);
    begun.assertWithin(outcome.transferMillis(), outcome.toString());
    begun.assertWithin(outcome.actorMillis(), outcome.toString());
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
