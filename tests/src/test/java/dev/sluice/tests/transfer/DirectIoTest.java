package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.channel.FileLocksTest;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What direct I/O takes care of, because it opens the file a second time; what becomes of locks
 * meanwhile, {@link FileLocksTest} tells.
 */
class DirectIoTest {
  @TempDir Path directory;

  /** Seen under strace: the descriptor that writes has the flags of the one that was given. */
  @Test
  void itKeepsThePromiseToWriteThrough() throws Exception {
    Tools.assumeTool("strace");
    Path from = Files.write(directory.resolve("from"), new byte[100_000]);
    Path trace = directory.resolve("trace");
    ChildJvm.Result result =
        new ChildJvm()
            .under("strace", "-f", "-e", "trace=openat", "-o", trace.toString())
            .run(Writer.class, from.toString(), directory.resolve("to").toString());
    assertEquals(0, result.exit(), result.output());
    List<String> opened =
        Files.readAllLines(trace).stream().filter(l -> l.contains("/proc/self/task/")).toList();
    assertTrue(
        opened.stream().anyMatch(l -> l.contains("O_DIRECT") && l.contains("O_DSYNC")),
        opened.toString());
  }

  /** The file is opened again by its path there. */
  @Test
  void withoutProcItSaysWhatToDo() throws Exception {
    Tools.assumeRoot();
    Tools.assumeTool("unshare");
    // The root of a process in a chroot may be no mount.
    Tools.assumeRuns("mounts of its own", "unshare", "--mount", "true");
    Path from = Files.write(directory.resolve("from"), new byte[100_000]);
    ChildJvm.Result result =
        new ChildJvm()
            .under("unshare", "--mount")
            .run(Refused.class, from.toString(), directory.resolve("to").toString());
    assertEquals(0, result.exit(), result.output());
    String expected =
        "DIRECT_IO: open: ENOENT (direct I/O opens the file again through /proc: mount it; or use"
            + " Mechanism.AUTO)";
    assertTrue(result.output().contains(expected), result.output());
  }

  /** Prints why it is refused. A JVM does not start without /proc. */
  static final class Refused {
    public static void main(String[] arguments) throws Exception {
      Tools.run("mount", "-t", "tmpfs", "none", "/proc");
      try (FileChannel source = FileChannel.open(Path.of(arguments[0]));
          FileChannel target =
              FileChannel.open(
                  Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        Mechanism.DIRECT_IO.transferTo(source, 0, 100_000, target);
        throw new AssertionError("not refused");
      } catch (UnsupportedMechanismException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** Writes through. */
  static final class Writer {
    public static void main(String[] arguments) throws Exception {
      try (FileChannel source = FileChannel.open(Path.of(arguments[0]));
          FileChannel target =
              FileChannel.open(
                  Path.of(arguments[1]),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.DSYNC)) {
        if (Mechanism.DIRECT_IO.transferFrom(target, source, 0, 100_000) != 100_000) {
          throw new AssertionError();
        }
      }
    }
  }
}
