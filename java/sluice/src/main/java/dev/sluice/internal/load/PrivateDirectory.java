package dev.sluice.internal.load;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A directory of this user alone, which holds the library while it is loaded by its name: the way
 * where no {@link NamelessFile} can be had. It does not lie in a directory of another user, because
 * that user could put another directory in its place. A parent that everybody may write to is
 * accepted: Kubernetes gives its volumes to a container with such a mode.
 */
final class PrivateDirectory implements UnpackedLibrary {
  private static final String FILE_NAME = "libsluice.so";

  private final Path directory;
  private final Path file;

  private PrivateDirectory(Path directory) {
    this.directory = directory;
    file = directory.resolve(FILE_NAME);
  }

  /**
   * Creates the directory, and the file in it.
   *
   * @throws IOException if it cannot be created there, or would not be private there
   */
  static PrivateDirectory create(Path parent, byte[] content) throws IOException {
    Path path =
        Files.createTempDirectory(
            parent,
            "sluice-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    PrivateDirectory directory = new PrivateDirectory(path);
    try {
      ensureOwn(parent, unixNumber(path, "uid"));
      Files.write(directory.file, content, CREATE_NEW, WRITE);
      return directory;
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static void ensureOwn(Path parent, int self) throws IOException {
    int owner = unixNumber(parent, "uid");
    if (owner != 0 && owner != self) {
      throw new IOException(
          "belongs to another user (uid " + owner + "), who could swap the library in it");
    }
  }

  private static int unixNumber(Path path, String attribute) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:" + attribute);
  }

  @Override
  public Path path() {
    return file;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(directory);
  }
}
