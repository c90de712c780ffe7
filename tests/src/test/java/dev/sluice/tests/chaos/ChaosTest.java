package dev.sluice.tests.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ConcurrentCases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whatever is done to a transfer, its sum is right: two minutes of random scenarios, with system
 * calls as they are and bent, with the JDK's internals and without. {@code ./gradlew chaos} plays
 * for longer.
 *
 * <p>Scenarios wait most of their time, so that several child JVMs play at a time. {@link
 * Chaos#play} ends a child that hangs.
 */
class ChaosTest {
  private static final long FIXED = 2_026_000;

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> everySumIsRightForFixedSeeds() {
    return ConcurrentCases.of(
        IntStream.range(0, ChildSetup.NUMBER).boxed(),
        family -> assertHolds(ChildSetup.seed(FIXED, family), 18_000));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> everySumIsRightForAFreshSeed() {
    return ConcurrentCases.of(
        IntStream.range(0, ChildSetup.NUMBER).boxed(),
        family -> assertHolds(ChildSetup.seed(new Random().nextLong(), family), 12_000));
  }

  /** An alarm of the model is no false one. */
  @Test
  void theModelAcceptsALoopOverReadAndWrite() throws Exception {
    Chaos.Result result =
        Chaos.play(ChildSetup.seed(new Random().nextLong(), 0), 6000, ChildSetup.STEP, "plain");
    assertTrue(result.holds(), result.output());
  }

  private static void assertHolds(long seed, long millis) throws Exception {
    if (ChildSetup.of(seed).isBent()) {
      String library = System.getProperty("dev.sluice.tests.chaos", "");
      assumeTrue(Files.exists(Path.of(library)), "needs the library that cargo builds");
    }
    Chaos.Result result = Chaos.play(seed, millis, ChildSetup.STEP);
    System.out.print(result.output());
    assertTrue(result.holds(), result.output());
  }
}
