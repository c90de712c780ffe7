package dev.sluice.internal.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A C library, told by the dynamic loader that a process has mapped. */
enum CLibrary {
  GLIBC(""),
  MUSL("-musl"),
  BIONIC("-bionic"),
  UCLIBC("-uclibc");

  /** A version of digits alone, of which there is one at least. */
  private static final boolean NUMBER = true;

  /** A version of digits and dots, perhaps empty. */
  private static final boolean ANY_VERSION = false;

  /** What the name of a folder of the jar ends with. */
  final String suffix;

  CLibrary(String suffix) {
    this.suffix = suffix;
  }

  /** The first file of a list that is the loader of this library, or null. */
  @Nullable String loaderIn(List<String> files) {
    for (String file : files) {
      int slash = file.lastIndexOf('/');
      if (slash >= 0 && ofLoader(file.substring(slash + 1)) == this) {
        return file;
      }
    }
    return null;
  }

  /** Whether the loader of some library is in a list of files. */
  static boolean isSeenIn(List<String> files) {
    for (CLibrary each : values()) {
      if (each.loaderIn(files) != null) {
        return true;
      }
    }
    return false;
  }

  /** The library whose loader has a name, or null. */
  private static @Nullable CLibrary ofLoader(String name) {
    if (name.equals("linker") || name.equals("linker64")) {
      return BIONIC;
    }
    // Most files are no loader.
    if (!name.startsWith("ld")) {
      return null;
    }
    if (name.startsWith("ld-musl-")) {
      return endsWith(".so.", NUMBER, name) ? MUSL : null;
    }
    if (name.startsWith("ld-uClibc") || name.startsWith("ld64-uClibc")) {
      return endsWith(".so", ANY_VERSION, name) ? UCLIBC : null;
    }
    boolean isOfGlibc =
        name.equals("ld.so.1")
            || name.startsWith("ld-linux") && endsWith(".so.", NUMBER, name)
            || name.startsWith("ld64.so.") && endsWith("ld64.so.", NUMBER, name)
            || isNumbered(name);
    return isOfGlibc ? GLIBC : null;
  }

  /** Whether a name is that of glibc's loader before 2.34, such as {@code ld-2.31.so}. */
  private static boolean isNumbered(String name) {
    String before = "ld-";
    String behind = ".so";
    int end = name.length() - behind.length();
    return name.startsWith(before)
        && name.endsWith(behind)
        && end > before.length()
        && isDigit(name.charAt(before.length()))
        && isVersion(name, before.length(), end, ANY_VERSION);
  }

  /** Whether a name has a mark and then a version. */
  private static boolean endsWith(String mark, boolean version, String name) {
    int at = name.lastIndexOf(mark);
    return at >= 0 && isVersion(name, at + mark.length(), name.length(), version);
  }

  private static boolean isVersion(String name, int from, int to, boolean version) {
    for (int at = from; at < to; at++) {
      char each = name.charAt(at);
      if (!isDigit(each) && !(version == ANY_VERSION && each == '.')) {
        return false;
      }
    }
    return version == ANY_VERSION || from < to;
  }

  private static boolean isDigit(char each) {
    return each >= '0' && each <= '9';
  }

  @Override
  public String toString() {
    return suffix.isEmpty() ? "glibc" : suffix.substring(1);
  }
}
