package dev.sluice.tests.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** Ranges of a file that are moved within it, and the file. */
abstract class OverlapFixture {
  static final int MIB = 1 << 20;
  static final long HANGS_MILLIS = 5_000;

  /** Ranges in a file: its size, the source's offset, the target's, the count. */
  record Range(int size, int from, int to, int count) {
    static Range within(int from, int to, int count) {
      return new Range(Math.max(from, to) + count, from, to, count);
    }

    int moved() {
      return Math.min(count, size - from);
    }

    boolean overlaps() {
      return Math.abs(from - to) < moved();
    }
  }

  @TempDir Path directory;

  /** Bytes that repeat only after the distances of the cases. */
  static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  void deleteAll() throws IOException {
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }
}
