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

/** The same comparison in a process of another JDK. */
public final class JdkProcess {
  private static final long SECONDS_TO_END = 10;
  private final Path home;
  private final String mainClass;

  /**
   * A process that has not been started.
   *
   * @param home the directory of the JDK
   * @param mainClass the comparison's own
   */
  public JdkProcess(Path home, String mainClass) {
    this.home = home;
    this.mainClass = mainClass;
  }

  /**
   * Runs it to its end.
   *
   * @param directory for its report and what it writes, in a directory of its own
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

  /** It is told to end, and writes its report of what was done. */
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
