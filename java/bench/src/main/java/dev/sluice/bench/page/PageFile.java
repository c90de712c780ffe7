package dev.sluice.bench.page;

import dev.sluice.bench.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that holds the page. */
public final class PageFile {
  static final String FILE_NAME = "index.html";

  private PageFile() {}

  /** Writes the page of a report: one file that needs no other. */
  public static Path write(Report report, Path directory) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    Path guards = directory.toAbsolutePath().resolveSibling("guards");
    Files.writeString(file, Page.of(report, GuardsReport.in(guards)));
    return file;
  }
}
