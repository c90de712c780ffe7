package dev.sluice.tests.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The sum of a relay is right, also where system calls are cut short, refused and interrupted. */
@Tag("both-guards")
class RelayChaosTest {
  private static final int RELAYS = 60;

  @TestFactory
  Stream<DynamicTest> everySumIsRight() {
    String library = System.getProperty("dev.sluice.tests.chaos", "");
    long seed = new Random().nextLong() >>> 1;
    return ConcurrentCases.of(
        Stream.of("calls as they are", "bent calls", "buffers"),
        how -> {
          ChildJvm child = new ChildJvm();
          switch (how) {
            case "bent calls" -> {
              assumeTrue(Files.exists(Path.of(library)), "needs the library that cargo builds");
              child.under(
                  "env",
                  "LD_PRELOAD=" + library,
                  "SLUICE_CHAOS=seed=" + seed + ",short=250,eintr=60,eagain=60,delay=20,refuse=60");
            }
            case "buffers" -> child.with("-Ddev.sluice.library.path=/missing");
            default -> {}
          }
          ChildJvm.Result result =
              child.run(RandomRelays.class, String.valueOf(seed), String.valueOf(RELAYS));
          assertEquals(0, result.exit(), "seed " + seed + ": " + result.output());
        });
  }
}
