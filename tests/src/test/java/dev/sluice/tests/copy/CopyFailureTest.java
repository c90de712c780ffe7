package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.Sparse;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ThreadKind;
import dev.sluice.tests.support.TimeLimit;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy that fails or is interrupted leaves nothing of itself, and an old target as it was. */
@Tag("both-guards")
@Tag("slow")
class CopyFailureTest {
  private static final int MIB = 1 << 20;

  /** Options by which the bytes take each of their ways. */
  private static final List<List<CopyOption>> WAYS =
      List.of(
          List.of(),
          List.of(Reflink.NEVER),
          List.of(Sparse.NEVER),
          List.of(Sparse.ALWAYS),
          List.of(StandardCopyOption.COPY_ATTRIBUTES));

  @TempDir Path directory;

  private final List<Path> inMemory = new ArrayList<>();

  @AfterEach
  void deleteWhatLiesInMemory() throws IOException {
    for (Path folder : inMemory) {
      for (Path file : content(folder)) {
        Files.delete(file);
      }
      Files.delete(folder);
    }
  }

  /** Each way, to a new target and to one that is replaced. */
  static Stream<Arguments> ways() {
    return WAYS.stream()
        .flatMap(way -> Stream.of(Arguments.of(way, false), Arguments.of(way, true)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aFullDiskLeavesNothingAndTheOldFile(List<CopyOption> way, boolean replace) throws Exception {
    Path source = data(directory.resolve("source"), 3 * MIB);
    Path folder = Files.createDirectory(directory.resolve("small"));
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "size=1m")) {
      Path target = target(mount.folder(), replace);
      Set<Path> before = content(folder);
      FileSystemException e =
          assertThrows(
              FileSystemException.class, () -> Sluice.copy(source, target, options(way, replace)));
      assertTrue(
          e.getReason().matches("No space left on device \\(ENOSPC in \\w+\\)"), e::toString);
      assertEquals(source.toString(), e.getFile());
      assertEquals(target.toString(), e.getOtherFile());
      assertEquals(before, content(folder));
      assertOld(target, replace);
      // The disk has as much free space as before.
      Files.write(folder.resolve("new"), new byte[MIB - 64 * 1024]);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void anInterruptEndsACopyWithin100Ms(List<CopyOption> way, boolean replace) throws Exception {
    interrupt(ThreadKind.PLATFORM, way, replace);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterruptEndsACopyByAVirtualThreadWithin100Ms(boolean replace) throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "needs a JDK with virtual threads");
    interrupt(ThreadKind.VIRTUAL, List.of(), replace);
  }

  private void interrupt(ThreadKind carried, List<CopyOption> way, boolean replace)
      throws Exception {
    Path folder = inMemory();
    Path source = data(folder.resolve("source"), 1 << 30);
    Path target = target(folder, replace);
    Set<Path> before = content(folder);
    AtomicReference<Object> end = new AtomicReference<>();
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    Thread worker =
        carried.start(
            () -> {
              try {
                end.set(Sluice.copy(source, target, options(way, replace)));
              } catch (Throwable e) {
                end.set(e);
              }
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    Path written = awaitBytes(folder, before, worker);
    if (replace) {
      String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(written));
      assertEquals("rw-------", permissions, "until it is complete");
    }
    TimeLimit start = TimeLimit.begin();
    worker.interrupt();
    worker.join(5_000);
    long millis = start.millis();
    assertInstanceOf(ClosedByInterruptException.class, end.get());
    assertTrue(interrupted.get(), "the interrupt status is kept");
    start.assertWithin(millis, "until the copy ended");
    assertEquals(before, content(folder));
    assertOld(target, replace);
  }

  @Test
  void aThreadThatIsInterruptedAlreadyCopiesNothing() throws IOException {
    Path source = data(directory.resolve("source"), 10);
    Path target = directory.resolve("target");
    Thread.currentThread().interrupt();
    try {
      assertThrows(ClosedByInterruptException.class, () -> Sluice.copy(source, target));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertTrue(Files.notExists(target));
  }

  @Test
  void aRefusalToShareKeepsTheOldFile() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("small"));
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "size=1m")) {
      Path source = data(folder.resolve("source"), 1000);
      Path target = target(mount.folder(), true);
      Set<Path> before = content(folder);
      assertThrows(
          UnsupportedMechanismException.class,
          () -> Sluice.copy(source, target, Reflink.ALWAYS, StandardCopyOption.REPLACE_EXISTING));
      assertEquals(before, content(folder));
      assertOld(target, true);
    }
  }

