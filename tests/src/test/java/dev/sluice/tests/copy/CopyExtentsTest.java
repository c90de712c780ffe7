package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.Sparse;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.FileSystemKind;
import dev.sluice.tests.support.FolderWithoutSharing;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holes and shared extents, on file systems that have them and on those that have not. */
@Tag("any-jdk")
class CopyExtentsTest {
  private static final int MIB = 1 << 20;

  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

  @ParameterizedTest
  @EnumSource
  void holesAreKeptUnlessOneAsksForMoreOrNone(FileSystemKind fileSystem) throws Exception {
    try (FileSystemKind.Place place = fileSystem.in(directory)) {
      Path source = withHoles(place.resolve("source"));
      long taken = taken(source);
      assertTrue(taken < 10L * MIB, "the source takes " + taken);
      for (Reflink reflink : List.of(Reflink.AUTO, Reflink.NEVER)) {
        assertTrue(takenByCopy(source, reflink) <= taken);
        assertTrue(takenByCopy(source, reflink, Sparse.AUTO) <= taken);
        // Its block of zeros is as large as this.
        assertTrue(takenByCopy(source, reflink, Sparse.ALWAYS) <= taken - MIB);
        assertTrue(takenByCopy(source, reflink, Sparse.NEVER) >= Files.size(source));
      }
    }
  }

  /** XFS allocates ahead of writes: a hole that follows much data is where that shows. */
  @ParameterizedTest
  @EnumSource
  void theSpaceThatIsAllocatedAheadOfWritesIsNotLeftInHoles(FileSystemKind fileSystem)
      throws Exception {
    try (FileSystemKind.Place place = fileSystem.in(directory)) {
      Path source = place.resolve("source");
      try (FileChannel file = newFile(source)) {
        file.write(random(16 * MIB, 1), 0);
        file.write(random(MIB, 2), 40 * MIB);
        file.force(true);
      }
      long taken = taken(source);
      assertTrue(takenByCopy(source, Reflink.NEVER) <= taken);
      assertTrue(takenByCopy(source, Reflink.NEVER, Sparse.ALWAYS) <= taken);
    }
  }

