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

  /** A line across the whole width. */
  void rule() {
    add("%s", RULE);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
