package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.Sparse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * One body of cases over {@code Files.copy} and {@code Sluice.copy}: the same result or class of
 * exception, and the same files afterwards, with their kind, bytes, permissions and links.
 */
class CopyParityTest {
  private static final CopyOption REPLACE = StandardCopyOption.REPLACE_EXISTING;
  private static final CopyOption ATTRIBUTES = StandardCopyOption.COPY_ATTRIBUTES;
  private static final CopyOption NOFOLLOW = LinkOption.NOFOLLOW_LINKS;

  private static final List<CopyOption[]> OPTIONS =
      List.of(
          new CopyOption[] {},
          new CopyOption[] {REPLACE},
          new CopyOption[] {ATTRIBUTES},
          new CopyOption[] {NOFOLLOW},
          new CopyOption[] {REPLACE, ATTRIBUTES},
          new CopyOption[] {REPLACE, NOFOLLOW},
          new CopyOption[] {ATTRIBUTES, NOFOLLOW},
          new CopyOption[] {REPLACE, ATTRIBUTES, NOFOLLOW},
          new CopyOption[] {REPLACE, com.sun.nio.file.ExtendedCopyOption.INTERRUPTIBLE},
          new CopyOption[] {StandardCopyOption.ATOMIC_MOVE},
          new CopyOption[] {new Unknown()},
          new CopyOption[] {null},
          new CopyOption[] {new Unknown(), null});

  private static final class Unknown implements CopyOption {
    @Override
    public String toString() {
      return "UNKNOWN";
    }
  }

  private enum SourceKind {
    FILE,
    EMPTY,
    SPARSE,
    READ_ONLY,
    OPEN_TO_ALL,
    SET_USER_ID,
    WITH_ATTRIBUTE,
    EMPTY_DIRECTORY,
    DIRECTORY,
    LINK_TO_FILE,
    LINK_TO_DIRECTORY,
    BROKEN_LINK,
    PROC,
    DEVICE,
    MISSING
  }

  private enum TargetState {
    ABSENT,
    FILE,
    EMPTY_DIRECTORY,
    DIRECTORY,
    LINK_TO_FILE,
    BROKEN_LINK,
    SAME,
    HARD_LINK,
    LINK_TO_SOURCE,
    WITHOUT_PARENT,
    BELOW_A_FILE
  }

  private interface Copy {
    Path run(Path source, Path target, CopyOption... options) throws IOException;
  }

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> copyGivesWhatFilesCopyGives() {
    List<DynamicTest> tests = new ArrayList<>();
    for (SourceKind kind : SourceKind.values()) {
      for (TargetState state : TargetState.values()) {
        tests.add(
            dynamicTest(
                kind + " to " + state,
                () -> {
                  for (CopyOption[] options : OPTIONS) {
                    if (filesCopyLosesTheSource(kind, state, options)) {
                      continue;
                    }
                    assertEquals(
                        outcome(Files::copy, kind, state, options),
                        outcome(Sluice::copy, kind, state, options),
                        () -> Arrays.toString(options));
                  }
                }));
      }
    }
    return tests.stream();
  }

  /**
   * A link onto itself, followed and to be replaced: {@code Files.copy} deletes the link and then
   * finds no source any more, on 17 and 25.
   */
  private static boolean filesCopyLosesTheSource(
      SourceKind kind, TargetState state, CopyOption... options) {
    List<CopyOption> given = Arrays.asList(options);
    return kind == SourceKind.LINK_TO_FILE
        && state == TargetState.SAME
        && given.contains(REPLACE)
        && !given.contains(NOFOLLOW);
  }

