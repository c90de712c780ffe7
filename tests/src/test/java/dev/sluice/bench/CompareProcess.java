package dev.sluice.bench;

import dev.sluice.bench.report.JsonReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The comparison in a process of its own, as {@code ./gradlew compare} runs it. */
final class CompareProcess implements AutoCloseable {
  private static final long LIMIT_SECONDS = 200;

  private final Path directory;
  private final Path out;
  private final Path err;
  private final Process process;

  private CompareProcess(Path directory, Process process) {
    this.directory = directory;
    this.out = directory.resolve("out.txt");
    this.err = directory.resolve("err.txt");
    this.process = process;
  }

  /** Starts it; its report goes to the directory. */
  static CompareProcess start(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true"));
    for (String name : List.of("dev.sluice.bench.library", "dev.sluice.bench.peer")) {
      command.add("-D" + name + "=" + System.getProperty(name));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Compare.class.getName()));
    command.addAll(List.of("--out", directory.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out.txt").toFile())
            .redirectError(directory.resolve("err.txt").toFile())
            .start();
    return new CompareProcess(directory, process);
  }

  /** A file of that many bytes, no two pages alike. */
  static Path file(Path directory, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(directory.resolve("file.bin"), content);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Its exit status. */
  int status() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("compare still runs after " + LIMIT_SECONDS + " s");
    }
    return process.exitValue();
  }

  /** Waits for something to become true while it runs. */
  void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("there was no " + what);
      }
      Thread.sleep(5);
    }
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() {
    try {
      return Files.readString(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path json() {
    return directory.resolve(JsonReport.FILE_NAME);
  }

  Path page() {
    return directory.resolve("index.html");
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
