package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
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
    Stream.of(
            System.getProperty("java.io.tmpdir"),
            "/tmp",
            "/var/tmp",
            "/dev/shm",
            System.getenv("XDG_RUNTIME_DIR"),
            System.getProperty("user.home"),
            System.getProperty("user.dir"))
        .filter(Objects::nonNull)
        // Without a home the JDK says "?".
        .filter(path -> !List.of("", "?").contains(path))
        .forEach(candidates::add);
    return candidates;
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
