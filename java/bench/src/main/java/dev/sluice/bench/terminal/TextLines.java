package dev.sluice.bench.terminal;

import java.util.Locale;

/** Lines of text, at most 100 columns wide. */
final class TextLines {
  private static final int WIDTH = 100;
  private static final String RULE = "-".repeat(WIDTH);

  private final StringBuilder text = new StringBuilder();

  void add(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
  }

  /** A text in as many lines as it takes, each after an indentation of so many spaces. */
  void wrapped(int indentation, String words) {
    String margin = " ".repeat(indentation);
    StringBuilder line = new StringBuilder(margin);
    for (String word : words.split(" ")) {
      if (line.length() > indentation && line.length() + word.length() > WIDTH) {
        add("%s", line);
        line = new StringBuilder(margin);
      }
      line.append(word).append(' ');
    }
    add("%s", line);
  }

  /** A line across the whole width. */
  void rule() {
    add("%s", RULE);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
