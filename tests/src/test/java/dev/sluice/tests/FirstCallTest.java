package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Sluice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a program calls first finds the library loaded, or goes on without it. */
class FirstCallTest {
  private static final int SIZE = 1000;

  @TempDir Path directory;

  private enum First {
    TRANSFER_TO,
    TRANSFER_FROM,
    TRANSFER,
    EXPLAIN_TRANSFER_TO,
    EXPLAIN_TRANSFER_FROM;

    long run(FileChannel source, FileChannel target) throws IOException {
      return switch (this) {
        case TRANSFER_TO -> Sluice.transferTo(source, 0, SIZE, target);
        case TRANSFER_FROM -> Sluice.transferFrom(target, source, 0, SIZE);
        case TRANSFER -> Sluice.transfer(source, target, SIZE);
        case EXPLAIN_TRANSFER_TO -> Sluice.explainTransferTo(source, 0, SIZE, target).bytes();
        case EXPLAIN_TRANSFER_FROM -> Sluice.explainTransferFrom(target, source, 0, SIZE).bytes();
      };
    }
  }

  /** Arguments: what is called first, and two files. */
  static final class Caller {
    public static void main(String[] arguments) throws IOException {
      try (FileChannel source = FileChannel.open(Path.of(arguments[1]));
          FileChannel target = FileChannel.open(Path.of(arguments[2]), StandardOpenOption.WRITE)) {
        System.out.println("moved " + First.valueOf(arguments[0]).run(source, target));
        System.out.println("available " + Sluice.isAvailable());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> everyMethodMayBeTheFirst() {
    List<DynamicTest> tests = new ArrayList<>();
    for (First first : First.values()) {
      for (boolean available : new boolean[] {true, false}) {
        String name = first + (available ? "" : " without the library");
        tests.add(dynamicTest(name, () -> check(first, available)));
      }
    }
    return tests.stream();
  }

  private void check(First first, boolean available) throws Exception {
    try (Ends ends = new Ends(directory)) {
      Path source = ends.path("source", Parity.CONTENT);
      Path target = ends.path("target", new byte[0]);
      ChildJvm child = new ChildJvm();
      if (!available) {
        child.with("-Ddev.sluice.library.path=" + directory.resolve("missing.so"));
      }
      ChildJvm.Result result =
          child.run(Caller.class, first.name(), source.toString(), target.toString());
      assertEquals("moved " + SIZE + "\navailable " + available + "\n", result.output());
      assertEquals(SIZE, Files.size(target));
    }
  }
}
