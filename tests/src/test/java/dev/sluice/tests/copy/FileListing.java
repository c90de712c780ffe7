package dev.sluice.tests.copy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a directory holds, to be compared: kinds, bytes, permissions, attributes and links. */
final class FileListing {
  private FileListing() {}

  /** In microseconds, to which JDK 17 cuts the times that it copies. */
  static String sameTime(Path source, Path target) {
    try {
      Object expected = Files.getLastModifiedTime(source).to(TimeUnit.MICROSECONDS);
      Object found = Files.getLastModifiedTime(target).to(TimeUnit.MICROSECONDS);
      return found.equals(expected) ? ", modified as the source" : ", modified later";
    } catch (IOException e) {
      return ", one is no file";
    }
  }

  /** Each file below a folder with all that makes it up but its times. */
  static String listing(Path folder) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        files.put(folder.relativize(path).toString(), describe(path, folder));
      }
    }
    return files.toString();
  }

  static String describe(Path path, Path folder) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path).toString().replace(folder.toString(), "");
    }
    String mode =
        Integer.toOctalString(
            (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS));
    if (!Files.isRegularFile(path)) {
      return mode;
    }
    boolean coloured =
        Files.getFileAttributeView(path, java.nio.file.attribute.UserDefinedFileAttributeView.class)
            .list()
            .contains("colour");
    return mode
        + (coloured ? " coloured " : " ")
        + Files.size(path)
        + " bytes, hash "
        + Arrays.hashCode(Files.readAllBytes(path));
  }

  static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> content = Files.newDirectoryStream(path)) {
        for (Path inside : content) {
          delete(inside);
        }
      }
    }
    Files.delete(path);
  }
}
