package dev.sluice.bench;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the bytes are and where they go.
 *
 * @param file to move
 * @param directory for the files that are written
 * @param other the same on another file system than the file's, or null where there is none
 */
record Workspace(Path file, Path directory, Path other) {
  static Workspace of(Path file, Path directory) throws IOException {
    FileStore own = Files.getFileStore(file);
    for (String each :
        List.of(
            "/dev/shm", System.getProperty("java.io.tmpdir"), System.getProperty("user.home"))) {
      Path path = Path.of(each);
      if (Files.isWritable(path) && !Files.getFileStore(path).equals(own)) {
        return new Workspace(file, directory, path);
      }
    }
    return new Workspace(file, directory, null);
  }
}
