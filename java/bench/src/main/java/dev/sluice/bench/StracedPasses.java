package dev.sluice.bench;

import dev.sluice.Sluice;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The process that {@link Strace} follows: a pass of each implementation of a direction, marked.
 */
final class StracedPasses {
  private static final int PASSES = 3;

  private StracedPasses() {}

  /** The system calls of each implementation by its name; of those that could do it. */
  static Map<String, List<SystemCall>> of(Direction direction, Path privateCopy)
      throws IOException {
    return Strace.of(StracedPasses.class, List.of(direction.name(), privateCopy.toString()));
  }

  /** Arguments: the direction, the file. */
  public static void main(String[] arguments) throws IOException {
    Native.load();
    Direction direction = Direction.valueOf(arguments[0]);
    Path file = Path.of(arguments[1]);
    RoundSize once = TextbookTable.once(Files.size(file));
    for (Implementation implementation :
        TextbookTable.implementations(direction, Sluice.isAvailable())) {
      try (Fixture fixture = TextbookTable.open(direction, implementation, file)) {
        Loop loop =
            implementation.ownFixture() == null ? implementation.loops().get() : (Loop) fixture;
        // What the first of these loads, classes and all, is forgotten with it.
        for (int pass = 0; pass < PASSES; pass++) {
          marked(implementation.name(), fixture, loop, once);
        }
      } catch (IOException | RuntimeException | LinkageError e) {
        // Who cannot do it here has no pass to look at; the table says why.
        continue;
      }
    }
    System.exit(0);
  }

  private static void marked(String name, Fixture fixture, Loop loop, RoundSize once)
      throws IOException {
    fixture.begin(once);
    mark(fixture, () -> Strace.begin(name));
    TextbookTable.move(fixture, loop, once);
    mark(fixture, () -> Strace.end(name));
    fixture.finish();
    fixture.tidy();
  }

  private static void mark(Fixture fixture, Runnable mark) throws IOException {
    fixture.inWorker(
        () -> {
          mark.run();
          return null;
        });
  }
}
