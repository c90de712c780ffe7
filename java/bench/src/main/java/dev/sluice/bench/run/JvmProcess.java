package dev.sluice.bench.run;

import com.google.gson.JsonParseException;
import dev.sluice.bench.process.JavaProcess;
import dev.sluice.bench.process.ProcessEnd;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** One fresh JVM that measures its share and leaves it as a report. */
public final class JvmProcess {
  private static final long SECONDS_TO_END = 10;

  private final int jvm;
  private final Path report;
  private final Process process;

  private JvmProcess(int jvm, Path report, Process process) {
    this.jvm = jvm;
    this.report = report;
    this.process = process;
  }

  /**
   * Starts a JVM.
   *
   * @param jvm the number of the JVM
   * @param home the directory of the JDK
   * @param mainClass the main class of the comparison
   * @param report where the JVM leaves its report
   */
  public static JvmProcess start(
      int jvm, Path home, String mainClass, List<String> arguments, Path report)
      throws IOException {
    Files.deleteIfExists(report);
    return new JvmProcess(
        jvm,
        report,
        new ProcessBuilder(JavaProcess.command(home, mainClass, arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Hands over each line that the JVM prints, until it ends. */
  public void follow(Consumer<String> lines) throws IOException {
    try (BufferedReader printed =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      printed.lines().forEach(lines);
    }
  }

  /** What the JVM measured, when it has ended. */
  public RunPart part() throws IOException, InterruptedException {
    int status = process.waitFor();
    if (!Files.exists(report)) {
      return new RunPart(jvm, null, "ended with status " + status + " and left no report");
    }
    Report left = read();
    Files.delete(report);
    if (left == null) {
      return new RunPart(jvm, null, "ended with status " + status + " and left a part of a report");
    }
    Run run = left.runs().get(0);
    return new RunPart(
        jvm, run, left.complete() ? null : "ended with status " + status + " before it was done");
  }

  /** The report that the JVM left, or null where it was killed while it wrote. */
  private Report read() throws IOException {
    try {
      return JsonReport.read(report);
    } catch (JsonParseException e) {
      return null;
    }
  }

  /** Tells the JVM to end. It leaves a report of what was done before. */
  public void end() {
    // Process.destroy closes the stream that is followed.
    process.toHandle().destroy();
    ProcessEnd.within(SECONDS_TO_END, process);
  }
}
