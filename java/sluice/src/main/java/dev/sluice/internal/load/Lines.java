package dev.sluice.internal.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The lines of a text of which nobody says how its characters are encoded. */
final class Lines {
  private Lines() {}

  /** The lines, without what ends them; a byte is a character. */
  static List<String> of(byte[] text) {
    String all = new String(text, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < all.length()) {
      int end = all.indexOf('\n', from);
      int next = end < 0 ? all.length() : end;
      boolean hasReturn = next > from && all.charAt(next - 1) == '\r';
      lines.add(all.substring(from, hasReturn ? next - 1 : next));
      from = next + 1;
    }
    return lines;
  }
}
