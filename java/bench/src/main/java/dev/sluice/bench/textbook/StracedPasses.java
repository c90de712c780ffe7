package dev.sluice.bench.textbook;

import dev.sluice.Sluice;
import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.count.Strace;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The process that {@link Strace} follows. It makes passes by each implementation of a direction,
 * between marks.
 */
public final class StracedPasses {
  /** The first passes load classes and what else they meet first. */
  private static final int FIRST_PASSES = 2;

  /** Stands in a mark between the name of the implementation and the number of the pass. */
  private static final char PASS = '#';

  private StracedPasses() {}

  /** The system calls of each pass of each implementation that could make one, by its name. */
  public static Map<String, List<List<SystemCall>>> of(Direction direction, Path privateCopy)
      throws IOException {
    Map<String, List<List<SystemCall>>> passes = new HashMap<>();
    Strace.of(StracedPasses.class, List.of(direction.name(), privateCopy.toString()))
        .forEach(
            (mark, calls) ->
                passes
                    .computeIfAbsent(
                        mark.substring(0, mark.lastIndexOf(PASS)), name -> new ArrayList<>())
                    .add(calls));
    return passes;
  }

  /** The main method of that process. Its arguments are the direction and the file. */
  public static void main(String[] arguments) throws IOException {
    NativeLibrary.load();
    Direction direction = Direction.valueOf(arguments[0]);
    Path file = Path.of(arguments[1]);
    RoundSize once = TextbookPass.once(Files.size(file));
    for (Implementation implementation :
        TextbookPass.implementations(direction, Sluice.isAvailable())) {
      try (TextbookPass pass = TextbookPass.open(direction, implementation, file)) {
        for (int i = 0; i < FIRST_PASSES; i++) {
          pass.usage(once);
        }
        for (int i = 0; i < TextbookTable.PASSES; i++) {
          marked(implementation.name() + PASS + i, pass, once);
        }
      } catch (IOException | RuntimeException | LinkageError e) {
        // An implementation that cannot do it here has no pass to look at; the table says why.
        continue;
      }
    }
    System.exit(0);
  }

  private static void marked(String name, TextbookPass pass, RoundSize once) throws IOException {
    pass.fixture().begin(once);
    mark(pass.fixture(), () -> Strace.begin(name));
    pass.move(once);
    mark(pass.fixture(), () -> Strace.end(name));
    pass.fixture().finish();
    pass.fixture().tidy();
  }

  private static void mark(Fixture fixture, Runnable mark) throws IOException {
    fixture.inWorker(
        () -> {
          mark.run();
          return null;
        });
  }
}
