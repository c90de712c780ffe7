package dev.sluice.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tests.support.ReleasedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pages of docs/ keep up with the library. */
@Tag("any-jdk")
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
    Path sources = ReleasedFiles.sources();
    String page = inOneLine(Files.readString(sources.resolve("docs/troubleshooting.md")));
    Set<String> messages = new TreeSet<>();
    try (Stream<Path> all = Files.walk(sources.resolve("java/sluice/src/main/java"))) {
      for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
        // The output of the program is no message of the library.
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
    Path sources = ReleasedFiles.sources();
    List<String> dead = new ArrayList<>();
    List<Path> pages;
    try (Stream<Path> top = Files.list(sources);
        Stream<Path> docs = Files.walk(sources.resolve("docs"))) {
      pages = Stream.concat(top, docs).filter(path -> path.toString().endsWith(".md")).toList();
    }
    for (Path page : pages) {
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

  private static boolean hasHeading(Path page, String anchor) throws IOException {
    return anchor == null
        || Files.readAllLines(page).stream()
            .filter(line -> line.startsWith("#"))
            .map(line -> line.replaceFirst("#+ ", "").toLowerCase().replace(' ', '-'))
            .anyMatch(anchor.substring(1)::equals);
  }
}
