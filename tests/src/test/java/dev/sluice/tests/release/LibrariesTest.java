package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ReleasedFiles;
import dev.sluice.tests.support.ReleasedLibraries;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the library of each platform asks of the machine that it is loaded on. */
class LibrariesTest {
  /**
   * A platform as {@code readelf} tells it.
   *
   * @param machine of the header
   * @param alignment of what is loaded: the largest page that a kernel of this processor has
   * @param needed the libraries, all parts of the C library
   */
  private record Expected(String machine, int alignment, Set<String> needed) {}

  private static final Map<String, Expected> EXPECTED =
      Map.of(
          "linux-x86_64",
          new Expected(
              "X86-64",
              0x1000,
              Set.of("libc.so.6", "libpthread.so.0", "libdl.so.2", "ld-linux-x86-64.so.2")),
          "linux-aarch_64",
          new Expected(
              "AArch64",
              0x10000,
              Set.of("libc.so.6", "libpthread.so.0", "libdl.so.2", "ld-linux-aarch64.so.1")),
          "linux-x86_64-musl",
          new Expected("X86-64", 0x1000, Set.of("libc.so")),
          "linux-aarch_64-musl",
          new Expected("AArch64", 0x10000, Set.of("libc.so")));

  /** What musl 1.2.1 and newer brought of what a library like this one may call. */
  private static final Set<String> SINCE_MUSL_1_2 =
      Set.of("gettid", "_Fork", "qsort_r", "reallocarray", "statx", "preadv2", "pwritev2");

  private static final Pattern NEEDED = Pattern.compile("\\(NEEDED\\).*\\[(.*)]");
  private static final Pattern LOADED = Pattern.compile("LOAD .* 0x([0-9a-f]+)");

  // Num: Value Size Type Bind Visibility Index Name
  private static final Pattern SYMBOL =
      Pattern.compile(
          "(?m)^ *\\d+: [0-9a-f]+ +\\d+ (\\w+) +(\\w+) +\\w+ +(\\w+) ([^\\s@]+)(@+\\S+)?.*$");

  @TempDir Path directory;

  static List<String> platforms() throws IOException {
    return ReleasedLibraries.platforms();
  }

  /** What this machine has no tools for, which is never so of a release. */
  private static List<String> leftOut() {
    String names = System.getProperty("dev.sluice.tests.leftOut", "");
    return names.isEmpty() ? List.of() : List.of(names.split(","));
  }

  @BeforeEach
  void readelf() {
    Tools.assumeTool("readelf");
  }

  private String read(String platform, String what) throws Exception {
    Path library = ReleasedLibraries.extracted(platform, directory);
    return Tools.run("readelf", what, "-W", library.toString());
  }

  private static Set<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theJarHasALibraryForEveryPlatform() throws IOException {
    Set<String> expected = new TreeSet<>(EXPECTED.keySet());
    assertEquals(expected.size(), platforms().size() + leftOut().size());
    expected.removeAll(leftOut());
    assertEquals(expected, new TreeSet<>(platforms()));
    assumeTrue(leftOut().isEmpty(), () -> "left out for want of tools: " + leftOut());
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void itIsOfTheProcessorOfItsPlatform(String platform) throws Exception {
    String header = read(platform, "-h");
    assertTrue(header.contains("ELF64"), header);
    assertTrue(header.contains("little endian"), header);
    assertTrue(header.contains("DYN "), header);
    assertTrue(header.contains(EXPECTED.get(platform).machine()), header);
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void itNeedsNothingButTheCLibrary(String platform) throws Exception {
    String dynamic = read(platform, "-d");
    Set<String> needed = all(NEEDED, dynamic);
    assertFalse(needed.isEmpty(), dynamic);
    needed.removeAll(EXPECTED.get(platform).needed());
    assertEquals(Set.of(), needed);
    assertFalse(dynamic.contains("RPATH") || dynamic.contains("RUNPATH"), dynamic);
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void itNeedsNoFunctionThatTheOldestCLibraryLacks(String platform) throws Exception {
    String symbols = read(platform, "--dyn-syms");
    boolean isMusl = platform.endsWith("-musl");
    Set<String> newer = new TreeSet<>();
    int[] undefined = {0};
    SYMBOL
        .matcher(symbols)
        .results()
        .filter(symbol -> symbol.group(3).equals("UND") && symbol.group(2).equals("GLOBAL"))
        .forEach(
            symbol -> {
              undefined[0]++;
              String version = symbol.group(5);
              // One without a version is looked for in every glibc, and not in each of them there.
              if (isMusl ? SINCE_MUSL_1_2.contains(symbol.group(4)) : !isOld(version)) {
                newer.add(symbol.group(4) + version);
              }
            });
    assertTrue(undefined[0] > 50, symbols);
    assertEquals(Set.of(), newer);
  }

  private static boolean isOld(String version) {
    return version != null
        && version.startsWith("@GLIBC_2.")
        && Integer.parseInt(version.split("[.@]")[2]) <= 17;
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void itExportsTheNativesAndNothingElse(String platform) throws Exception {
    Set<String> exported =
        SYMBOL
            .matcher(read(platform, "--dyn-syms"))
            .results()
            .filter(symbol -> !symbol.group(3).equals("UND"))
            .map(symbol -> symbol.group(4))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(ReleasedLibraries.exports(), exported);
    assertTrue(exported.size() > 10, exported.toString());
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void itIsStripped(String platform) throws Exception {
    String sections = read(platform, "-S");
    assertTrue(sections.contains(".text"), sections);
    assertFalse(sections.contains(".symtab"), sections);
    assertFalse(sections.contains(".debug"), sections);
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void noPageIsBothWrittenAndRun(String platform) throws Exception {
    String segments = read(platform, "-l");
    assertTrue(segments.lines().anyMatch(line -> line.contains("GNU_STACK")), segments);
    assertFalse(segments.lines().anyMatch(line -> line.matches(".*\\bR?WE\\b.*")), segments);
    String dynamic = read(platform, "-d");
    assertFalse(dynamic.contains("TEXTREL"), dynamic);
    assertTrue(dynamic.contains("BIND_NOW"), dynamic);
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void itIsLoadedWithTheLargestPages(String platform) throws Exception {
    String segments = read(platform, "-l");
    Set<String> alignments = all(LOADED, segments);
    assertFalse(alignments.isEmpty(), segments);
    for (String alignment : alignments) {
      int bytes = Integer.parseInt(alignment, 16);
      assertTrue(bytes >= EXPECTED.get(platform).alignment(), segments);
    }
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void whereItWasBuiltDoesNotShow(String platform) throws Exception {
    Path library = ReleasedLibraries.extracted(platform, directory);
    String bytes = new String(Files.readAllBytes(library), StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains("rust/sluice/src/"), "paths of panics");
    for (Object path : List.of(ReleasedFiles.sources(), System.getProperty("user.home"))) {
      assertFalse(bytes.contains(path + "/"), path.toString());
    }
  }
}
