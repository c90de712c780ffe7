package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.TransferReport;
import dev.sluice.tests.support.FileSystemKind;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Windows serve file systems that copy. Those that share extents do so first. */
@Tag("any-jdk")
class WindowsTest {
  private static final int SIZE = 20 << 20;

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> aFileSystemThatSharesExtentsIsAskedForThatFirst() {
    return Map.of(
            FileSystemKind.XFS, Mechanism.COPY_FILE_RANGE,
            FileSystemKind.BTRFS, Mechanism.COPY_FILE_RANGE,
            FileSystemKind.XFS_WITHOUT_REFLINK, Mechanism.MMAP_WRITE)
        .entrySet()
        .stream()
        .map(
            entry ->
                dynamicTest(
                    entry.getKey().toString(), () -> goesBy(entry.getKey(), entry.getValue())));
  }

  private void goesBy(FileSystemKind fileSystem, Mechanism mechanism) throws Exception {
    byte[] content = new byte[SIZE];
    new Random(5).nextBytes(content);
    Path parent = Files.createTempDirectory(directory, "store");
    try (FileSystemKind.Place place = fileSystem.in(parent)) {
      Path from = Files.write(place.resolve("from"), content);
      Path to = place.resolve("to");
      try (FileChannel source = FileChannel.open(from);
          FileChannel target =
              FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        TransferReport report = Sluice.explainTransferFrom(target, source, 0, SIZE);
        assertEquals(SIZE, report.bytes(), report.toString());
        assertEquals(mechanism, report.steps().get(0).mechanism(), report.toString());
        assertEquals(SIZE, report.steps().get(0).bytes(), report.toString());
      }
      assertEquals(-1, Files.mismatch(from, to));
    }
  }
}
