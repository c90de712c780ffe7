package dev.sluice.tests.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** The files that the build lays out for the tests of the released jar. */
public final class ReleasedFiles {
  private ReleasedFiles() {}

  /** The directory with the jars of a program that uses the released one. */
  public static Path program(String name) {
    return folder("dev.sluice.tests.consumers").resolve(name);
  }

  /** The Maven layout. */
  public static Path repository() {
    return folder("dev.sluice.tests.repository");
  }

  /** One of the files of the release, by what follows its version. */
  public static Path file(String ending) {
    return file("sluice", ending);
  }

  /** One of the files of an artifact, by what follows its version. */
  public static Path file(String artifact, String ending) {
    String version = System.getProperty("dev.sluice.tests.version");
    return repository()
        .resolve("dev/sluice")
        .resolve(artifact)
        .resolve(String.valueOf(version))
        .resolve(artifact + "-" + version + ending);
  }

  /** The root of the sources. */
  public static Path sources() {
    return folder("dev.sluice.tests.sources");
  }

  public static Path folder(String property) {
    String folder = System.getProperty(property);
    assumeTrue(folder != null, "needs what ./gradlew check builds: -D" + property);
    return Path.of(folder);
  }
}
