package dev.sluice.tests.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is done to a transfer, its sum is right: two minutes of random scenarios, with system
 * calls as they are and bent, with the JDK's internals and without. {@code ./gradlew chaos} plays
 * for longer.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChaosTest {
  private static final long FIXED = 2_026_000;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void everySumIsRightForFixedSeeds(int family) throws Exception {
    assertHolds(ChildSetup.seed(FIXED, family), 18_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void everySumIsRightForAFreshSeed(int family) throws Exception {
    assertHolds(ChildSetup.seed(new Random().nextLong(), family), 12_000);
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
