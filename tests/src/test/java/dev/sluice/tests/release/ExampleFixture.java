package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ReleasedFiles;
import dev.sluice.tests.support.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** Runs an example by the {@code java} launcher, from its source, with the released jar. */
abstract class ExampleFixture {
  static final int LIMIT_SECONDS = 60;
  static final int SIZE = 3_000_000;
  static final byte[] CONTENT = new byte[SIZE];

  static {
    new Random(9).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  /** One example as a process, killed at the end. */
  record Running(Process process, String url) implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  static List<String> command(String example, List<String> options, String... arguments) {
    Tools.assumeCompiler();
    Path source = ReleasedFiles.sources().resolve("examples").resolve(example);
    List<String> command = new ArrayList<>(List.of(ChildJvm.java()));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", ReleasedFiles.file(".jar").toString(), source.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts a server on any port, and waits until it says where it listens. */
  Running server(String example, String... options) throws IOException {
    Path errors = directory.resolveSibling(directory.getFileName() + ".err");
    Process process =
        started(
            new ProcessBuilder(command(example, List.of(options), directory.toString(), "0"))
                .redirectError(errors.toFile()));
    BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream()));
    String url = output.readLine();
    if (url == null) {
      throw new AssertionError(example + ": " + Files.readString(errors));
    }
    Files.deleteIfExists(errors);
    return new Running(process, url);
  }

  /** Starts a process that does not outlive its test, which may be waiting for its output. */
  static Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    return process;
  }

  static byte[] curl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("curl", "--silent", "--max-time", "60"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertEquals(0, process.waitFor(), command.toString());
    return output;
  }

  static String text(byte[] bytes) {
    return new String(bytes);
  }

  static void assumeVirtualThreads() {
    assumeTrue(Runtime.version().feature() >= 21, "needs JDK 21 or newer: virtual threads");
    Tools.assumeTool("curl");
  }

  static String status(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--output", "/dev/null", "--write-out"));
    all.add("%{http_code}");
    all.addAll(List.of(arguments));
    return text(curl(all.toArray(new String[0])));
  }
}
