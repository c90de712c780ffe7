package dev.sluice.bench;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what {@code --diff} prints. */
final class DiffLines {
  /** A cell, a contender and three figures: GB/s, then, times. */
  private static final Pattern MOVED =
      Pattern.compile("(\\S+/\\S+) +(\\S.*?) +[0-9.]+ +[0-9.]+ +[0-9.]+");

  private DiffLines() {}

  /** The speeds that moved, each as its cell and its contender. */
  static Set<String> moved(String diff) {
    return diff.lines()
        .map(MOVED::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(1) + " " + line.group(2))
        .collect(Collectors.toSet());
  }
}