  @ParameterizedTest
  @EnumSource
  void randomFilesAreCopiedToTheByteByEveryPolicy(FileSystemKind fileSystem) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (FileSystemKind.Place place = fileSystem.in(directory)) {
      for (int round = 0; round < 8; round++) {
        Path source = place.resolve("source" + round);
        try (FileChannel file = newFile(source)) {
          for (int pieces = random.nextInt(40); pieces > 0; pieces--) {
            ByteBuffer data = random(1 + random.nextInt(100_000), random.nextInt());
            if (random.nextInt(3) == 0) {
              data = ByteBuffer.allocate(data.capacity());
            }
            file.write(data, random.nextInt(4 * MIB));
          }
        }
        for (Reflink reflink : List.of(Reflink.AUTO, Reflink.NEVER)) {
          for (Sparse sparse : Sparse.values()) {
            Path target = place.resolve("target");
            Sluice.copy(source, target, reflink, sparse, StandardCopyOption.REPLACE_EXISTING);
            assertEquals(
                -1, Files.mismatch(source, target), reflink + " " + sparse + ", seed " + seed);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void extentsAreSharedAsFarAsOneAsks(FileSystemKind fileSystem) throws Exception {
    Tools.assumeTool("filefrag");
    try (FileSystemKind.Place place = fileSystem.in(directory)) {
      Path source = place.resolve("source");
      try (FileChannel file = newFile(source)) {
        file.write(random(3 * MIB + 17, 3), 0);
        file.force(true);
      }
      assertEquals(fileSystem.shares, isShared(copy(source, "auto", Reflink.AUTO)));
      assertEquals(fileSystem.shares, isShared(copy(source, "default")));
      if (fileSystem.shares) {
        assertTrue(isShared(copy(source, "always", Reflink.ALWAYS)));
      } else {
        assertThrows(
            UnsupportedMechanismException.class, () -> copy(source, "always", Reflink.ALWAYS));
        assertTrue(Files.notExists(place.resolve("always")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void reflinkNeverSharesNothing(FileSystemKind fileSystem) throws Exception {
    Tools.assumeTool("filefrag");
    try (FileSystemKind.Place place = fileSystem.in(directory)) {
      Path source = withHoles(place.resolve("source"));
      for (Sparse sparse : Sparse.values()) {
        Path target = copy(source, "never" + sparse, Reflink.NEVER, sparse);
        assertTrue(!isShared(target) && !isShared(source), sparse.toString());
      }
      // Nor does a policy that cannot be had with shared extents.
      assertTrue(!isShared(copy(source, "filled", Sparse.NEVER)));
      assertTrue(!isShared(copy(source, "dug", Sparse.ALWAYS)));
    }
  }

  @Test
  void aRefusalToShareSaysWhatCanBeDone() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("small"));
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "size=1m")) {
      Path source = Files.writeString(mount.folder().resolve("source"), "content");
      assertNotShared(
          source,
          folder.resolve("target"),
          "REFLINK: ioctl(FICLONERANGE): EOPNOTSUPP"
              + " (tmpfs cannot share extents; use XFS or btrfs, or Reflink.AUTO)");
      assertNotShared(
          source,
          directory.resolve("target"),
          "REFLINK: ioctl(FICLONERANGE): EXDEV (the files lie on two file systems, tmpfs and "
              + Files.getFileStore(directory).type()
              + "; copy within one, or use Reflink.AUTO)");
    }
  }

  private static void assertNotShared(Path source, Path target, String message) {
    UnsupportedMechanismException e =
        assertThrows(
            UnsupportedMechanismException.class, () -> Sluice.copy(source, target, Reflink.ALWAYS));
    assertEquals(message, e.getMessage());
    assertTrue(Files.notExists(target));
  }

  @Test
  void optionsThatContradictEachOtherAreRefused() {
    Path path = directory.resolve("file");
    for (CopyOption[] options :
        List.of(
            new CopyOption[] {Reflink.ALWAYS, Sparse.NEVER},
            new CopyOption[] {Sparse.ALWAYS, Reflink.ALWAYS},
            new CopyOption[] {Reflink.AUTO, Reflink.NEVER},
            new CopyOption[] {Sparse.ALWAYS, Sparse.NEVER})) {
      assertThrows(IllegalArgumentException.class, () -> Sluice.copy(path, path, options));
    }
  }

  @Test
  void threeGiBOfHolesTakeNoTimeAndNoSpace() throws Exception {
    Path source = directory.resolve("source");
    try (FileChannel file = newFile(source)) {
      file.write(random(4096, 4), MIB);
      file.write(random(4096, 5), (3L << 30) - 4096);
    }
    assumeTrue(taken(source) < MIB, "needs a file system with holes");
    Path target = directory.resolve("target");
    long start = System.nanoTime();
    Sluice.copy(source, target);
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis < 1000, millis + " ms");
    assertTrue(taken(target) <= taken(source));
    try (FileChannel file = FileChannel.open(target)) {
      assertEquals(3L << 30, file.size());
      assertEquals(random(4096, 4), read(file, MIB));
      assertEquals(random(4096, 5), read(file, (3L << 30) - 4096));
    }
  }

  private static ByteBuffer read(FileChannel file, long position) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4096);
    file.read(bytes, position);
    return bytes.flip();
  }

  /** Data, a hole, a block of zeros, data and a hole at the end. */
  private static Path withHoles(Path path) throws IOException {
    try (FileChannel file = newFile(path)) {
      file.write(random(MIB + 17, 6), 0);
      file.write(ByteBuffer.allocate(MIB), 4 * MIB);
      file.write(random(MIB, 7), 8 * MIB);
    }
    // A FileChannel does not make a file longer without writing.
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(20 * MIB);
      file.getFD().sync();
    }
    return path;
  }

  private static FileChannel newFile(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static ByteBuffer random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static Path copy(Path source, String name, CopyOption... options) throws IOException {
    Path target = source.resolveSibling(name);
    Sluice.copy(source, target, options);
    assertEquals(-1, Files.mismatch(source, target));
    return target;
  }

  private static long takenByCopy(Path source, CopyOption... options) throws Exception {
    Path target = copy(source, "copy", options);
    long taken = taken(target);
    Files.delete(target);
    return taken;
  }

  /** The bytes that a file takes on its file system, all written back. */
  private static long taken(Path path) throws Exception {
    Tools.run("sync", path.toString());
    return 512 * Long.parseLong(Tools.run("stat", "-c", "%b", path.toString()).strip());
  }

  /** Whether the kernel calls an extent of a file shared (FIEMAP_EXTENT_SHARED). */
  private static boolean isShared(Path path) throws Exception {
    Process filefrag = new ProcessBuilder("filefrag", "-s", "-v", path.toString()).start();
    String extents = new String(filefrag.getInputStream().readAllBytes());
    filefrag.waitFor();
    return Stream.of(extents.split("\n")).anyMatch(line -> line.contains("shared"));
  }
}
