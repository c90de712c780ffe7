package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ReadableJvm;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files that an exception names are the caller's: never the temporary one. */
@Tag("slow")
class CopyExceptionTest {
  private static final String NOBODY = "65534";

  @TempDir Path directory;

  private Path source;
  private Path folder;
  private Path target;

  /** Commands that undo the preparations before the files are deleted. */
  private final List<String[]> after = new ArrayList<>();

  /** Replaces the second argument by the first, and tells of the exception, its causes and all. */
  static final class Replacing {
    public static void main(String[] arguments) throws IOException {
      Path source = Path.of(arguments[1]);
      Path target = Path.of(arguments[2]);
      try {
        if (arguments[0].equals("Files")) {
          Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        } else {
          Sluice.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        }
        System.out.println("copied");
      } catch (FileSystemException e) {
        System.out.println(e.getClass().getName());
        System.out.println(e.getFile() + " " + e.getOtherFile());
        for (Throwable suppressed : e.getSuppressed()) {
          System.out.println("also: " + suppressed);
        }
        System.out.println(e.getReason());
      }
    }
  }

  @BeforeEach
  void files() throws Exception {
    source = Files.writeString(directory.resolve("source"), "content");
    folder = Files.createDirectory(directory.resolve("folder"));
    target = Files.writeString(folder.resolve("target"), "old");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void undo() throws Exception {
    for (String[] command : after) {
      Tools.run(command);
    }
  }

  @Test
  void aDirectoryThatMayNotBeWrittenToIsDenied() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    assertAsByFilesCopy(asNobody());
  }

  @Test
  void aDirectoryThatMayNotBeSearchedIsDenied() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr--r--"));
    assertAsByFilesCopy(asNobody());
  }

  @Test
  void aFileOfAnotherUserInAStickyDirectoryStays() throws Exception {
    Tools.run("chmod", "1777", folder.toString());
    assertAsByFilesCopy(asNobody());
  }

  @Test
  void anEmptyDirectoryOfAnotherUserInAStickyDirectoryStays() throws Exception {
    Files.delete(target);
    Files.createDirectory(target);
    Tools.run("chmod", "1777", folder.toString());
    assertAsByFilesCopy(asNobody());
  }

  /** {@code rmdir} needs no right to read, so that only it knows whether there is content. */
  @Test
  void aDirectoryWithContentThatMayNotBeListedStays() throws Exception {
    Files.delete(target);
    Files.createFile(Files.createDirectory(target).resolve("inside"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("-wx------"));
    assertAsByFilesCopy(asNobody());
  }

  @Test
  void anImmutableFileStays() throws Exception {
    Tools.assumeRoot();
    Tools.assumeTool("chattr");
    List<String> command = List.of("chattr", "+i", target.toString());
    assumeTrue(ChildJvm.run(command).exit() == 0, "needs immutable files");
    after.add(new String[] {"chattr", "-i", target.toString()});
    assertAsByFilesCopy(List.of());
  }

  @Test
  void aFileThatIsMountedOnStays() throws Exception {
    try (Tools.Mount mount = Tools.Mount.again(source, target)) {
      assertTrue(Files.exists(mount.folder()));
      Path other = Files.writeString(directory.resolve("other"), "content");
      source = other;
      assertAsByFilesCopy(List.of());
    }
  }

  @Test
  void aDirectoryThatIsMountedOnStays() throws Exception {
    Files.delete(target);
    Files.createDirectory(target);
    try (Tools.Mount mount = Tools.Mount.of(target, "tmpfs", "size=1m")) {
      assertTrue(Files.exists(mount.folder()));
      assertAsByFilesCopy(List.of());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Where a file of the directory is opened, whose name is not known beforehand.
    "'?open,openat:error=EDQUOT', true, Disk quota exceeded (EDQUOT in open",
    "'?open,openat:error=ENOSPC', true, No space left on device (ENOSPC in open",
    "'?renameat,renameat2:error=EIO', false, Input/output error (EIO in renameat)",
    "'?renameat,renameat2:error=EDQUOT', false, Disk quota exceeded (EDQUOT in renameat)",
    "fchmod:error=EIO, false, Input/output error (EIO in fchmod)",
    "ftruncate:error=EDQUOT, false, Disk quota exceeded (EDQUOT in ftruncate)"
  })
  void aCallThatFailsNamesTheCallersFilesAndLeavesNothing(
      String fault, boolean isOfDirectory, String reason) throws Exception {
    Tools.assumeTool("strace");
    // With a hole at its end, and a mode that no temporary file has.
    // Only in turns does the copy get its mode at the end.
    Tools.run("truncate", "-s", fault.startsWith("fchmod") ? "5M" : "1M", source.toString());
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> strace = new ArrayList<>(List.of("strace", "-f", "-o", "/dev/null"));
    if (isOfDirectory) {
      strace.addAll(List.of("-P", folder.toString()));
    }
    strace.addAll(List.of("-e", "inject=" + fault));
    List<String> seen = List.of(run("Sluice", strace).split("\n"));
    boolean isOfContent = fault.startsWith("f");
    assertEquals(isOfContent ? source + " " + target : target + " null", seen.get(1));
    assertTrue(seen.get(2).startsWith(reason), seen::toString);
    assertEquals("old", Files.readString(target));
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(List.of(target), all.toList());
    }
  }

  @Test
  void aTemporaryFileThatCannotBeDeletedIsToldOfByTheTargetsName() throws Exception {
    Tools.assumeTool("strace");
    String fault = "inject=?renameat,renameat2,unlinkat:error=EIO";
    String told = run("Sluice", List.of("strace", "-f", "-o", "/dev/null", "-e", fault));
    assertTrue(told.contains("also: java.nio.file.FileSystemException: " + target), told);
    assertTrue(told.contains("EIO in unlinkat"), told);
    assertFalse(told.contains(".sluice-"), told);
  }

  /** Class and names of the exception; the target is as it was, and nothing lies beside it. */
  private void assertAsByFilesCopy(List<String> under) throws Exception {
    // Files.copy last: it deletes what it can.
    String found = run("Sluice", under);
    assertFalse(found.contains(".sluice-"), found);
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(List.of(target), all.toList(), found);
    }
    String expected = run("Files", under);
    assertFalse(found.startsWith("copied"), found);
    assertEquals(firstTwo(expected), firstTwo(found), found + expected);
  }

  private static List<String> firstTwo(String lines) {
    return List.of(lines.split("\n")).subList(0, 2);
  }

  private List<String> asNobody() throws Exception {
    Tools.assumeRoot();
    Tools.assumeTool("setpriv");
    return List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");
  }

  private String run(String copier, List<String> under) throws Exception {
    ChildJvm child =
        under.isEmpty() || under.get(0).equals("strace")
            ? new ChildJvm()
            : ReadableJvm.in(Files.createTempDirectory(directory, "code"));
    ChildJvm.Result result =
        child
            .under(under.toArray(new String[0]))
            .run(Replacing.class, copier, source.toString(), target.toString());
    assertEquals(0, result.exit(), result.output());
    return result.output();
  }
}
