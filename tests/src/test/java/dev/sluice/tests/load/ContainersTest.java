package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library is loaded in processes that are shut in: user namespaces, where the machine's
 * directories belong to nobody that the process knows, and roots without a place to write.
 */
class ContainersTest {
  /** Stands for the directory that the probe's files are in. */
  private static final String FILES = "FILES";

  private static final String[] NAMESPACE = {"unshare", "--user", "--map-root-user"};

  /** A root that is read-only but for the probe's files, without a variable of the environment. */
  private static final String[] READ_ONLY = {
    "bwrap",
    "--unshare-user",
    "--unshare-pid",
    "--as-pid-1",
    "--ro-bind",
    "/",
    "/",
    "--bind",
    FILES,
    FILES,
    "--clearenv",
    "--chdir",
    "/"
  };

  private static final String[] DEVICES = {"--dev", "/dev", "--proc", "/proc"};

  /** Without a {@code /dev/shm} that can be written. */
  private static final String[] FEW_DEVICES = {
    "--dev-bind", "/dev/null", "/dev/null", "--dev-bind", "/dev/urandom", "/dev/urandom"
  };

  private static final String[] PROC = {"--proc", "/proc"};

  private static final boolean HAS_LINKER = Runtime.version().feature() >= 21;

  @TempDir Path directory;

  /** A way to shut a process in; {@code shows} is a line of the diagnostics or the cause. */
  private record Container(String name, List<String> command, List<String> options, String shows) {
    Container(String name, String shows, String[]... command) {
      this(name, Stream.of(command).flatMap(Stream::of).toList(), List.of(), shows);
    }

    Container with(String option) {
      return new Container(name, command, List.of(option), shows);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Container> containers() {
    String nameless = "unpacked as: a file without a name in ";
    String inMemory = "unpacked as: a file in memory";
    return Stream.of(
        new Container("a user namespace", nameless + FILES, NAMESPACE)
            .with("-Djava.io.tmpdir=" + FILES),
        new Container("the machine's own /tmp in a user namespace", nameless, NAMESPACE),
        new Container(
            "process 1 of a namespace",
            nameless,
            NAMESPACE,
            new String[] {"--pid", "--fork", "--mount-proc"}),
        new Container("a read-only root with /dev/shm", nameless + "/dev/shm", READ_ONLY, DEVICES),
        new Container(
            "nothing that can be written",
            HAS_LINKER
                ? inMemory
                : "; / is not a directory that can be written; memory needs JDK 21 or newer;"
                    + " -Ddev.sluice.workdir=DIRECTORY names another one",
            READ_ONLY,
            FEW_DEVICES,
            PROC),
        new Container(
                "no /proc",
                "unpacked as: a private directory in " + FILES,
                READ_ONLY,
                FEW_DEVICES,
                new String[] {"--tmpfs", "/proc"},
                // The launcher of the JDK finds its library by /proc/self/exe.
                new String[] {
                  "--setenv", "LD_LIBRARY_PATH", System.getProperty("java.home") + "/lib"
                })
            .with("-Djava.io.tmpdir=" + FILES),
        new Container(
                "noexec wherever it can be written",
                HAS_LINKER
                    ? inMemory
                    : "forbids execution (mounted noexec, or by a security policy); /tmp ",
                READ_ONLY,
                FEW_DEVICES,
                PROC,
                new String[] {
                  "--uid",
                  "0",
                  "--gid",
                  "0",
                  "--cap-add",
                  "CAP_SYS_ADMIN",
                  "sh",
                  "-c",
                  "mkdir $0/noexec && mount -t tmpfs -o noexec tmpfs $0/noexec && exec \"$@\"",
                  FILES
                })
            .with("-Djava.io.tmpdir=" + FILES + "/noexec"));
  }

  @TestFactory
  Stream<DynamicTest> theLibraryIsLoadedInAContainer() {
    assumeTrue(
        System.getProperty("dev.sluice.library.path") == null, "needs the library of the jar");
    return ConcurrentCases.of(containers(), this::probe);
  }

  private void probe(Container container) throws Exception {
    Path files = Files.createTempDirectory(directory, "files");
    Tools.assumeTool(container.command.get(0));
    List<String> command = inside(container.command, files);
    List<String> nothing = new ArrayList<>(command);
    nothing.add("true");
    ChildJvm.Result allowed = ChildJvm.run(nothing);
    assumeTrue(allowed.exit() == 0, "needs the right to " + command + ": " + allowed.output());
    try (Stream<Path> made = Files.list(files)) {
      made.forEach(ContainersTest::delete);
    }

    ChildJvm child = new ChildJvm().under(command.toArray(String[]::new));
    inside(container.options, files).forEach(child::with);
    String output = LoaderProbe.run(child, files);
    assertTrue(output.contains(container.shows.replace(FILES, files.toString())), output);
    boolean isLoaded = container.shows.startsWith("unpacked as: ");
    assertTrue(output.contains("available: " + isLoaded), output);
    try (Stream<Path> left = Files.walk(files)) {
      assertEquals(List.of(), left.filter(path -> path.toString().contains("sluice")).toList());
    }
  }

  private static List<String> inside(List<String> words, Path files) {
    return words.stream().map(word -> word.replace(FILES, files.toString())).toList();
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
