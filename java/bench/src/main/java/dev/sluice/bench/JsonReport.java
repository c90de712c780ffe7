package dev.sluice.bench;

import com.google.gson.GsonBuilder;
import dev.sluice.bench.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The report as JSON: every raw round, so that anybody can do the statistics again. */
final class JsonReport {
  static final String FILE_NAME = "compare.json";

  private JsonReport() {}

  static Path write(Report report, Path directory) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    Files.writeString(
        file, new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(report));
    return file;
  }
}
