package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets with names that a temporary file beside them could not have had, or that are no text. */
@Tag("both-guards")
class CopyNamesTest {
  /** {@code NAME_MAX}, and {@code PATH_MAX} without the 0 at the end. */
  private static final int LONGEST_NAME = 255;

  private static final int LONGEST_PATH = 4095;

  private static final CopyOption REPLACE = StandardCopyOption.REPLACE_EXISTING;

  @TempDir Path directory;

  /** JUnit deletes by paths that the kernel does not take. */
  @AfterEach
  void deleteLongPaths() throws Exception {
    Tools.run("find", directory.toString(), "-mindepth", "1", "-delete");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 28, 227, 228, 254, LONGEST_NAME})
  void aNameOfAnyLengthIsReplaced(int length) throws IOException {
    Path target = directory.resolve("n".repeat(length));
    Files.writeString(target, "old");
    assertReplaced(target);
  }

  @ParameterizedTest
  @ValueSource(ints = {4060, 4067, 4068, 4090, 4094, LONGEST_PATH})
  void aPathOfAnyLengthIsReplaced(int length) throws IOException {
    for (int last : new int[] {1, 5, 200}) {
      Path target = longPath(length, last);
      Files.writeString(target, "old");
      assertReplaced(target);
      Files.delete(target);
      Sluice.copy(source(), target);
      assertEquals("content", Files.readString(target));
      assertThrows(FileAlreadyExistsException.class, () -> Sluice.copy(source(), target));
      Files.delete(target);
    }
  }

  @Test
  void anEmptyDirectoryIsReplacedAtTheLongestPath() throws IOException {
    Path target = Files.createDirectory(longPath(LONGEST_PATH, 3));
    assertReplaced(target);
  }

  /** Replaces by a relative path, from a directory whose own path is long. */
  static final class Relative {
    public static void main(String[] arguments) throws IOException {
      Path target = Path.of(arguments[1]);
      if (target.toAbsolutePath().toString().length() <= LONGEST_PATH) {
        throw new AssertionError("it was to be longer");
      }
      Sluice.copy(Path.of(arguments[0]), target, REPLACE);
      Sluice.copy(target, Path.of(arguments[0] + "2"));
    }
  }

  @Test
  void aRelativePathIsReplacedWhoseAbsoluteOneIsTooLong() throws Exception {
    Path deep = longPath(3000, 10);
    Files.createDirectories(deep);
    String rest = ("r".repeat(200) + "/").repeat(7);
    Tools.run("sh", "-c", "cd " + deep + " && mkdir -p " + rest + " && echo old >" + rest + "t");
    ChildJvm.Result result =
        new ChildJvm()
            .under("sh", "-c", "cd " + deep + " && exec \"$@\"", "sh")
            .run(Relative.class, source().toString(), rest + "t");
    assertEquals(0, result.exit(), result.output());
    assertEquals("content", Files.readString(directory.resolve("source2")));
  }

  /** Replaces each file of the directories {@code names*}, and copies each to a new file. */
  static final class Each {
    public static void main(String[] arguments) throws IOException {
      Path source = Path.of(arguments[0]);
      List<Path> targets;
      try (Stream<Path> files = Files.walk(Path.of(arguments[1]))) {
        targets = files.filter(Each::isNamed).toList();
      }
      for (Path target : targets) {
        Sluice.copy(source, target, REPLACE);
        // A source whose name is no text.
        Sluice.copy(target, source, REPLACE);
        Files.delete(target);
        Sluice.copy(source, target);
        Sluice.copy(source, target, REPLACE, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }

    private static boolean isNamed(Path file) {
      return file.getParent().getFileName().toString().startsWith("names")
          && Files.isRegularFile(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8"})
  void namesThatAreNoTextAreReplaced(String locale) throws Exception {
    Path folder = Files.createDirectory(directory.resolve("names"));
    // Latin-1, UTF-8, a broken UTF-8 sequence, a per cent sign, a question mark.
    for (String name : List.of("\\344", "\\303\\244", "a\\303", "%%41", "?", "\\377\\376 x")) {
      Tools.run("sh", "-c", "echo old >\"" + folder + "/$(printf '" + name + "')\"");
    }
    // Below one that is no text as well.
    Tools.run("sh", "-c", "mv " + folder + " \"" + folder + "$(printf '\\351')\"");
    String before = listing();
    ChildJvm.Result result =
        new ChildJvm()
            .under("env", "LC_ALL=" + locale)
            .run(Each.class, source().toString(), directory.toString());
    assertEquals(0, result.exit(), result.output());
    assertEquals(before, listing());
    String contents = Tools.run("sh", "-c", "cat " + folder + "*/*");
    assertEquals("content".repeat(6), contents);
  }

  private String listing() throws Exception {
    return Tools.run("sh", "-c", "cd " + directory + " && ls -b names*");
  }

  private Path source() throws IOException {
    return Files.writeString(directory.resolve("source"), "content");
  }

  /** A path of so many bytes whose last name has the length {@code last}; its directory exists. */
  private Path longPath(int length, int last) throws IOException {
    Path path = directory;
    int rest = length - last - 1 - path.toString().length();
    while (rest > 0) {
      // One byte alone would be a slash without a name.
      int name = Math.min(rest - 1, rest - LONGEST_NAME - 1 == 1 ? 200 : LONGEST_NAME);
      path = path.resolve("d".repeat(name));
      rest -= name + 1;
    }
    Files.createDirectories(path);
    Path whole = path.resolve("t".repeat(last));
    assertEquals(length, whole.toString().length());
    return whole;
  }

  private void assertReplaced(Path target) throws IOException {
    Sluice.copy(source(), target, REPLACE);
    assertEquals("content", Files.readString(target));
    try (Stream<Path> beside = Files.list(target.getParent())) {
      assertTrue(
          beside.noneMatch(file -> file.getFileName().toString().startsWith(".sluice-")),
          "something is left");
    }
  }
}
