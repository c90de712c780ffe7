package dev.sluice.tests.mapping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** A file of random bytes for each test, and the same bytes in an array. */
abstract class RandomFileFixture {
  static final int SIZE = 10_000;

  @TempDir Path directory;

  final byte[] content = new byte[SIZE];

  Path file() throws IOException {
    new Random(1).nextBytes(content);
    return Files.write(Files.createTempFile(directory, "file", ".bin"), content);
  }
}
