package dev.sluice.bench;

import dev.sluice.bench.page.PageFile;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import dev.sluice.tests.support.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the page of a report in a JVM of its own: the JDK's code that draws text does not stand
 * {@code -Xcheck:jni}.
 */
final class PageProcess {
  private PageProcess() {}

  /** The page of a report. */
  static String of(Report report, Path directory) throws IOException, InterruptedException {
    JsonReport.write(report, directory);
    ChildJvm.Result result =
        new ChildJvm()
            .unchecked()
            .with("-Djava.awt.headless=true")
            .run(PageProcess.class, directory.toString());
    if (result.exit() != 0) {
      throw new AssertionError(result.output());
    }
    return Files.readString(directory.resolve("index.html"));
  }

  /**
   * Writes the page.
   *
   * @param arguments the directory of the report, and of the page
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    PageFile.write(JsonReport.read(directory.resolve(JsonReport.FILE_NAME)), directory);
  }
}
