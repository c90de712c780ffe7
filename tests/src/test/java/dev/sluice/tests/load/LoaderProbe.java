package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChildJvm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A JVM of its own, which prints whether the library is there and why not, and transfers. */
final class LoaderProbe {
  private LoaderProbe() {}

  public static void main(String[] arguments) throws IOException {
    System.out.println("available: " + Sluice.isAvailable());
    System.out.println(
        "cause: " + Sluice.unavailabilityCause().map(Throwable::getMessage).orElse("none"));
    System.out.println(Sluice.diagnostics());
    Path source = Files.writeString(Path.of(arguments[0]), "what is moved");
    Path target = Files.writeString(Path.of(arguments[1]), "");
    try (FileChannel from = FileChannel.open(source);
        FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
      long moved = Sluice.transferTo(from, 0, 100, to);
      System.out.println("moved: " + moved + " " + Files.readString(target));
      try {
        Mechanism.SENDFILE.transferTo(from, 0, 100, to);
      } catch (UnsupportedMechanismException e) {
        System.out.println("exact: " + e.getMessage());
      }
    }
    try {
      Sluice.ensureAvailable();
      System.out.println("ensured");
    } catch (UnsatisfiedLinkError e) {
      System.out.println("not ensured: " + e.getMessage());
    }
  }

  /** Runs the probe with two files of its own in a directory, and returns its output. */
  static String run(ChildJvm child, Path directory) throws IOException, InterruptedException {
    Path files = Files.createTempDirectory(directory, "probe");
    ChildJvm.Result result =
        child.run(
            LoaderProbe.class,
            files.resolve("source").toString(),
            files.resolve("target").toString());
    assertEquals(0, result.exit(), result.output());
    assertTrue(result.output().contains("moved: 13 what is moved"), result.output());
    return result.output();
  }

  /** The library is loaded. */
  static String assertAvailable(ChildJvm child, Path directory)
      throws IOException, InterruptedException {
    String output = run(child, directory);
    assertTrue(output.contains("available: true"), output);
    return output;
  }

  /** The library is not loaded, for these reasons; the drop-in method transfers nevertheless. */
  static String assertUnavailable(ChildJvm child, Path directory, String... causes)
      throws IOException, InterruptedException {
    String output = run(child, directory);
    assertTrue(output.contains("available: false"), output);
    assertTrue(output.contains("not ensured: "), output);
    assertTrue(output.contains("exact: SENDFILE: library: ENOSYS"), output);
    for (String cause : causes) {
      assertTrue(output.lines().anyMatch(line -> isCause(line, cause)), output);
    }
    return output;
  }

  private static boolean isCause(String line, String cause) {
    return line.startsWith("cause: ") && line.contains(cause);
  }
}
