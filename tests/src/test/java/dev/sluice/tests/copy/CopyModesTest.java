package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ReadableJvm;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The mode of a copy, to the last bit, as {@code Files.copy} gives it: by root and by a user
 * without privileges, under several umasks, in directories with a default access list and with a
 * group for their files.
 */
@Tag("any-jdk")
@Tag("slow")
class CopyModesTest {
  private static final String NOBODY = "65534";

  /** {@code user::rwx, user:4242:rwx, group::r-x, mask::rwx, other::--x} and one without a mask. */
  private static final String WITH_MASK = "(1,7,-1),(2,7,4242),(4,5,-1),(16,7,-1),(32,1,-1)";

  private static final String WITHOUT_MASK = "(1,6,-1),(4,7,-1),(32,4,-1)";

  @TempDir Path directory;

  private interface Copy {
    Path run(Path source, Path target, CopyOption... options) throws IOException;
  }

  /** Compares all combinations in the directories below the first argument. */
  static final class Comparison {
    private static final int[] MODES = {
      0644, 0600, 0777, 0467, 0000, 01644, 02644, 02654, 02755, 04644, 04755, 06711, 06777, 07777
    };

    private static int cases;

    public static void main(String[] arguments) throws IOException {
      if (!Sluice.isAvailable()) {
        throw new AssertionError(Sluice.unavailabilityCause());
      }
      Path top = Path.of(arguments[0]);
      Path own = open(Files.createDirectory(top.resolve("own")));
      sources(own);
      for (Path sources : List.of(own, top.resolve("roots"))) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(sources)) {
          for (Path source : files) {
            for (String folder : arguments[1].split(",")) {
              if (!isSetAtBirthOnly(source, folder)) {
                compare(source, top.resolve(folder));
              }
            }
          }
        }
      }
      System.out.println(cases + " cases");
    }

    /**
     * The set-group-ID bit of a group that one is not in: a file may be created with it, where the
     * group has no right to execute, and loses it with the first byte. Afterwards the bit cannot be
     * given, so that an empty file which is not created with its mode is without.
     */
    private static boolean isSetAtBirthOnly(Path source, String folder) {
      return folder.equals("foreign") && source.endsWith("2644-0");
    }

    static void sources(Path folder) throws IOException {
      for (int mode : MODES) {
        for (int size : new int[] {0, 10, 100_000}) {
          Path file = folder.resolve(Integer.toOctalString(mode) + "-" + size);
          Files.write(file, new byte[size]);
          Files.setAttribute(file, "unix:mode", mode);
        }
      }
    }

    private static void compare(Path source, Path folder) throws IOException {
      for (CopyOption[] options :
          new CopyOption[][] {
            {},
            {StandardCopyOption.COPY_ATTRIBUTES},
            {StandardCopyOption.REPLACE_EXISTING},
            {StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES}
          }) {
        String expected = outcome(Files::copy, source, folder, options);
        String found = outcome(Sluice::copy, source, folder, options);
        cases++;
        if (!found.equals(expected)) {
          System.out.printf(
              "%s in %s by %s: %s, and by Files.copy %s%n",
              source, folder.getFileName(), List.of(options), found, expected);
        }
      }
    }

    private static String outcome(Copy copy, Path source, Path folder, CopyOption... options)
        throws IOException {
      Path target = folder.resolve("target");
      if (List.of(options).contains(StandardCopyOption.REPLACE_EXISTING)) {
        Files.writeString(target, "old");
      }
      String result;
      try {
        copy.run(source, target, options);
        result =
            Integer.toOctalString((int) Files.getAttribute(target, "unix:mode"))
                + " "
                + Files.getAttribute(target, "unix:uid")
                + ":"
                + Files.getAttribute(target, "unix:gid");
      } catch (FileSystemException e) {
        result = e.getClass().getSimpleName() + " " + e.getFile() + " " + e.getOtherFile();
      }
      Files.deleteIfExists(target);
      return result;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 022", "0, 077",
    "65534, 002", "65534, 037"
  })
  void theModeIsThatOfFilesCopy(String user, String umask) throws Exception {
    Tools.assumeRoot();
    Tools.assumeTool("setpriv");
    Path top = open(directory);
    Comparison.sources(open(Files.createDirectory(top.resolve("roots"))));
    List<String> folders = new ArrayList<>(List.of("plain", "grouped", "foreign"));
    open(Files.createDirectory(top.resolve("plain")));
    Tools.run("chgrp", NOBODY, open(Files.createDirectory(top.resolve("grouped"))).toString());
    Tools.run("chmod", "2777", top.resolve("grouped").toString());
    Tools.run("chgrp", "4711", open(Files.createDirectory(top.resolve("foreign"))).toString());
    Tools.run("chmod", "2777", top.resolve("foreign").toString());
    for (String list : List.of(WITH_MASK, WITHOUT_MASK)) {
      Path folder = open(Files.createDirectory(top.resolve("listed" + folders.size())));
      if (setDefaultList(folder, list)) {
        folders.add(folder.getFileName().toString());
      }
    }
    ChildJvm.Result result =
        ReadableJvm.in(Files.createDirectory(top.resolve("code")))
            .under("sh", "-c", "umask " + umask + " && exec \"$@\"", "sh")
            .under("setpriv", "--reuid", user, "--regid", user, "--clear-groups")
            .run(Comparison.class, top.toString(), String.join(",", folders));
    assertEquals(0, result.exit(), result.output());
    // 14 modes of 3 sizes, by root and one's own, by 4 sets of options; see isSetAtBirthOnly.
    int cases = 2 * (14 * 3 * folders.size() - 1) * 4;
    assertEquals(cases + " cases", result.output().strip());
  }

  /** Replaces a file in a directory with a default access list. */
  @Test
  void theAccessListIsThatOfFilesCopy() throws Exception {
    Tools.assumeTool("python3");
    assumeTrue(setDefaultList(directory, WITH_MASK), "needs access lists");
    Path source = Files.writeString(directory.resolve("source"), "content");
    for (String permissions : List.of("rw-r-----", "rwxrwxrwx", "rw--w----", "r--------")) {
      Files.setPosixFilePermissions(source, PosixFilePermissions.fromString(permissions));
      Path expected = directory.resolve("expected");
      Path found = directory.resolve("found");
      Files.writeString(found, "old");
      Files.copy(source, expected, StandardCopyOption.REPLACE_EXISTING);
      Sluice.copy(source, found, StandardCopyOption.REPLACE_EXISTING);
      assertEquals(list(expected), list(found), permissions);
    }
  }

  /** Replaces a file whose name is the second argument. */
  static final class Replacing {
    public static void main(String[] arguments) throws IOException {
      Sluice.copy(
          Path.of(arguments[0]), Path.of(arguments[1]), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** More than is copied at once, without the time that so many bytes take. */
  private static Path large(Path file) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(5 << 20);
    }
    return file;
  }

  @Test
  void theTemporaryFileIsCreatedForItsOwnerAlone() throws Exception {
    Path source = large(Files.writeString(directory.resolve("source"), "content"));
    List<String> created =
        callsWhileReplaced(source, "").stream()
            .filter(call -> call.contains(".sluice-") && call.contains("open"))
            .toList();
    assertEquals(1, created.size(), created::toString);
    assertTrue(
        created.get(0).contains("O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600)"), created::toString);
  }

  @Test
  void aSmallFileHasNoNameUntilItIsComplete() throws Exception {
    Path source = Files.writeString(directory.resolve("source"), "content");
    List<String> calls = callsWhileReplaced(source, "");
    assumeTrue(
        calls.stream().anyMatch(call -> call.contains("O_TMPFILE") && !call.contains("= -1")),
        "files without a name are not to be had here");
    List<String> named = calls.stream().filter(call -> call.contains(".sluice-")).toList();
    assertTrue(named.get(0).contains("linkat("), named::toString);
    assertTrue(named.get(1).contains("RENAME_EXCHANGE) = 0"), named::toString);
    assertTrue(named.get(2).contains("unlinkat("), named::toString);
    assertEquals(3, named.size(), named::toString);
  }

  /** Where a call is refused, another way is taken, and nothing is left of what was begun. */
  @ParameterizedTest
  @ValueSource(strings = {"linkat", "renameat2", "getrandom"})
  void whatIsRefusedAtOnceIsCopiedAllTheSame(String call) throws Exception {
    Path source = Files.writeString(directory.resolve("source"), "content");
    callsWhileReplaced(source, "inject=" + call + ":error=ENOSYS");
  }

  /** The calls of a JVM that replaces a file by the source, which has to be complete then. */
  private List<String> callsWhileReplaced(Path source, String injection) throws Exception {
    Tools.assumeTool("strace");
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-rw-rw-"));
    Path target = Files.writeString(directory.resolve("target"), "old");
    Path trace = directory.resolve("trace");
    String calls = "trace=?open,openat,linkat,?renameat,renameat2,unlinkat,getrandom";
    ChildJvm jvm = new ChildJvm().under("strace", "-f", "-o", trace.toString(), "-e", calls);
    if (!injection.isEmpty()) {
      jvm = jvm.under("-e", injection);
    }
    ChildJvm.Result result = jvm.run(Replacing.class, source.toString(), target.toString());
    assertEquals(0, result.exit(), result.output());
    assertEquals(-1, Files.mismatch(source, target));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(source, target, trace), files.sorted().toList());
    }
    List<String> traced = Files.readAllLines(trace);
    assertTrue(injection.isEmpty() || traced.toString().contains("(INJECTED)"), traced::toString);
    return traced;
  }

  /** Where procfs does not tell the umask, a thread is asked that has one of its own. */
  @Test
  void withoutProcfsTheModeIsTheSame() throws Exception {
    Tools.assumeTool("strace");
    Path source = large(Files.writeString(directory.resolve("source"), "content"));
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path target = Files.writeString(directory.resolve("target"), "old");
    Path trace = directory.resolve("trace");
    ChildJvm.Result result =
        new ChildJvm()
            .under("sh", "-c", "umask 0137 && exec \"$@\"", "sh")
            .under("strace", "-f", "-o", trace.toString(), "-P", "/proc/thread-self/status")
            .under("-e", "inject=?open,openat:error=ENOENT")
            .run(Replacing.class, source.toString(), target.toString());
    assertEquals(0, result.exit(), result.output());
    assertTrue(Files.readString(trace).contains("(INJECTED)"), "nothing was refused");
    assertEquals(-1, Files.mismatch(source, target));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
  }

  private static boolean setDefaultList(Path folder, String entries) throws Exception {
    String script =
        "import os, struct\n"
            + "pack = lambda tag, bits, id: struct.pack('<HHI', tag, bits, id & 0xffffffff)\n"
            + "entries = b''.join(pack(*entry) for entry in ["
            + entries
            + "])\n"
            + "os.setxattr('"
            + folder
            + "', 'system.posix_acl_default', struct.pack('<I', 2) + entries)\n";
    try {
      return ChildJvm.run(List.of("python3", "-c", script)).exit() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String list(Path file) throws Exception {
    return Files.getAttribute(file, "unix:mode")
        + Tools.run(
            "python3",
            "-c",
            "import os; print(os.getxattr('" + file + "', 'system.posix_acl_access').hex())");
  }

  private static Path open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    return folder;
  }
}
