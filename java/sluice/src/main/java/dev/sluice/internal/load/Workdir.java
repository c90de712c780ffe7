package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The private directory in which the library of the jar lies while it is loaded. Nobody else can
 * write there, and it does not lie in a directory of somebody else, who could put another in its
 * place. One that everybody may write to is trusted, as Kubernetes gives a container its volumes.
 */
final class Workdir {
  private static final String PROPERTY = "dev.sluice.workdir";

  private Workdir() {}

  /**
   * Creates the directory, below {@code dev.sluice.workdir} or else {@code java.io.tmpdir}. A
   * symbolic link is followed: what counts is the directory that it leads to.
   *
   * @throws IOException if it cannot be created there, or would not be private there
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
      ensureOwn(parent, number(directory, "uid"));
    } catch (IOException | RuntimeException e) {
      Files.delete(directory);
      throw e;
    }
    return directory;
  }

  /** What to do where a directory will not do. */
  static String moved() {
    return "-D" + PROPERTY + "=DIRECTORY names another one";
  }

  private static void ensureOwn(Path parent, int self) throws IOException {
    int owner = number(parent, "uid");
    if (owner != 0 && owner != self) {
      throw new IOException(
          parent
              + " belongs to another user (uid "
              + owner
              + "), who could swap the library in it; "
              + moved());
    }
  }

  private static int number(Path path, String attribute) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:" + attribute);
  }
}
