package dev.sluice.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A C library is known by the name of its loader. */
class CLibraryTest {
  /** What the names are, in one expression each. */
  private static final Map<CLibrary, String> NAMES =
      Map.of(
          CLibrary.GLIBC,
          "ld-linux[^/]*\\.so\\.\\d+|ld64\\.so\\.\\d+|ld\\.so\\.1|ld-\\d[.\\d]*\\.so",
          CLibrary.MUSL,
          "ld-musl-[^/]*\\.so\\.\\d+",
          CLibrary.BIONIC,
          "linker(64)?",
          CLibrary.UCLIBC,
          "ld(64)?-uClibc[^/]*\\.so[.\\d]*");

  private static final List<String> BEGINS =
      List.of(
          "",
          "x",
          "ld",
          "ld-",
          "ld64",
          "ld-linux",
          "ld-linux-x86-64",
          "ld-2",
          "ld-2.31",
          "ld-.",
          "ld-2x",
          "ld-musl-",
          "ld-musl-x86_64",
          "ld-musl",
          "ld-uClibc",
          "ld64-uClibc-1.0",
          "ld65-uClibc",
          "linker",
          "linker64",
          "linker32",
          "linker.so.1/ld",
          "ld-linux.so.1");

  private static final List<String> ENDS =
      List.of(
          "",
          ".so",
          ".so.",
          ".so.1",
          ".so.12",
          ".so.1.2",
          ".so..",
          ".so.x",
          ".so.1x",
          ".so.1.bak",
          ".so.so",
          ".so.so.1",
          ".so.1.so",
          ".1",
          "so.1",
          "/",
          "/.so.1");

  @Test
  void everyNameIsThatOfTheLibraryWhoseLoaderHasIt() {
    for (String begin : BEGINS) {
      for (String end : ENDS) {
        ensureKnown("/lib/" + begin + end);
        ensureKnown(begin + end);
      }
    }
  }

  private static void ensureKnown(String file) {
    NAMES.forEach(
        (library, names) -> {
          boolean isLoader = Pattern.matches(".*/(" + names + ")", file);
          assertEquals(
              isLoader ? file : null, library.loaderIn(List.of(file)), library + " " + file);
        });
  }
}
