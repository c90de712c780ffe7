package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.Sparse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A source that another thread changes while it is copied, by every way that the bytes take. */
@Tag("both-guards")
class CopyChangingTest {
  private static final int MIB = 1 << 20;
  private static final int ROUNDS = 20;

  /** No file gets longer. */
  private static final long LONGEST = 256L * MIB;

  @TempDir Path directory;

  private interface Change {
    void run(FileChannel file) throws IOException;
  }

  @ParameterizedTest
  @CsvSource({"AUTO, AUTO", "NEVER, AUTO", "AUTO, ALWAYS", "NEVER, NEVER"})
  void aLogThatIsWrittenForEverIsCopiedAndNotChased(Reflink reflink, Sparse sparse)
      throws Exception {
    Path source = ones(MIB);
    ByteBuffer more = ByteBuffer.wrap(filled(64 << 10));
    Change append =
        file -> {
          if (file.size() < LONGEST) {
            file.write(more.clear(), file.size());
          }
        };
    whileChanging(
        source,
        append,
        () -> {
          long before = Files.size(source);
          Path target = copied(source, reflink, sparse);
          long after = Files.size(source);
          long size = Files.size(target);
          assertTrue(before <= size && size <= after, before + " " + size + " " + after);
          assertEquals(-1, firstOther(target));
        });
  }

  @ParameterizedTest
  @CsvSource({"AUTO, AUTO", "NEVER, AUTO", "AUTO, ALWAYS", "NEVER, NEVER"})
  void aFileThatShrinksIsCopiedToAnEndThatItHad(Reflink reflink, Sparse sparse) throws Exception {
    Random random = new Random(8);
    for (int round = 0; round < ROUNDS; round++) {
      Path source = ones(4 * MIB);
      int end = random.nextInt(4 * MIB);
      long due = System.nanoTime() + random.nextInt(4_000_000);
      AtomicBoolean cut = new AtomicBoolean();
      Change shrink =
          file -> {
            if (!cut.get() && System.nanoTime() >= due) {
              file.truncate(end);
              cut.set(true);
            }
          };
      whileChanging(
          source,
          shrink,
          () -> {
            Path target = copied(source, reflink, sparse);
            long size = Files.size(target);
            assertTrue(end <= size && size <= 4 * MIB, end + " " + size);
            assertEquals(-1, firstOther(target));
          });
      Files.delete(source);
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void whileChanging(Path source, Change change, Work work) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread changer =
        new Thread(
            () -> {
              try (FileChannel file = FileChannel.open(source, StandardOpenOption.WRITE)) {
                while (!over.get()) {
                  change.run(file);
                }
              } catch (IOException e) {
                failure.set(e);
              }
            });
    changer.start();
    try {
      work.run();
    } finally {
      over.set(true);
      changer.join();
    }
    assertEquals(null, failure.get());
  }

  private Path copied(Path source, Reflink reflink, Sparse sparse) throws IOException {
    Path target = directory.resolve("target");
    Sluice.copy(source, target, reflink, sparse, StandardCopyOption.REPLACE_EXISTING);
    return target;
  }

  private Path ones(int size) throws IOException {
    return Files.write(directory.resolve("source"), filled(size));
  }

  private static byte[] filled(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }

  /** Where a file has a byte that nobody wrote, or -1. */
  private static long firstOther(Path file) throws IOException {
    byte[] expected = filled(MIB);
    try (var in = Files.newInputStream(file)) {
      for (long at = 0; ; ) {
        byte[] found = in.readNBytes(MIB);
        int other = Arrays.mismatch(found, 0, found.length, expected, 0, found.length);
        if (other >= 0) {
          return at + other;
        }
        if (found.length < MIB) {
          return -1;
        }
        at += found.length;
      }
    }
  }
}
