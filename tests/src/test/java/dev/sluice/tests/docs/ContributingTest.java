package dev.sluice.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code CONTRIBUTING.md} names the files that a change touches, and those files are there. */
@Tag("any-jdk")
class ContributingTest {
  private static final Path SOURCES = Path.of(System.getProperty("dev.sluice.tests.sources"));
  private static final Pattern COMMENTS =
      Pattern.compile("/\\*.*?\\*/|^\\s*//.*?$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern PATHS = Pattern.compile("`((?:rust|java|tests|docs)/[\\w./-]+)`");

  /** Where the library, the core and the comparison have their sources. */
  private static final List<String> FOLDERS =
      List.of("rust/sluice/src", "rust/sluice-jni/src", "java/sluice/src", "java/bench/src");

  @Test
  void everyFileThatThePageNamesExists() throws IOException {
    List<String> missing = new ArrayList<>();
    int found = 0;
    Matcher path = PATHS.matcher(page());
    while (path.find()) {
      // What a build makes is there only after it.
      if (!path.group(1).contains("/build/")) {
        found++;
        if (!Files.exists(SOURCES.resolve(path.group(1)))) {
          missing.add(path.group(1));
        }
      }
    }
    assertTrue(found > 20, "too few paths: " + found);
    assertEquals(List.of(), missing);
  }

  @Test
  void thePageNamesEverySourceThatNamesTheLatestMechanism() throws IOException {
    String page = page();
    Mechanism[] all = Mechanism.values();
    String latest = all[all.length - 1].name();
    String ownFile = latest.toLowerCase(Locale.ROOT);
    Pattern names = Pattern.compile("\\b(" + latest + "|Mechanism::" + inRust(latest) + ")\\b");
    List<String> untold = new ArrayList<>();
    int found = 0;
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.walk(SOURCES.resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String path = SOURCES.relativize(file).toString();
          // A mechanism has a file, or files, of its own name; the page shows one as a model.
          boolean isItsOwn = path.matches(".*/" + ownFile + "(\\.rs|/.*)");
          String code = COMMENTS.matcher(Files.readString(file)).replaceAll("");
          if (!isItsOwn && names.matcher(code).find()) {
            found++;
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

  /** {@code DIRECT_IO} is {@code DirectIo} there. */
  private static String inRust(String mechanism) {
    return Stream.of(mechanism.split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private static String page() throws IOException {
    return Files.readString(SOURCES.resolve("CONTRIBUTING.md"));
  }
}
