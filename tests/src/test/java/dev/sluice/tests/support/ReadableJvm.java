package dev.sluice.tests.support;

import dev.sluice.Sluice;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A child JVM for any user: everybody may read the part of the class path that it needs. */
public final class ReadableJvm {
  private ReadableJvm() {}

  /** The class path of all such children, copied when the first of them is made. */
  private static final class Copied {
    static final String CLASS_PATH = copied();

    private static String copied() {
      try {
        Path folder = Files.createTempDirectory("readable");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        List<String> copied = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
          if (isNeeded(Path.of(part))) {
            Path copy = folder.resolve("code" + copied.size());
            copied.add(copyTree(Path.of(part), copy).toString());
          }
        }
        return String.join(File.pathSeparator, copied);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** One whose temporary directory lies in an empty folder. */
  public static ChildJvm in(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
    return new ChildJvm().withClassPath(Copied.CLASS_PATH).with("-Djava.io.tmpdir=" + temporary);
  }

  private static boolean isNeeded(Path part) {
    return Files.isRegularFile(part)
        ? part.getFileName().toString().startsWith("sluice")
        : Stream.of(Sluice.class, ReadableJvm.class)
            .anyMatch(known -> Files.exists(part.resolve(folder(known))));
  }

  private static String folder(Class<?> known) {
    return known.getPackageName().replace('.', '/');
  }

  private static Path copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path copied = to.resolve(from.relativize(each).toString());
        Files.copy(each, copied, LinkOption.NOFOLLOW_LINKS);
        boolean isFolder = Files.isDirectory(copied);
        Files.setPosixFilePermissions(
            copied, PosixFilePermissions.fromString(isFolder ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
    return to;
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
