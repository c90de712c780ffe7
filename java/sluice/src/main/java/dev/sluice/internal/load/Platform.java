package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The platform as the folders of the jar name it, such as {@code linux-x86_64}. */
final class Platform {
  /** The names of folders by {@code os.arch}, where the two differ. */
  private static final Map<String, String> ARCHITECTURES =
      Map.of("amd64", "x86_64", "aarch64", "aarch_64");

  private static final Path MAPPED_FILES = Path.of("/proc/self/maps");

  private Platform() {}

  /**
   * The name of this platform: the system, the architecture, and {@code -musl} where the JVM runs
   * on that C library.
   */
  static String name() {
    String system = property("os.name").replace(' ', '_');
    String architecture = property("os.arch");
    return system
        + "-"
        + ARCHITECTURES.getOrDefault(architecture, architecture)
        + (system.equals("linux") && isMusl() ? "-musl" : "");
  }

  /** Whether a list of mapped files, in the form of {@code proc(5)}, contains musl's loader. */
  static boolean isMusl(Stream<String> maps) {
    return maps.anyMatch(line -> line.contains("/ld-musl-"));
  }

  private static boolean isMusl() {
    try (Stream<String> maps = Files.lines(MAPPED_FILES)) {
      return isMusl(maps);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static String property(String name) {
    return System.getProperty(name, "").toLowerCase(Locale.ROOT);
  }
}
