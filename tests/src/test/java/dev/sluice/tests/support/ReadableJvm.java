package dev.sluice.tests.support;

import dev.sluice.Sluice;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A child JVM for any user: what it needs of the class path lies where everybody may read it. */
public final class ReadableJvm {
  private ReadableJvm() {}

  /** One whose classes, the library's and the tests' own, are copied to an empty folder. */
  public static ChildJvm in(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> copied = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (isNeeded(Path.of(part))) {
        Path copy = folder.resolve("code" + copied.size());
        copied.add(copyTree(Path.of(part), copy).toString());
      }
    }
    return new ChildJvm()
        .withClassPath(String.join(File.pathSeparator, copied))
        .with("-Djava.io.tmpdir=" + temporary);
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
}
