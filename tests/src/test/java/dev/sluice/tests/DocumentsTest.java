package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of docs/ keep up with the library. */
class DocumentsTest {
  private static final Pattern COMMENTS =
      Pattern.compile("/\\*.*?\\*/|^\\s*//.*?$", Pattern.DOTALL | Pattern.MULTILINE);

  /** Those of JFR's events hold texts, which are shown by its tools. */
  private static final Pattern ANNOTATIONS = Pattern.compile("@\\w+\\([^)]*\\)");

  private static final Pattern PATTERNS =
      Pattern.compile("(new Meaning|Pattern\\.compile)\\(\\s*\"(?:[^\"\\\\]|\\\\.)*\"");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern PLACES = Pattern.compile("%\\d\\$s|%s|%d|\\\\n");

  /** Shorter ones are names. */
  private static final int SHORTEST = 14;

  @Test
  void everyMessageOfTheLibraryIsInTheTroubleshooting() throws IOException {
    Path sources = Released.sources();
    String page = inOneLine(Files.readString(sources.resolve("docs/troubleshooting.md")));
    Set<String> messages = new TreeSet<>();
    try (Stream<Path> all = Files.walk(sources.resolve("java/sluice/src/main/java"))) {
      for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
        // What the program prints about itself is no message of the library.
        if (!file.endsWith("Main.java")) {
          messages.addAll(messages(Files.readString(file)));
        }
      }
    }
    assertTrue(messages.size() > 50, messages.toString());
    messages.removeIf(page::contains);
    assertEquals(Set.of(), messages);
  }

  /** The parts of the texts in a source which do not differ from case to case. */
  private static List<String> messages(String source) {
    String code = COMMENTS.matcher(source).replaceAll("");
    code = PATTERNS.matcher(ANNOTATIONS.matcher(code).replaceAll("")).replaceAll("");
    code = code.replaceAll("\"\\s*\\+\\s*\"", "");
    List<String> messages = new ArrayList<>();
    Matcher literal = LITERAL.matcher(code);
    while (literal.find()) {
      for (String part : PLACES.split(literal.group(1))) {
        String message = inOneLine(part);
        if (message.length() >= SHORTEST && message.contains(" ")) {
          messages.add(message);
        }
      }
    }
    return messages;
  }

  private static String inOneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  @Test
  void everyLinkBetweenThePagesLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link =
          Pattern.compile("\\]\\(([^)#:]+)(#[\\w-]+)?\\)").matcher(Files.readString(page));
      while (link.find()) {
        Path target = page.resolveSibling(link.group(1));
        if (!Files.exists(target) || !hasHeading(target, link.group(2))) {
          dead.add(page.getFileName() + ": " + link.group());
        }
      }
    }
    assertEquals(List.of(), dead);
  }

  /** The pages at the top, and those below docs/. */
  private static List<Path> pages() throws IOException {
    Path sources = Released.sources();
    try (Stream<Path> top = Files.list(sources);
        Stream<Path> docs = Files.walk(sources.resolve("docs"))) {
      return Stream.concat(top, docs).filter(path -> path.toString().endsWith(".md")).toList();
    }
  }

  private static boolean hasHeading(Path page, String anchor) throws IOException {
    return anchor == null
        || Files.readAllLines(page).stream()
            .filter(line -> line.startsWith("#"))
            .map(line -> line.replaceFirst("#+ ", "").toLowerCase().replace(' ', '-'))
            .anyMatch(anchor.substring(1)::equals);
  }

  @Test
  void thePagesAndTheCratesHaveTheVersionThatIsBuilt() throws IOException {
    String version = System.getProperty("dev.sluice.tests.version");
    Pattern named =
        Pattern.compile(
            "dev\\.sluice:sluice:([\\w.-]+)'|sluice-(\\d[\\w.-]*)\\.jar|<version>(.*?)</version>");
    Set<String> versions = new TreeSet<>();
    for (Path page : pages()) {
      Matcher name = named.matcher(Files.readString(page));
      while (name.find()) {
        versions.add(Stream.of(1, 2, 3).map(name::group).filter(Objects::nonNull).findAny().get());
      }
    }
    assertEquals(Set.of(version), versions);
    String cargo = Files.readString(Released.sources().resolve("Cargo.toml"));
    assertTrue(cargo.contains("\nversion = \"" + version + "\"\n"), cargo);
  }

  @Test
  void theChangelogHasWhatComesNextAboveTheVersionThatIsBuilt() throws IOException {
    String version = System.getProperty("dev.sluice.tests.version");
    List<String> headings =
        Files.readAllLines(Released.sources().resolve("CHANGELOG.md")).stream()
            .filter(line -> line.startsWith("## "))
            .limit(2)
            .toList();
    assertEquals("## [Unreleased]", headings.get(0));
    String released = headings.get(1);
    assertTrue(released.matches("## \\[\\Q" + version + "\\E] - \\d{4}-\\d{2}-\\d{2}"), released);
  }

  @Test
  void everyPathThatContributorsAreToTouchExists() throws IOException {
    Path sources = Released.sources();
    String page = Files.readString(sources.resolve("CONTRIBUTING.md"));
    Matcher path = Pattern.compile("`((?:rust|java|tests|docs)/[\\w./-]+)`").matcher(page);
    List<String> missing = new ArrayList<>();
    int found = 0;
    while (path.find()) {
      // What a build makes is there only after it.
      if (!path.group(1).contains("/build/")) {
        found++;
        if (!Files.exists(sources.resolve(path.group(1)))) {
          missing.add(path.group(1));
        }
      }
    }
    assertTrue(found > 20, "too few paths: " + found);
    assertEquals(List.of(), missing);
  }

  @Test
  void contributorsAreToldOfEverySourceThatNamesAMechanism() throws IOException {
    Path sources = Released.sources();
    String page = Files.readString(sources.resolve("CONTRIBUTING.md"));
    Mechanism latest = Mechanism.values()[Mechanism.values().length - 1];
    String inRust =
        Stream.of(latest.name().split("_"))
            .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
            .collect(Collectors.joining());
    Pattern names = Pattern.compile("\\b(" + latest.name() + "|Mechanism::" + inRust + ")\\b");
    List<String> untold = new ArrayList<>();
    int found = 0;
    for (String folder :
        List.of("rust/sluice/src", "rust/sluice-jni/src", "java/sluice/src", "java/bench/src")) {
      try (Stream<Path> files = Files.walk(sources.resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String code = COMMENTS.matcher(Files.readString(file)).replaceAll("");
          // The file of a mechanism has its name; the page shows one as a model.
          boolean isItsOwn =
              file.getFileName().toString().equals(latest.name().toLowerCase(Locale.ROOT) + ".rs");
          if (names.matcher(code).find() && !isItsOwn) {
            found++;
            String path = sources.relativize(file).toString();
            if (!page.contains("`" + path + "`")) {
              untold.add(path);
            }
          }
        }
      }
    }
    assertTrue(found > 2, "too few sources: " + found);
    assertEquals(List.of(), untold);
  }
}