  @Test
  void aLinkThatIsCopiedOntoItselfBecomesTheFile() throws IOException {
    Path link = source(SourceKind.LINK_TO_FILE, directory.resolve("link"));
    Sluice.copy(link, link, REPLACE);
    assertTrue(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS));
    assertEquals(-1, Files.mismatch(link, directory.resolve("other")));
  }

  @Test
  void nullIsRefusedAsByFilesCopy() {
    Path path = directory.resolve("a");
    assertThrows(NullPointerException.class, () -> Sluice.copy(null, path));
    assertThrows(NullPointerException.class, () -> Sluice.copy(path, null));
    assertThrows(NullPointerException.class, () -> Sluice.copy(path, path, (CopyOption[]) null));
  }

  @Test
  void pathsOfAnotherProviderAreCopiedAsByFilesCopy() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "content");
    try (FileSystem zip =
        FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"))) {
      Path inside = zip.getPath("/file");
      assertEquals(inside, Sluice.copy(file, inside, Reflink.NEVER, Sparse.ALWAYS));
      Path back = directory.resolve("back");
      Sluice.copy(inside, back, Sparse.NEVER, REPLACE);
      assertEquals("content", Files.readString(back));
      Sluice.copy(inside, zip.getPath("/other"), Reflink.AUTO);
      assertEquals("content", Files.readString(zip.getPath("/other")));
    }
  }

  /** Everything that a caller can see of a copy in a directory of its own. */
  private String outcome(Copy copy, SourceKind kind, TargetState state, CopyOption... options)
      throws Exception {
    Path folder = Files.createTempDirectory(directory, "case");
    Path source = source(kind, folder.resolve("source"));
    if (source.startsWith(folder) && Files.exists(source)) {
      Files.setLastModifiedTime(source, FileTime.fromMillis(987_654_321_000L));
    }
    Path target = target(state, folder, source);
    String result;
    try {
      result = folder.relativize(copy.run(source, target, options)).toString();
    } catch (IOException | RuntimeException e) {
      result = e.getClass().getName();
    }
    String seen =
        result
            + (source.startsWith(folder) ? sameTime(source, target) : "")
            + "\n"
            + listing(folder);
    delete(folder);
    return seen;
  }

  /** In microseconds, to which JDK 17 cuts the times that it copies. */
  private static String sameTime(Path source, Path target) {
    try {
      Object expected = Files.getLastModifiedTime(source).to(TimeUnit.MICROSECONDS);
      Object found = Files.getLastModifiedTime(target).to(TimeUnit.MICROSECONDS);
      return found.equals(expected) ? ", modified as the source" : ", modified later";
    } catch (IOException e) {
      return ", one is no file";
    }
  }

  private static Path source(SourceKind kind, Path path) throws IOException {
    switch (kind) {
      case FILE -> write(path, "rw-r-----");
      case EMPTY -> Files.createFile(path);
      case SPARSE -> sparse(path);
      case READ_ONLY -> write(path, "r--r--r--");
      case OPEN_TO_ALL -> write(path, "rwxrwxrwx");
      case SET_USER_ID -> Files.setAttribute(write(path, "rwxr-xr-x"), "unix:mode", 06755);
      case WITH_ATTRIBUTE ->
          Files.setAttribute(
              write(path, "rw-rw-rw-"), "user:colour", ByteBuffer.wrap("red".getBytes()));
      case EMPTY_DIRECTORY -> Files.createDirectory(path);
      case DIRECTORY -> Files.createFile(Files.createDirectory(path).resolve("inside"));
      case LINK_TO_FILE -> {
        write(path.resolveSibling("other"), "rw-r--r--");
        Files.createSymbolicLink(path, Path.of("other"));
      }
      case LINK_TO_DIRECTORY -> {
        Files.createDirectory(path.resolveSibling("other"));
        Files.createSymbolicLink(path, Path.of("other"));
      }
      case BROKEN_LINK -> Files.createSymbolicLink(path, Path.of("nowhere"));
      case PROC -> {
        return Path.of("/proc/version");
      }
      case DEVICE -> {
        return Path.of("/dev/null");
      }
      case MISSING -> {}
    }
    return path;
  }

  private static Path write(Path path, String permissions) throws IOException {
    byte[] content = new byte[100_001];
    new Random(6).nextBytes(content);
    Files.write(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    return path;
  }

  private static void sparse(Path path) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap("begin".getBytes()), 0);
      file.write(ByteBuffer.wrap("middle".getBytes()), 1 << 20);
      file.write(ByteBuffer.wrap("end".getBytes()), 2 << 20);
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-r--"));
  }

  private static Path target(TargetState state, Path folder, Path source) throws IOException {
    Path target = folder.resolve("target");
    switch (state) {
      case ABSENT -> {}
      case FILE -> Files.writeString(target, "old");
      case EMPTY_DIRECTORY -> Files.createDirectory(target);
      case DIRECTORY -> Files.createFile(Files.createDirectory(target).resolve("inside"));
      case LINK_TO_FILE -> {
        Files.writeString(folder.resolve("linked"), "old");
        Files.createSymbolicLink(target, Path.of("linked"));
      }
      case BROKEN_LINK -> Files.createSymbolicLink(target, Path.of("absent"));
      case SAME -> {
        return source;
      }
      case HARD_LINK -> {
        if (Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS) && source.startsWith(folder)) {
          Files.createLink(target, source);
        }
      }
      case LINK_TO_SOURCE -> Files.createSymbolicLink(target, source);
      case WITHOUT_PARENT -> {
        return folder.resolve("absent/target");
      }
      case BELOW_A_FILE -> {
        Files.writeString(folder.resolve("file"), "file");
        return folder.resolve("file/target");
      }
    }
    return target;
  }

  /** Each file below a folder with all that makes it up but its times. */
  private static String listing(Path folder) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        files.put(folder.relativize(path).toString(), describe(path, folder));
      }
    }
    return files.toString();
  }

  private static String describe(Path path, Path folder) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path).toString().replace(folder.toString(), "");
    }
    String mode =
        Integer.toOctalString(
            (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS));
    if (!Files.isRegularFile(path)) {
      return mode;
    }
    boolean coloured =
        Files.getFileAttributeView(path, java.nio.file.attribute.UserDefinedFileAttributeView.class)
            .list()
            .contains("colour");
    return mode
        + (coloured ? " coloured " : " ")
        + Files.size(path)
        + " bytes, hash "
        + Arrays.hashCode(Files.readAllBytes(path));
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> content = Files.newDirectoryStream(path)) {
        for (Path inside : content) {
          delete(inside);
        }
      }
    }
    Files.delete(path);
  }
}
