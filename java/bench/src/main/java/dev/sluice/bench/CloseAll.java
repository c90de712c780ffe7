package dev.sluice.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Closes many things, all of them, whatever one of them throws. */
final class CloseAll {
  private CloseAll() {}

  @SafeVarargs
  static void all(List<? extends Closeable>... lists) throws IOException {
    IOException first = null;
    for (List<? extends Closeable> list : lists) {
      for (Closeable each : list) {
        try {
          each.close();
        } catch (IOException e) {
          first = first == null ? e : first;
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
