package dev.sluice.tests.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every example of the public Javadoc is code that compiles: its text is that of a region in {@link
 * JavadocSnippets}. {@code {@snippet}} would include such regions by itself, but javadoc has it
 * from JDK 18 on (JEP 413).
 */
@Tag("any-jdk")
class JavadocSnippetsTest {
  private static final Path SOURCES = Path.of(System.getProperty("dev.sluice.tests.sources"));

  /** Its content ends before the line that holds the closing brace of {@code {@code}. */
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?)^ +\\* }</pre>", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern REGION =
      Pattern.compile(
          "^ +// region (\\w+)\\n(.*?)^ +// endregion$", Pattern.DOTALL | Pattern.MULTILINE);

  @Test
  void everyExampleOfTheJavadocIsARegionThatCompilesAndEveryRegionIsShown() throws IOException {
    Map<String, List<String>> examples = examples();
    assertEquals(regions(), examples);
  }

  /** By the type whose source holds them. */
  private static Map<String, List<String>> examples() throws IOException {
    Map<String, List<String>> examples = new TreeMap<>();
    try (Stream<Path> sources =
        Files.list(SOURCES.resolve("java/sluice/src/main/java/dev/sluice"))) {
      for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        String type = source.getFileName().toString().replace(".java", "");
        Matcher example = EXAMPLE.matcher(Files.readString(source));
        while (example.find()) {
          String text = example.group(1).replaceAll("(?m)^ +\\* ?", "");
          examples.computeIfAbsent(type, name -> new ArrayList<>()).add(text);
        }
      }
    }
    return examples;
  }

  private static Map<String, List<String>> regions() throws IOException {
    Path source = SOURCES.resolve("tests/src/test/java/dev/sluice/tests/api/JavadocSnippets.java");
    Map<String, List<String>> regions = new TreeMap<>();
    Matcher region = REGION.matcher(Files.readString(source));
    while (region.find()) {
      // Without its end, which stripIndent would take for a line that is not indented.
      String text = region.group(2).stripTrailing().stripIndent() + "\n";
      regions.computeIfAbsent(region.group(1), name -> new ArrayList<>()).add(text);
    }
    return regions;
  }
}
