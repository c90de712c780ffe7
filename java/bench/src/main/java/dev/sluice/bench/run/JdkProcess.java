package dev.sluice.bench.run;

import dev.sluice.bench.process.JavaProcess;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The same comparison in a process on another JDK. */
public final class JdkProcess {
  private static final long SECONDS_TO_END = 10;
  private final Path home;
  private final String mainClass;

  /**
   * A process that has not been started.
   *
   * @param home the directory of the JDK
   * @param mainClass the main class of the comparison
   */
  public JdkProcess(Path home, String mainClass) {
    this.home = home;
    this.mainClass = mainClass;
  }

  /**
   * Runs the process to its end, and answers its part of the report.
   *
   * @param directory the directory in which the process gets one of its own, for its report and
   *     what it writes
   */
  public Run run(Path directory, List<String> arguments) throws IOException {
    Path part = Files.createDirectories(directory.resolve("other-jdk"));
    Files.deleteIfExists(part.resolve(JsonReport.FILE_NAME));
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--out", part.toString()));
    Process process =
        new ProcessBuilder(JavaProcess.command(home, mainClass, all)).inheritIO().start();
    Thread ends = new Thread(() -> end(process));
    Runtime.getRuntime().addShutdownHook(ends);
    try {
      process.waitFor();
      Report report = JsonReport.read(part.resolve(JsonReport.FILE_NAME));
      return report.runs().get(0);
    } catch (InterruptedException e) {
      end(process);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the JDK in " + home + " ran");
    }
  }

  /** Tells the process to end. It writes its report of what was done before. */
  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
