package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.TransferReport;
import dev.sluice.tests.support.FileSystemKind;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Windows are tried where file systems copy, and never where they share extents. Which way wins is
 * a matter of time, and not tested here.
 */
@Tag("any-jdk")
@Tag("both-guards")
class WindowsTest {
  private static final int MIB = 1 << 20;
  private static final int SIZE = 11 * MIB + 4321;

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> bytesAreExactWhicheverWayTheyGo() {
    return Stream.of(FileSystemKind.XFS, FileSystemKind.BTRFS, FileSystemKind.XFS_WITHOUT_REFLINK)
        .map(kind -> dynamicTest(kind.toString(), () -> areExact(kind)));
  }

  private void areExact(FileSystemKind fileSystem) throws Exception {
    byte[] content = new byte[SIZE];
    new Random(5).nextBytes(content);
    Path parent = Files.createTempDirectory(directory, "store");
    try (FileSystemKind.Place place = fileSystem.in(parent)) {
      Path from = Files.write(place.resolve("from"), content);
      Path to = place.resolve("to");
      try (FileChannel source = FileChannel.open(from);
          FileChannel target =
              FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        boolean copies = fileSystem == FileSystemKind.XFS_WITHOUT_REFLINK;
        TransferReport report = Sluice.explainTransferFrom(target, source, 0, SIZE);
        assertEquals(SIZE, report.bytes(), report.toString());
        assertEquals(copies, bytesByWindows(report) > 0, report.toString());
        assertEquals(-1, Files.mismatch(from, to));
        for (int call = 0; call < 10; call++) {
          target.position(0);
          report = Sluice.explainTransferTo(source, MIB, MIB, target);
          assertEquals(MIB, report.bytes(), report.toString());
          assertEquals(MIB, bytes(report), report.toString());
          assertTrue(copies || bytesByWindows(report) == 0, report.toString());
        }
      }
      byte[] moved = Arrays.copyOf(Files.readAllBytes(to), MIB);
      assertArrayEquals(Arrays.copyOfRange(content, MIB, 2 * MIB), moved);
    }
  }

  @TestFactory
  Stream<DynamicTest> aSourceThatShrinksEndsTheTransferWithoutAnError() {
    return Stream.of(0, 100, 2 * MIB + 100, 8 * MIB)
        .map(end -> dynamicTest(end + " bytes are left", () -> shrinks(end)));
  }

  private void shrinks(int end) throws Exception {
    Path from = Files.write(directory.resolve("from"), new byte[SIZE]);
    Path to = directory.resolve("to");
    try (FileChannel source =
            FileChannel.open(from, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileChannel target =
            FileChannel.open(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      Thread truncates =
          new Thread(
              () -> {
                try {
                  source.truncate(end);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      truncates.start();
      long bytes = Sluice.transferTo(source, 0, SIZE, target);
      truncates.join();
      assertTrue(bytes >= 0 && bytes <= SIZE, bytes + " bytes");
      assertEquals(bytes, target.size());
    }
  }

  private static long bytesByWindows(TransferReport report) {
    return report.steps().stream()
        .filter(step -> step.mechanism() == Mechanism.MMAP_WRITE)
        .mapToLong(TransferReport.Step::bytes)
        .sum();
  }

  private static long bytes(TransferReport report) {
    return report.steps().stream().mapToLong(TransferReport.Step::bytes).sum();
  }
}
