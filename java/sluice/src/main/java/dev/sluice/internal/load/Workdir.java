package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The private directory that holds the library of the jar while it is loaded. No other user can
 * write there. The directory does not lie in a directory of another user either, because that user
 * could put another library in its place. A parent that everybody may write to is accepted:
 * Kubernetes gives its volumes to a container with such a mode.
 */
final class Workdir {
  private static final String PROPERTY = "dev.sluice.workdir";

  private Workdir() {}

  /**
   * Creates the directory below {@code dev.sluice.workdir}, or else below {@code java.io.tmpdir}. A
   * symbolic link is followed, and the directory that it leads to is checked.
   *
   * @throws IOException if the directory cannot be created there, or would not be private there
   */
  static Path create() throws IOException {
    String named = System.getProperty(PROPERTY);
    Path path = Path.of(named != null ? named : System.getProperty("java.io.tmpdir"));
    if (!Files.isDirectory(path) || !Files.isWritable(path)) {
      throw new IOException(path + " is not a directory that can be written; " + moved());
    }
    Path parent = path.toRealPath();
    Path directory =
        Files.createTempDirectory(
            parent,
            "sluice-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      ensureOwn(parent, unixNumber(directory, "uid"));
    } catch (IOException | RuntimeException e) {
      Files.delete(directory);
      throw e;
    }
    return directory;
  }

  /** The advice for a directory that cannot be used. */
  static String moved() {
    return "-D" + PROPERTY + "=DIRECTORY names another one";
  }

  private static void ensureOwn(Path parent, int self) throws IOException {
    int owner = unixNumber(parent, "uid");
    if (owner != 0 && owner != self) {
      throw new IOException(
          parent
              + " belongs to another user (uid "
              + owner
              + "), who could swap the library in it; "
              + moved());
    }
  }

  private static int unixNumber(Path path, String attribute) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:" + attribute);
  }
}
