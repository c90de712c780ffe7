package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.Sparse;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * One body of cases over {@code Files.copy} and {@code Sluice.copy}: the same result or class of
 * exception, and the same files afterwards, with their kind, bytes, permissions and links.
 */
@Tag("slow")
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

  private interface Copy {
    Path run(Path source, Path target, CopyOption... options) throws IOException;
  }

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> copyGivesWhatFilesCopyGives() {
    List<DynamicTest> tests = new ArrayList<>();
    for (CopyCase.SourceKind kind : CopyCase.SourceKind.values()) {
      for (CopyCase.TargetState state : CopyCase.TargetState.values()) {
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
      CopyCase.SourceKind kind, CopyCase.TargetState state, CopyOption... options) {
    List<CopyOption> given = Arrays.asList(options);
    return kind == CopyCase.SourceKind.LINK_TO_FILE
        && state == CopyCase.TargetState.SAME
        && given.contains(REPLACE)
        && !given.contains(NOFOLLOW);
  }

  @Test
  void aLinkThatIsCopiedOntoItselfBecomesTheFile() throws IOException {
    Path link = CopyCase.source(CopyCase.SourceKind.LINK_TO_FILE, directory.resolve("link"));
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
  private String outcome(
      Copy copy, CopyCase.SourceKind kind, CopyCase.TargetState state, CopyOption... options)
      throws Exception {
    Path folder = Files.createTempDirectory(directory, "case");
    Path source = CopyCase.source(kind, folder.resolve("source"));
    if (source.startsWith(folder) && Files.exists(source)) {
      Files.setLastModifiedTime(source, FileTime.fromMillis(987_654_321_000L));
    }
    Path target = CopyCase.target(state, folder, source);
    String result;
    try {
      result = folder.relativize(copy.run(source, target, options)).toString();
    } catch (IOException | RuntimeException e) {
      result = e.getClass().getName();
    }
    String seen =
        result
            + (source.startsWith(folder) ? FileListing.sameTime(source, target) : "")
            + "\n"
            + FileListing.listing(folder);
    FileListing.delete(folder);
    return seen;
  }
}
