package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.Sparse;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import dev.sluice.tests.support.FolderWithoutSharing;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Copies under system calls that strace refuses, from the beginning or in the middle of a file:
 * every byte arrives once.
 */
@Tag("any-jdk")
@Tag("slow")
class CopyRefusalTest {
  private static final int SIZE = 24 << 20;

  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

  /** Copies by every policy and compares. */
  static final class Copier {
    public static void main(String[] arguments) throws IOException {
      Path source = Path.of(arguments[0]);
      Path target = Path.of(arguments[1]);
      for (Reflink reflink : List.of(Reflink.AUTO, Reflink.NEVER)) {
        for (Sparse sparse : Sparse.values()) {
          Sluice.copy(source, target, reflink, sparse, StandardCopyOption.REPLACE_EXISTING);
          if (Files.mismatch(source, target) != -1) {
            throw new AssertionError(reflink + " " + sparse);
          }
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> everyByteArrivesOnce() throws IOException {
    byte[] content = new byte[SIZE];
    new Random(9).nextBytes(content);
    Path source = Files.write(directory.resolve("source"), content);
    List<String> refusals = new ArrayList<>();
    for (String errno : List.of("ENOSYS", "EPERM", "EINVAL", "EOPNOTSUPP", "EXDEV", "EBADF")) {
      refusals.add("copy_file_range:error=" + errno);
    }
    refusals.add("copy_file_range:retval=0");
    refusals.add("copy_file_range:error=EINTR:when=1+2");
    refusals.add("copy_file_range:error=EPERM:when=3+");
    refusals.add("copy_file_range,sendfile:error=EPERM");
    refusals.add("copy_file_range,sendfile:error=ENOSYS:when=3+2");
    return ConcurrentCases.of(refusals.stream(), refusal -> copyUnder(refusal, source));
  }

  private void copyUnder(String refusal, Path source) throws Exception {
    Tools.assumeTool("strace");
    Path own = Files.createTempDirectory(directory, "copy");
    Path trace = own.resolve("trace");
    ChildJvm.Result result =
        new ChildJvm()
            .under("strace", "-f", "--seccomp-bpf", "-o", trace.toString())
            .under("-e", "trace=copy_file_range,sendfile", "-e", "inject=" + refusal)
            .run(Copier.class, source.toString(), own.resolve("target").toString());
    assertEquals(0, result.exit(), result.output());
    boolean refused = Files.readString(trace).contains("(INJECTED)");
    assertTrue(refused, "nothing was refused");
  }
}
