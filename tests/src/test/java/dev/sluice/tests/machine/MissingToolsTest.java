package dev.sluice.tests.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The libraries of the release, on a machine whose Rust can build for none of the platforms. */
@Tag("any-jdk")
@Tag("slow")
class MissingToolsTest {
  private static final Path SOURCES = Path.of(System.getProperty("dev.sluice.tests.sources"));

  /** The Gradle that runs these tests, and the home of its Java. */
  private static final String GRADLE = System.getProperty("dev.sluice.tests.gradle");

  private static final String GRADLE_JAVA = System.getProperty("dev.sluice.tests.gradleJava");

  private static final List<String> PLATFORMS =
      List.of("linux-x86_64", "linux-aarch_64", "linux-x86_64-musl", "linux-aarch_64-musl");

  @TempDir Path directory;
  private Path checkout;

  private record Ended(int status, String output) {}

  @BeforeEach
  void copyOfTheBuildWithACompilerForNoPlatform() throws IOException {
    assumeTrue(GRADLE != null && Files.isExecutable(Path.of(GRADLE)), "needs the Gradle of check");
    checkout = directory.resolve("checkout");
    List<Path> scripts = new ArrayList<>();
    for (String folder : List.of(".", "gradle", "java", "tests")) {
      int depth = folder.equals("java") ? 2 : 1;
      try (Stream<Path> all = Files.walk(SOURCES.resolve(folder), depth)) {
        all.filter(each -> each.toString().matches(".*[.](gradle|properties)"))
            .forEach(scripts::add);
      }
    }
    scripts.add(SOURCES.resolve("Cargo.toml"));
    for (Path script : scripts) {
      Path copy = checkout.resolve(SOURCES.relativize(script.normalize()).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(script, copy);
    }
    Path rustc = directory.resolve("bin/rustc");
    Files.createDirectories(rustc.getParent());
    Files.writeString(
        rustc,
        "#!/bin/sh\n"
            + "case \"$*\" in\n"
            + ("*sysroot*) echo '" + directory.resolve("sysroot") + "' ;;\n")
            + "*) echo 'rustc 1.85.0 (of no platform)' ;;\n"
            + "esac\n");
    assertTrue(rustc.toFile().setExecutable(true));
  }

  private Ended gradle(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(GRADLE, "-p", checkout.toString()));
    command.addAll(List.of("--no-daemon", "--offline", "--console=plain"));
    command.addAll(List.of("-PrustSource=none", "-PzigTools.home=" + directory.resolve("zig")));
    command.addAll(List.of(arguments));
    File output = directory.resolve("output.txt").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
    builder.environment().merge("PATH", "", (path, none) -> directory.resolve("bin") + ":" + path);
    builder.environment().put("JAVA_HOME", GRADLE_JAVA);
    Process process = builder.start();
    assertTrue(process.waitFor(100, TimeUnit.SECONDS), "Gradle takes more than 100 s");
    return new Ended(process.exitValue(), Files.readString(output.toPath()));
  }

  @Test
  void aLocalBuildTellsEachPlatformInOneLineAndLeavesNoOlderLibraryInItsPlace() throws Exception {
    Path older = checkout.resolve("target/aarch64-unknown-linux-gnu/release/libsluice_jni.so");
    Files.createDirectories(older.getParent());
    Files.writeString(older, "of an earlier build");
    Ended ended = gradle("nativeLibraries");
    assertEquals(0, ended.status(), ended.output());
    List<String> told = ended.output().lines().filter(line -> line.contains("leaves out")).toList();
    assertEquals(PLATFORMS.size(), told.size(), ended.output());
    for (String platform : PLATFORMS) {
      String begin = "nativeLibraries leaves out " + platform + ": no source of Rust's";
      String line = told.stream().filter(each -> each.startsWith(begin)).findAny().orElse("");
      assertTrue(line.contains("`rustup component add rust-src`"), ended.output());
      assertTrue(line.contains("`rustup target add "), ended.output());
    }
    assertFalse(Files.exists(older), "the library of an earlier build would be packed");
  }

  @Test
  void aReleaseIsRefused() throws Exception {
    Ended ended = gradle("nativeLibraries", "-Prelease");
    assertNotEquals(0, ended.status(), ended.output());
    String expected = "A release has a library for " + String.join(", ", PLATFORMS) + ": no source";
    assertTrue(ended.output().contains(expected), ended.output());
  }
}
