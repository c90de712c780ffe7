package dev.sluice.internal.load;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A C library, told by the dynamic loader that a process has mapped. */
enum CLibrary {
  GLIBC("", "ld-linux[^/]*\\.so\\.\\d+|ld64\\.so\\.\\d+|ld\\.so\\.1|ld-\\d[.\\d]*\\.so"),
  MUSL("-musl", "ld-musl-[^/]*\\.so\\.\\d+"),
  BIONIC("-bionic", "linker(64)?"),
  UCLIBC("-uclibc", "ld(64)?-uClibc[^/]*\\.so[.\\d]*");

  /** What the name of a folder of the jar ends with. */
  final String suffix;

  private final Pattern loader;

  CLibrary(String suffix, String loader) {
    this.suffix = suffix;
    this.loader = Pattern.compile(".*/(" + loader + ")");
  }

  /** The first file of a list that is the loader of this library, or null. */
  @Nullable String loaderIn(List<String> files) {
    return files.stream().filter(file -> loader.matcher(file).matches()).findFirst().orElse(null);
  }

  @Override
  public String toString() {
    return suffix.isEmpty() ? "glibc" : suffix.substring(1);
  }
}
