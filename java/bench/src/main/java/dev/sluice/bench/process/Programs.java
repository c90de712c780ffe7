package dev.sluice.bench.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The programs of this machine. */
public final class Programs {
  private Programs() {}

  /** Whether a directory of the {@code PATH} has the program. */
  public static boolean isThere(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }
}
