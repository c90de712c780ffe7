package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tests.support.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/**
 * Main classes that use a region, each in a JVM of its own, which has to end well: without a crash
 * and without having seen a byte of another file.
 */
abstract class RegionProcessFixture {
  static final int SIZE = 1 << 20;
  static final long VALUE = 0x5a5a5a5a5a5a5a5aL;

  @TempDir Path directory;

  void run(Class<?> main, List<String> options, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(0, directory.toString());
    ChildJvm child =
        new ChildJvm()
            .optimizing()
            .with(options.toArray(new String[0]))
            .with("-ea", "-XX:ErrorFile=" + directory.resolve("hs_err.log"));
    ChildJvm.Result result = child.run(main, all.toArray(new String[0]));
    assertEquals(0, result.exit(), result.output());
    assertTrue(Files.notExists(directory.resolve("hs_err.log")), result.output());
  }

  static Path file(Path directory) throws Exception {
    ByteBuffer content = ByteBuffer.allocate(SIZE);
    while (content.hasRemaining()) {
      content.putLong(VALUE);
    }
    return Files.write(Files.createTempFile(directory, "file", ".bin"), content.array());
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
