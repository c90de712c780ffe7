package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.TransferReport;
import dev.sluice.TransferReport.Step;
import dev.sluice.tests.support.FileSystemKind;
import dev.sluice.tests.support.FuseMount;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The refusal of one file says nothing about its neighbours: their transfers still use the first
 * mechanism.
 */
@Tag("both-guards")
class OneFilesRefusalTest {
  /** Refusals are remembered from 1 MiB on. */
  private static final int SIZE = 2 << 20;

  private static final byte[] CONTENT = new byte[SIZE];

  static {
    new Random(8).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> aTargetThatMayNotBeWrittenSlowsNoOther() {
    return Stream.of(FileSystemKind.TEMPORARY, FileSystemKind.XFS, FileSystemKind.BTRFS)
        .flatMap(
            fileSystem ->
                Stream.of("i", "a")
                    .map(
                        attribute ->
                            dynamicTest(
                                fileSystem + ", chattr +" + attribute,
                                () -> attributeSlowsNoOther(fileSystem, attribute))));
  }

  private void attributeSlowsNoOther(FileSystemKind fileSystem, String attribute) throws Exception {
    Tools.assumeRoot();
    Tools.assumeTool("chattr");
    Path parent = Files.createTempDirectory(directory, "store");
    try (FileSystemKind.Place place = fileSystem.in(parent)) {
      Path from = Files.write(place.resolve("from"), CONTENT);
      // More than one, as a directory of them would be.
      for (String name : List.of("one", "two", "three")) {
        refusedByAttribute(from, place.resolve(name), attribute);
      }
      assertNotSlowed(from, place.resolve("healthy"));
    }
  }

  /**
   * XFS and btrfs still write through a descriptor that was open before, and so a later rung may.
   */
  private static void refusedByAttribute(Path from, Path to, String attribute) throws Exception {
    Path otherFrom = Files.copy(from, to.resolveSibling(to.getFileName() + " from"));
    try (FileChannel source = FileChannel.open(otherFrom);
        FileChannel target = create(to)) {
      Process chattr = new ProcessBuilder("chattr", "+" + attribute, to.toString()).start();
      assumeTrue(chattr.waitFor() == 0, "needs a file system with attributes");
      try {
        assertEquals(SIZE, Sluice.transferTo(source, 0, SIZE, target));
      } catch (IOException e) {
        assertEquals("Operation not permitted (EPERM in transfer)", e.getMessage());
      } finally {
        Tools.run("chattr", "-" + attribute, to.toString());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> aFileThatItsFuseServerForbidsSlowsNoOther() {
    return Stream.of("EPERM=1", "ENOENT=2", "EIO=5", "EBADF=9", "EAGAIN=11", "EACCES=13")
        .map(errno -> errno.split("="))
        .map(errno -> dynamicTest(errno[0], () -> fuseServerForbids(errno[1])));
  }

  private void fuseServerForbids(String errno) throws Exception {
    try (FuseMount mount = FuseMount.at(Files.createTempDirectory(directory, "fuse"))) {
      Path from = Files.write(mount.resolve("from"), CONTENT);
      for (String name : List.of("one", "two", "three")) {
        Path otherFrom = Files.write(mount.resolve("from of " + name), CONTENT);
        Path forbidden = mount.resolve(name + ".copy_file_range=" + errno);
        TransferReport report = explained(otherFrom, forbidden);
        assertEquals(SIZE, report.bytes(), report.toString());
        assertEquals(Mechanism.COPY_FILE_RANGE, report.steps().get(0).mechanism());
        assertEquals(-1, Files.mismatch(from, forbidden));
      }
      assertNotSlowed(from, mount.resolve("healthy"));
    }
  }

  /** The layers of an overlay are several file systems, though it tells one device for them all. */
  @Test
  void aFileOfALowerLayerSlowsNoneOfTheUpperOne() throws Exception {
    try (Tools.Mount lower = tmpfs("lower");
        Tools.Mount upper = tmpfs("upper")) {
      List<String> names = List.of("one", "two", "three");
      for (String name : names) {
        Files.write(lower.folder().resolve(name), CONTENT);
      }
      String layers =
          "lowerdir=%s,upperdir=%s,workdir=%s,xino=on"
              .formatted(
                  lower.folder(),
                  Files.createDirectory(upper.folder().resolve("data")),
                  Files.createDirectory(upper.folder().resolve("work")));
      Path folder = Files.createDirectory(directory.resolve("merged"));
      try (Tools.Mount merged = Tools.Mount.of(folder, "overlay", layers)) {
        for (String name : names) {
          Path to = merged.folder().resolve("to " + name);
          TransferReport report = explained(merged.folder().resolve(name), to);
          assertEquals(SIZE, report.bytes(), report.toString());
          assertEquals("EXDEV", report.steps().get(0).refused(), report.toString());
        }
        Path from = Files.write(merged.folder().resolve("from"), CONTENT);
        assertNotSlowed(from, merged.folder().resolve("healthy"));
      }
    }
  }

  private Tools.Mount tmpfs(String name) throws Exception {
    return Tools.Mount.of(Files.createDirectory(directory.resolve(name)), "tmpfs", "size=50m");
  }

  @Test
  void aFuseServerThatCannotNowIsAFailureAndNotAnEnd() throws Exception {
    try (FuseMount mount = FuseMount.at(Files.createDirectory(directory.resolve("fuse")))) {
      Path from = Files.write(mount.resolve("from"), CONTENT);
      Path to = mount.resolve("to.copy_file_range=11.write=11");
      try (FileChannel source = FileChannel.open(from);
          FileChannel target = FileChannel.open(to, StandardOpenOption.WRITE)) {
        for (long count : new long[] {1000, SIZE}) {
          IOException e =
              assertThrows(IOException.class, () -> Sluice.transferTo(source, 0, count, target));
          assertEquals("Resource temporarily unavailable (EAGAIN in transfer)", e.getMessage());
        }
      }
    }
  }

  @Test
  void aFuseServerThatHasDiedIsAnIoException() throws Exception {
    try (FuseMount mount = FuseMount.at(Files.createDirectory(directory.resolve("fuse")))) {
      Path from = Files.write(mount.resolve("from.direct"), CONTENT);
      FileChannel source = FileChannel.open(from);
      try (FileChannel target = create(directory.resolve("to"))) {
        mount.crash();
        IOException e =
            assertThrows(IOException.class, () -> Sluice.transferFrom(target, source, 0, 1000));
        assertEquals("Transport endpoint is not connected (ENOTCONN in transfer)", e.getMessage());
      } finally {
        // The server is told of a close as well.
        assertThrows(IOException.class, source::close);
      }
    }
  }

  private static void assertNotSlowed(Path from, Path to) throws IOException {
    TransferReport report = explained(from, to);
    assertEquals(SIZE, report.bytes(), report.toString());
    List<Step> steps = report.steps();
    boolean isFirstAlone =
        steps.size() == 1 && steps.get(0).mechanism() == Mechanism.COPY_FILE_RANGE;
    assertTrue(isFirstAlone, report.toString());
    assertEquals(-1, Files.mismatch(from, to));
  }

  private static TransferReport explained(Path from, Path to) throws IOException {
    try (FileChannel source = FileChannel.open(from);
        FileChannel target = create(to)) {
      return Sluice.explainTransferTo(source, 0, SIZE, target);
    }
  }

  private static FileChannel create(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
