package dev.sluice.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The private directory in which the library of the jar lies while it is loaded. Nobody else can
 * write there, and nobody else may be able to put another directory in its place.
 */
final class Workdir {
  private static final String PROPERTY = "dev.sluice.workdir";

  // inode(7)
  private static final int S_ISVTX = 01000;
  private static final int S_IWOTH = 00002;

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
      ensureNobodyElseRules(parent, number(directory, "uid"));
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

  private static void ensureNobodyElseRules(Path parent, int self) throws IOException {
    int owner = number(parent, "uid");
    if (owner != 0 && owner != self) {
      throw new IOException(
          parent
              + " belongs to another user (uid "
              + owner
              + "), who could swap the library in it; "
              + moved());
    }
    int mode = number(parent, "mode");
    if ((mode & S_IWOTH) != 0 && (mode & S_ISVTX) == 0) {
      throw new IOException(
          parent
              + " can be written by everybody and has no sticky bit, so that anybody could swap"
              + " the library in it; "
              + moved());
    }
  }

  private static int number(Path path, String attribute) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:" + attribute);
  }
}
