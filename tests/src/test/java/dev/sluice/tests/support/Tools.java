package dev.sluice.tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tools and rights that a machine may lack: a test that needs one is skipped, and says why. */
public final class Tools {
  private Tools() {}

  public static void assumeTool(String name) {
    boolean found =
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    assumeTrue(found, "needs " + name + " on the PATH");
  }

  /** Some JDKs are runtimes only. The compiler also runs a program from its source. */
  public static void assumeCompiler() {
    boolean found = ModuleFinder.ofSystem().find("jdk.compiler").isPresent();
    assumeTrue(found, "needs a JDK with a compiler; this one has no module jdk.compiler");
  }

  public static void assumeRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount");
  }

  /** The size of a page in bytes: 4096, or more on other processors. */
  public static int pageSize() throws IOException, InterruptedException {
    return Integer.parseInt(run("getconf", "PAGESIZE").trim());
  }

  /** Runs a command that mounts, which a container may forbid to root, or a kernel not know. */
  private static void mount(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(arguments));
    assumeRuns("the right to mount", command.toArray(new String[0]));
  }

  /** Runs a command, which ends with status 0 where the machine has what a test needs. */
  public static void assumeRuns(String needs, String... command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assumeTrue(process.waitFor() == 0, "needs " + needs + ": " + output);
  }

  /** Runs a command, which must exit with status 0; returns its output. */
  public static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + output);
    return output;
  }

  /** A mounted file system, unmounted at the end. */
  public record Mount(Path folder) implements AutoCloseable {
    public static Mount of(Path folder, String type, String options)
        throws IOException, InterruptedException {
      assumeRoot();
      mount("-t", type, "-o", options, type, folder.toString());
      return new Mount(folder);
    }

    /** A directory once more, by another path. */
    public static Mount again(Path directory, Path folder)
        throws IOException, InterruptedException {
      assumeRoot();
      mount("--bind", directory.toString(), folder.toString());
      return new Mount(folder);
    }

    /**
     * A file system of its own, made in a sparse image.
     *
     * @param folder an empty directory, which gets the image beside it
     * @param type the type, such as xfs
     * @param options of mkfs
     */
    public static Mount ofImage(Path folder, String type, String... options)
        throws IOException, InterruptedException {
      assumeRoot();
      assumeTool("mkfs." + type);
      assumeTrue(Files.exists(Path.of("/dev/loop-control")), "needs loop devices");
      Path image = folder.resolveSibling(folder.getFileName() + ".img");
      run("truncate", "-s", "400M", image.toString());
      List<String> command = new ArrayList<>(List.of("mkfs." + type, "-q"));
      command.addAll(List.of(options));
      command.add(image.toString());
      run(command.toArray(new String[0]));
      mount("-t", type, "-o", "loop", image.toString(), folder.toString());
      return new Mount(folder);
    }

    @Override
    public void close() throws IOException {
      try {
        run("umount", folder.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
