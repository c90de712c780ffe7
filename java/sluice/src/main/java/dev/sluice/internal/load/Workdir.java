package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The directories on whose file systems the library of the jar may be unpacked, in this order. */
final class Workdir {
  private static final String PROPERTY = "dev.sluice.workdir";

  private Workdir() {}

  /** The directory that the user names, or null. No other is tried then. */
  static @Nullable String named() {
    return System.getProperty(PROPERTY);
  }

  /**
   * The directory that the user names; or else the usual ones for temporary files, then those in
   * memory, then those of the user.
   */
  static Set<String> candidates() {
    String named = named();
    if (named != null) {
      return Set.of(named);
    }
    Set<String> candidates = new LinkedHashSet<>();
    add(System.getProperty("java.io.tmpdir"), candidates);
    add("/tmp", candidates);
    add("/var/tmp", candidates);
    add("/dev/shm", candidates);
    add(System.getenv("XDG_RUNTIME_DIR"), candidates);
    add(System.getProperty("user.home"), candidates);
    add(System.getProperty("user.dir"), candidates);
    return candidates;
  }

  /** Adds a directory that there is. Without a home the JDK says "?". */
  private static void add(@Nullable String directory, Set<String> candidates) {
    if (directory != null && !directory.isEmpty() && !directory.equals("?")) {
      candidates.add(directory);
    }
  }

  /**
   * The directory that a path leads to; symbolic links are followed.
   *
   * @throws IOException if it is no directory that can be written
   */
  static Path directory(String path) throws IOException {
    Path directory = Path.of(path);
    if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
      throw new IOException("is not a directory that can be written");
    }
    return directory.toRealPath();
  }

  /** The advice where no directory can be used. */
  static String moved() {
    return "-D" + PROPERTY + "=DIRECTORY names another one";
  }
}
