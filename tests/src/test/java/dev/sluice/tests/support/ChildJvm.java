package dev.sluice.tests.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class in a JVM of its own: with other properties, or because it could crash. */
public final class ChildJvm {
  private static final long LIMIT_SECONDS = 60;

  private final List<String> before = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private boolean isChecked = true;
  private boolean isOptimizing;
  private long limitSeconds = LIMIT_SECONDS;
  private String classPath = System.getProperty("java.class.path");

  /** The end of a child: its exit status and all its output. */
  public record Result(int exit, String output) {}

  /** A command that runs the JVM, such as strace. */
  public ChildJvm under(String... command) {
    before.addAll(List.of(command));
    return this;
  }

  public ChildJvm with(String... jvmOptions) {
    options.addAll(List.of(jvmOptions));
    return this;
  }

  /** Without {@code -Xcheck:jni}, under which no handler of a signal may be set. */
  public ChildJvm unchecked() {
    isChecked = false;
    return this;
  }

  /**
   * With the JVM's optimizing compiler, for a child that tests what compiled code does. Most
   * children end before that compiler's work pays; it would be a third of their time.
   */
  public ChildJvm optimizing() {
    isOptimizing = true;
    return this;
  }

  /** For a child that computes longer than others, on a machine that may do much else. */
  public ChildJvm within(long seconds) {
    limitSeconds = seconds;
    return this;
  }

  public ChildJvm withClassPath(String path) {
    classPath = path;
    return this;
  }

  public ChildJvm withFirstOnClassPath(Path jar) {
    classPath = jar + File.pathSeparator + classPath;
    return this;
  }

  public Result run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.add(java());
    if (isChecked) {
      command.add("-Xcheck:jni");
    }
    if (!isOptimizing) {
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("--enable-native-access=ALL-UNNAMED");
    for (String inherited : List.of("dev.sluice.library.path", "dev.sluice.internals")) {
      String value = System.getProperty(inherited);
      if (value != null) {
        command.add("-D" + inherited + "=" + value);
      }
    }
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return run(command, limitSeconds);
  }

  /** The java of the JDK that the tests run on. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Runs a command to its end, which must come in time. */
  public static Result run(List<String> command) throws IOException, InterruptedException {
    return run(command, LIMIT_SECONDS);
  }

  private static Result run(List<String> command, long limitSeconds)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("child", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + limitSeconds + " s: " + command);
      }
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }
}
