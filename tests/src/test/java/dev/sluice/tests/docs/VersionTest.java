package dev.sluice.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pages, the crates and the changelog name the version of {@code gradle.properties}. */
@Tag("any-jdk")
class VersionTest {
  private static final Path SOURCES = Path.of(System.getProperty("dev.sluice.tests.sources"));
  private static final String VERSION = System.getProperty("dev.sluice.tests.version");

  /** A dependency of Gradle, the name of a jar, and a dependency of Maven. */
  private static final Pattern NAMED =
      Pattern.compile(
          "dev\\.sluice:sluice:([\\w.-]+)'|sluice-(\\d[\\w.-]*)\\.jar|<version>(.*?)</version>");

  @Test
  void theExamplesOfThePagesUseTheVersionThatIsBuilt() throws IOException {
    Set<String> versions = new TreeSet<>();
    try (Stream<Path> top = Files.list(SOURCES);
        Stream<Path> docs = Files.walk(SOURCES.resolve("docs"))) {
      List<Path> pages =
          Stream.concat(top, docs).filter(path -> path.toString().endsWith(".md")).toList();
      for (Path page : pages) {
        Matcher named = NAMED.matcher(Files.readString(page));
        while (named.find()) {
          versions.add(
              Stream.of(1, 2, 3).map(named::group).filter(Objects::nonNull).findAny().get());
        }
      }
    }
    assertEquals(Set.of(VERSION), versions);
  }

  @Test
  void theCratesHaveTheVersionThatIsBuilt() throws IOException {
    String workspace = Files.readString(SOURCES.resolve("Cargo.toml"));
    assertTrue(workspace.contains("\nversion = \"" + VERSION + "\"\n"), workspace);
  }

  @Test
  void theChangelogHasWhatComesNextAboveTheVersionThatIsBuilt() throws IOException {
    List<String> headings =
        Files.readAllLines(SOURCES.resolve("CHANGELOG.md")).stream()
            .filter(line -> line.startsWith("## "))
            .limit(2)
            .toList();
    assertEquals("## [Unreleased]", headings.get(0));
    String newest = headings.get(1);
    assertTrue(newest.matches("## \\[\\Q" + VERSION + "\\E] - \\d{4}-\\d{2}-\\d{2}"), newest);
  }
}
