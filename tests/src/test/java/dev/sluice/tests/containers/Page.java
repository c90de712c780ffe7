package dev.sluice.tests.containers;

import dev.sluice.tests.support.ReleasedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The examples of docs/class-loaders.md, which the tests of this room run. */
final class Page {
  private static final Path PAGE = Path.of("docs/class-loaders.md");

  private Page() {}

  /** The one block of code that contains a text. */
  static String block(String text) throws IOException {
    String page = Files.readString(ReleasedFiles.sources().resolve(PAGE));
    Matcher block = Pattern.compile("(?s)```\\w*\n(.*?)```").matcher(page);
    while (block.find()) {
      if (block.group(1).contains(text)) {
        return block.group(1);
      }
    }
    throw new AssertionError(PAGE + " has no block with " + text);
  }
}
