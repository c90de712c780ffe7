package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.tests.mapping.RegionRaceMain.Event;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Internals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every access meets a close, a resize or a truncation, in interpreted code and in that of either
 * compiler: it answers with a value of the file, or by the exception that is promised, and the JVM
 * lives.
 */
@Tag("both-guards")
@Tag("slow")
class RegionRaceTest {
  private static final Map<String, List<String>> CODE =
      new TreeMap<>(
          Map.of(
              "interpreted", List.of("-Xint"),
              "first compiler", List.of("-XX:TieredStopAtLevel=1"),
              "second compiler", List.of("-XX:-TieredCompilation", "-Xbatch")));

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> anAccessThatMeetsAClose() {
    return underAll(Event.CLOSE, "READ_WRITE", 80);
  }

  @TestFactory
  Stream<DynamicTest> anAccessThatMeetsAResize() {
    return underAll(Event.RESIZE, "READ_WRITE", 80);
  }

  @TestFactory
  Stream<DynamicTest> anAccessThatMeetsATruncation() {
    return underAll(Event.TRUNCATE, "READ_WRITE", 80);
  }

  private Stream<DynamicTest> underAll(Event event, String mode, int rounds) {
    return CODE.entrySet().stream()
        .map(
            code ->
                dynamicTest(
                    code.getKey(), () -> run(directory, event, mode, rounds, code.getValue())));
  }

  /** One race, in a JVM of its own. */
  static void run(Path directory, Event event, String mode, int rounds, List<String> options)
      throws Exception {
    // Fewer where everything is slow: by the fallback, and in interpreted code.
    boolean isFallback = Internals.areOff();
    int played = isFallback ? rounds / 4 : options.contains("-Xint") ? rounds / 2 : rounds;
    Path log = directory.resolve("hs_err.log");
    ChildJvm child =
        new ChildJvm()
            .optimizing()
            .with(options.toArray(new String[0]))
            .with("-ea", "-Xmx256m", "-XX:ErrorFile=" + log);
    // No handler of ours can be set there, which alone saves an exchange in a truncated file.
    child = event == Event.TRUNCATE ? child.unchecked() : child;
    String[] arguments = {"" + directory, "" + event, mode, "" + played};
    ChildJvm.Result result = child.run(RegionRaceMain.class, arguments);
    assertEquals(0, result.exit(), Arrays.toString(arguments) + ": " + result.output());
    assertTrue(Files.notExists(log), result.output());
  }
}