  @Test
  void aDirectoryWithContentIsSeenBeforeAnythingIsCopied() throws IOException {
    Path source = sparse(directory.resolve("source"), 1L << 40);
    Path target = Files.createDirectory(directory.resolve("target"));
    Files.createFile(target.resolve("inside"));
    assertThrows(
        DirectoryNotEmptyException.class,
        () -> Sluice.copy(source, target, Sparse.NEVER, StandardCopyOption.REPLACE_EXISTING));
    assertEquals(Set.of(source, target), content(directory));
  }

  /** Copies without the native library. */
  static final class Unavailable {
    public static void main(String[] arguments) throws IOException {
      if (Sluice.isAvailable()) {
        throw new AssertionError("the library was to be missing");
      }
      Path source = Path.of(arguments[0]);
      Path target = Path.of(arguments[1]);
      Sluice.copy(source, target, Reflink.NEVER, Sparse.ALWAYS);
      Sluice.copy(source, target, Reflink.AUTO, StandardCopyOption.REPLACE_EXISTING);
      try {
        Sluice.copy(source, Path.of(arguments[1] + "2"), Reflink.ALWAYS);
        throw new AssertionError("shared, without the library?");
      } catch (UnsupportedMechanismException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void withoutTheNativeLibraryFilesCopyCopies() throws Exception {
    Path source = data(directory.resolve("source"), 1000);
    Path target = directory.resolve("target");
    ChildJvm.Result result =
        new ChildJvm()
            .with("-Ddev.sluice.library.path=" + directory.resolve("missing.so"))
            .run(Unavailable.class, source.toString(), target.toString());
    assertEquals(0, result.exit(), result.output());
    assertTrue(result.output().contains("the native library is not loaded"), result.output());
    assertEquals(-1, Files.mismatch(source, target));
    assertEquals(Set.of(source, target), content(directory));
  }

  private static CopyOption[] options(List<CopyOption> way, boolean replace) {
    List<CopyOption> options = new ArrayList<>(way);
    if (replace) {
      options.add(StandardCopyOption.REPLACE_EXISTING);
    }
    return options.toArray(new CopyOption[0]);
  }

  private static Path target(Path folder, boolean exists) throws IOException {
    Path target = folder.resolve("target");
    return exists ? Files.writeString(target, "old") : target;
  }

  private static void assertOld(Path target, boolean existed) throws IOException {
    assertEquals(existed, Files.exists(target));
    if (existed) {
      assertEquals("old", Files.readString(target));
    }
  }

  /** The file that the worker has begun to write. */
  private static Path awaitBytes(Path folder, Set<Path> before, Thread worker) throws IOException {
    while (worker.isAlive()) {
      for (Path file : content(folder)) {
        if (!before.contains(file) && Files.size(file) > 0) {
          return file;
        }
      }
    }
    throw new AssertionError("the copy was over before it was seen");
  }

  private static Set<Path> content(Path folder) throws IOException {
    Set<Path> content = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      files.forEach(content::add);
    }
    return content;
  }

  private Path inMemory() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "needs /dev/shm");
    Path folder = Files.createTempDirectory(memory, "sluice");
    inMemory.add(folder);
    return folder;
  }

  private static Path data(Path path, int size) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer data = ByteBuffer.allocateDirect(Math.min(size, 4 * MIB));
      for (int i = 0; i < data.capacity(); i++) {
        data.put(i, (byte) (i % 251 + 1));
      }
      for (int left = size; left > 0; left -= file.write(data)) {
        data.clear().limit(Math.min(left, data.capacity()));
      }
    }
    return path;
  }

  private static Path sparse(Path path, long size) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), size - 1);
    }
    return path;
  }
}
