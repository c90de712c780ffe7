package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.tests.channel.GuardCase.Act;
import dev.sluice.tests.channel.GuardCase.Flow;
import dev.sluice.tests.support.ThreadKind;
import dev.sluice.tests.support.VirtualThreads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every flow that waits ends by a close and by an interrupt, on threads of both sorts, many at a
 * time. {@link GuardsTest} plays each mechanism and pace, one at a time, and measures when.
 */
public class EveryFlowEndsTest {
  private static final int AT_A_TIME = 8;
  private static final int ATTEMPTS = 5;

  @TempDir Path directory;

  @Test
  void byACloseAndByAnInterrupt() throws Exception {
    // What the library does at its first use is no part of the time that a transfer takes to end.
    assertTrue(Sluice.isAvailable(), Sluice::diagnostics);
    ExecutorService players = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (GuardCase each : cases()) {
        Path own = Files.createDirectory(directory.resolve("case" + ends.size()));
        ends.add(
            players.submit(
                () -> {
                  GuardChecks.assertKept(each, play(each, own));
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      players.shutdownNow();
    }
  }

  /** Plays a case again where the close came before the transfer had begun. */
  private static GuardOutcome play(GuardCase guardCase, Path own) throws Exception {
    for (int attempt = 1; ; attempt++) {
      GuardOutcome outcome = GuardRun.sluice(guardCase, own);
      if (!outcome.end().equals("ClosedChannelException") || attempt == ATTEMPTS) {
        return outcome;
      }
    }
  }

  private static List<GuardCase> cases() {
    List<GuardCase> cases = new ArrayList<>();
    for (ThreadKind carried : ThreadKind.values()) {
      for (Flow flow : Flow.values()) {
        for (Act act : List.of(Act.CLOSE_SOURCE, Act.CLOSE_TARGET, Act.INTERRUPT)) {
          // Nothing stalls two files.
          boolean isPlayed = carried == ThreadKind.PLATFORM || VirtualThreads.ARE_THERE;
          if (isPlayed && !flow.isBetweenFiles()) {
            cases.add(new GuardCase(Mechanism.AUTO, flow, GuardCase.stalling(flow), act, carried));
          }
        }
      }
    }
    return cases;
  }
}
