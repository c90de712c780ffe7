package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ReleasedFiles;
import dev.sluice.tests.support.ReleasedLibraries;
import dev.sluice.tests.support.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The libraries for musl, opened by musl's own dynamic loader in a program of {@code
 * tests/src/test/c}. No JVM takes part, so that this shows neither a JVM on musl nor a transfer.
 */
class MuslLoaderTest {
  @TempDir Path directory;

  @Test
  void muslOpensItsLibraryOnX86() throws Exception {
    opens("linux-x86_64-musl", "x86_64");
  }

  @Test
  void muslOpensItsLibraryOnArm() throws Exception {
    opens("linux-aarch_64-musl", "aarch64");
  }

  private void opens(String platform, String architecture) throws Exception {
    Path home = ReleasedFiles.folder("dev.sluice.tests.musl");
    Path loader = home.resolve("ld-musl-" + architecture + ".so.1");
    assumeTrue(Files.exists(loader), "needs the dynamic loader of musl for " + architecture);
    List<String> command = new ArrayList<>();
    if (!isOwn(architecture)) {
      Tools.assumeTool("qemu-" + architecture);
      command.add("qemu-" + architecture);
    }
    assumeTrue(
        ReleasedLibraries.platforms().contains(platform), platform + " was left out of this build");
    Set<String> names = ReleasedLibraries.exports();
    command.addAll(
        List.of(
            loader.toString(),
            home.resolve("open-library-" + architecture).toString(),
            ReleasedLibraries.extracted(platform, directory).toString()));
    command.addAll(names);
    assertEquals(
        List.of("found: " + names.size(), "thread0: the calling thread", "closed: 0"),
        Tools.run(command.toArray(new String[0])).lines().toList());
  }

  private static boolean isOwn(String architecture) {
    return System.getProperty("os.arch").replace("amd64", "x86_64").equals(architecture);
  }
}
